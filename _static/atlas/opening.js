// @ts-check
/* How a drawing is seen first: all of it where its words can then be read; else all its width; else the begin of its
   flow, at a size and in a height that cut no box at an edge where that can be helped. */

/**
 * @typedef {{width: number, height: number}} AtlasSize
 * @typedef {{x: number, y: number, across: number, down: number}} AtlasBox  its middle and half its size
 * @typedef {{width: number, least: number, part: number, whole: number}} AtlasRoom
 *   the width, the least height, the greatest for a part of a drawing and the greatest for all of it
 * @typedef {{scale: number, x: number, y: number, height: number, whole: boolean}} AtlasOpening
 *   of the natural size; the point in the middle; the height that it takes in the page
 *
 * @typedef {{from: number, to: number}} AtlasSpan
 * @typedef {AtlasSpan & {blank: number, seen: number[]}} AtlasWindow  how each box lies in it
 */

/** Words on their natural size: where fitting would make them smaller than the last, they start at one of these. */
const ATLAS_READABLE = Array.from({ length: 21 }, (_, step) => (13 - 0.1 * step) / 16);
const ATLAS_LEAST = Math.min(...ATLAS_READABLE);
/** From here on it is better to see more than to see larger. */
const ATLAS_AMPLE = 11.4 / 16;
const ATLAS_MARGIN = 12;
/** So many boxes are to be seen at once, at least; and so many of the flow are its begin. */
const ATLAS_SEVERAL = 3;

const atlasOpening = (() => {
  const OUT = 0;
  const CUT = 1;
  const WHOLE = 2;

  /** @param {AtlasSpan} span @param {AtlasSpan} window @param {number} margin  around the window, in sight too */
  function lies(span, window, margin) {
    if (span.from >= window.from - 1 && span.to <= window.to + 1) return WHOLE;
    return span.to <= window.from - margin || span.from >= window.to + margin ? OUT : CUT;
  }

  /** @param {number[]} places */
  function distinctly(places) {
    return [...new Set(places)];
  }

  /** Windows along one side of the drawing that show the first box whole and at whose ends a box just is or is not in sight.
   * @param {AtlasSpan[]} spans  of the boxes @param {number} size @param {{least: number, most: number}} length @param {number} margin */
  function windows(spans, size, { least, most }, margin) {
    const first = spans[0] ?? { from: 0, to: size };
    const ends = distinctly(spans.flatMap(({ from, to }) => [to, from - margin]));
    const begins = distinctly([0, size - most, ...spans.flatMap(({ from, to }) => [from, to + margin]), ...ends.map((end) => end - least)]);
    const fair = begins
      .filter((from) => first.from >= from - 1 && first.to <= from + most + 2)
      .flatMap((from) => {
        const within = most - least < 1 ? [] : ends.filter((to) => to - from >= least - 1 && to - from <= most + 1);
        return distinctly([from + most, from + least, ...within]).map((to) => ({ from, to }));
      })
      .filter((window) => lies(first, window, margin) === WHOLE);
    const middle = (first.from + first.to) / 2;
    return distinct(spans, size, fair.length ? fair : [{ from: middle - most / 2, to: middle + most / 2 }], margin);
  }

  /** Of those that show the same the one with the least blank. @param {AtlasSpan[]} spans @param {number} size @param {AtlasSpan[]} fair @param {number} margin */
  function distinct(spans, size, fair, margin) {
    /** @type {Map<string, AtlasWindow>} */
    const found = new Map();
    for (const window of fair) {
      const seen = spans.map((span) => lies(span, window, margin));
      const blank = Math.max(-window.from, 0) + Math.max(window.to - size, 0);
      const name = seen.join("");
      if (blank < (found.get(name)?.blank ?? Infinity)) found.set(name, { ...window, blank, seen });
    }
    return [...found.values()];
  }

  /** What counts of a view, the weightiest first; a box that is cut weighs more the earlier it is in the flow.
   * @param {AtlasWindow} across @param {AtlasWindow} down @param {number} scale */
  function merit(across, down, scale) {
    const seen = across.seen.map((lie, index) => Math.min(lie, down.seen[index] ?? OUT));
    const begin = seen.slice(0, ATLAS_SEVERAL);
    const count = (/** @type {number[]} */ lies, /** @type {number} */ wanted) => lies.filter((lie) => lie === wanted).length;
    const whole = count(seen, WHOLE);
    const cut = seen.reduce((sum, lie, index) => sum + (lie === CUT ? 2 - index / seen.length : 0), 0);
    const worth = [
      Math.min(whole, ATLAS_SEVERAL), -count(begin, CUT), -cut, count(begin, WHOLE),
      Math.min(scale, ATLAS_AMPLE), whole, -across.blank - down.blank,
    ];
    return { worth, scale, across, down, whole: whole === seen.length };
  }

  /** @template {{worth: number[]}} T @param {T} a @param {T} b */
  function better(a, b) {
    const at = a.worth.findIndex((value, index) => value !== b.worth[index]);
    return at >= 0 && Number(b.worth[at]) > Number(a.worth[at]) ? b : a;
  }

  /** @param {AtlasBox[]} boxes @param {AtlasSize} size @param {AtlasRoom} room @param {number} scale */
  function best(boxes, size, room, scale) {
    const margin = ATLAS_MARGIN / scale;
    const span = (/** @type {number} */ at, /** @type {number} */ reach) => ({ from: at - reach, to: at + reach });
    const width = { least: room.width / scale, most: room.width / scale };
    const height = { least: room.least / scale, most: room.part / scale };
    const across = windows(boxes.map((box) => span(box.x, box.across)), size.width, width, margin);
    const down = windows(boxes.map((box) => span(box.y, box.down)), size.height, height, margin);
    return across.flatMap((x) => down.map((y) => merit(x, y, scale))).reduce(better);
  }

  /** @param {AtlasBox[]} boxes  the first of the flow first @param {AtlasSize} size  of the drawing
   * @param {AtlasRoom} room  for it @returns {AtlasOpening} */
  return function open(boxes, size, room) {
    const scale = Math.min(room.width / size.width, room.whole / size.height, 1);
    if (scale >= ATLAS_LEAST) {
      return { scale, x: size.width / 2, y: size.height / 2, height: Math.max(room.least, size.height * scale), whole: true };
    }
    const wide = Math.min(room.width / size.width, 1);
    const view = (wide >= ATLAS_LEAST ? [wide] : ATLAS_READABLE).map((readable) => best(boxes, size, room, readable)).reduce(better);
    const { across, down } = view;
    const [x, y] = [(across.from + across.to) / 2, (down.from + down.to) / 2];
    return { scale: view.scale, x, y, height: (down.to - down.from) * view.scale, whole: view.whole };
  };
})();
