// @ts-check
/* How a drawing is seen first: all of it where its words can then be read; else the begin of its flow, with no box cut
   at an edge where that can be helped. */

/**
 * @typedef {{width: number, height: number}} AtlasSize
 * @typedef {{x: number, y: number, across: number, down: number}} AtlasBox  its middle and half its size
 * @typedef {{scale: number, x: number, y: number, whole: boolean}} AtlasOpening  of the natural size; the point in the middle
 */

/** Of the natural size, 16 px: where fitting would make words smaller than the last, they start at the first that does. */
const ATLAS_READABLE = [9.6, 9.2, 8.8, 8.4, 8, 7.6, 7.2].map((size) => size / 16);
const ATLAS_LEAST = Math.min(...ATLAS_READABLE);
const ATLAS_MARGIN = 12;
/** So many boxes are to be seen at once, at least. */
const ATLAS_SEVERAL = 3;

const atlasOpening = (() => {
  /** Places of the middle at which a box just is or just is not in sight, and at which the first is seen whole.
   * @param {[number, number][]} spans  middle and half the size of each box, the first first
   * @param {number} size @param {number} half @param {number} margin */
  function places(spans, size, half, margin) {
    if (size <= 2 * half) return [size / 2];
    const within = (/** @type {number} */ at) => Math.min(Math.max(at, half), size - half);
    const [at, reach] = spans[0] ?? [size / 2, 0];
    const met = spans.flatMap(([middle, part]) => [half - part, half + part + margin].flatMap((by) => [middle - by, middle + by]));
    const fair = met.map(within).filter((place) => Math.abs(at - place) + reach <= half + 1);
    return [...new Set([within(at), ...fair].map(Math.round))];
  }

  /** @param {AtlasBox[]} boxes @param {{x: number, y: number}} at @param {AtlasSize} half @param {number} margin */
  function count(boxes, at, half, margin) {
    let whole = 0;
    let cut = 0;
    for (const box of boxes) {
      const x = Math.abs(box.x - at.x) - half.width;
      const y = Math.abs(box.y - at.y) - half.height;
      if (x + box.across <= 1 && y + box.down <= 1) whole++;
      else if (x - box.across < margin && y - box.down < margin) cut++;
    }
    return { whole, cut, several: Math.min(whole, ATLAS_SEVERAL, boxes.length) };
  }

  /** @param {AtlasBox[]} boxes  the first of the flow first @param {AtlasSize} size @param {AtlasSize} room @param {number} scale */
  function best(boxes, size, room, scale) {
    const half = { width: room.width / 2 / scale, height: room.height / 2 / scale };
    const margin = ATLAS_MARGIN / scale;
    const across = places(boxes.map((box) => [box.x, box.across]), size.width, half.width, margin);
    const down = places(boxes.map((box) => [box.y, box.down]), size.height, half.height, margin);
    const seen = across.flatMap((x) => down.map((y) => ({ scale, x, y, ...count(boxes, { x, y }, half, margin) })));
    return seen.reduce((a, b) => (b.several - a.several || a.cut - b.cut || b.whole - a.whole) > 0 ? b : a);
  }

  /** @param {AtlasBox[]} boxes  the first of the flow first @param {AtlasSize} size  of the drawing
   * @param {AtlasSize} room  for it @returns {AtlasOpening} */
  return function open(boxes, size, room) {
    const fitting = Math.min(room.width / size.width, room.height / size.height, 1);
    if (fitting >= ATLAS_LEAST) return { scale: fitting, x: size.width / 2, y: size.height / 2, whole: true };
    const views = ATLAS_READABLE.map((scale) => best(boxes, size, room, scale));
    const view = views.reduce((a, b) => (b.several - a.several || a.cut - b.cut) > 0 ? b : a);
    return { ...view, whole: view.whole === boxes.length };
  };
})();
