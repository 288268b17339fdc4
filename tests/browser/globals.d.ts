/* What the reader's scripts find on the page: a vendored library and the index that the build writes. */

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
interface AtlasRules {
  folds: [pattern: string, by: string][];
  codes: Record<string, string>;
  word: string; seam: string; counter: string; joined: string[];
  classes: [tells: number, words: string[]][];
  unknown: number; common: number; glued: number; hand: string; typed: number; stretch: number; slip: number; slips: number;
  anchor: number; long: number; gap: number; apart: number; run: number;
  head: number; torn: number; like: number; faint: number; sure: number; cut: number; share: number; own: number; least: number;
  guide: number; exact: number; part: number; named: number;
  context: [share: number, most: number];
  kinds: Record<"error string" | "alert" | "symptom", number>;
  shown: [sure: number, perhaps: number];
}
interface AtlasIndex {
  rules: AtlasRules;
  entries: AtlasEntry[];
  terms: Record<string, number[]>;
  technologies: AtlasTechnology[];
}
declare const atlasIndex: AtlasIndex;
