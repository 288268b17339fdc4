/* What the reader's scripts find on the page: two vendored libraries and the index that the build writes. */

interface PanzoomOptions {
  animate?: boolean; canvas?: boolean; cursor?: string; force?: boolean; maxScale?: number; minScale?: number;
  startX?: number; startY?: number; step?: number; touchAction?: string; handleStartEvent?: (event: Event) => void;
}
interface PanzoomObject {
  getPan(): { x: number; y: number };
  getScale(): number;
  setOptions(options: PanzoomOptions): void;
  pan(x: number, y: number, options?: PanzoomOptions): void;
  zoom(scale: number, options?: PanzoomOptions): void;
  zoomToPoint(scale: number, point: { clientX: number; clientY: number }, options?: PanzoomOptions): void;
}
declare function Panzoom(element: Element, options?: PanzoomOptions): PanzoomObject;
interface AtlasIndex {
  entries: AtlasEntry[];
  technologies: AtlasTechnology[];
  codes?: Record<string, string>;
  grammar?: string[];
}
declare const atlasIndex: AtlasIndex;

interface MiniSearchHit { id: unknown; score: number; terms: string[]; match: Record<string, string[]> }
declare class MiniSearch {
  constructor(options: {
    fields: string[];
    tokenize?: (text: string) => string[];
    processTerm?: (term: string) => string;
    extractField?: (entry: Record<string, unknown>, field: string) => unknown;
    searchOptions?: { boost: Record<string, number> };
  });
  addAll(entries: object[]): void;
  search(text: string, options: { tokenize: (text: string) => string[]; boostTerm: (term: string) => number }): MiniSearchHit[];
}
