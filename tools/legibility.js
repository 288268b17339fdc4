// What a reader can and cannot read in the drawing of a page: numbers, in px of the drawing unless said otherwise.
() => {
  const STEP = 4, NEAR = 3, SHARED = 40, HEAD = 9, LONG = 400;
  const svg = document.querySelector("svg.atlas-drawing");
  if (!svg) return null;
  const canvas = svg.closest(".atlas-canvas");
  const all = (root, selector) => [...root.querySelectorAll(selector)];
  const outer = svg.getBoundingClientRect(), frame = canvas.getBoundingClientRect();
  const natural = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
  const scale = outer.width / natural.width;
  const place = (r) => ({ left: (r.left - outer.left) / scale, top: (r.top - outer.top) / scale,
    right: (r.right - outer.left) / scale, bottom: (r.bottom - outer.top) / scale });
  const box = (e) => place(e.getBoundingClientRect());
  const union = (boxes) => boxes.reduce((a, b) => ({ left: Math.min(a.left, b.left), top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) }));
  const area = (b) => (b.right - b.left) * (b.bottom - b.top);
  const common = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
    Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const holds = (b, p, inset) => p.x > b.left + inset && p.x < b.right - inset && p.y > b.top + inset && p.y < b.bottom - inset;
  const size = (e) => parseFloat(getComputedStyle(e).fontSize) * scale;
  const least = (texts) => (texts.length ? Math.min(...texts.map(size)) : null);
  const shapes = (g) => all(g, "rect, path, circle");
  const nodes = all(svg, "g.atlas-node").filter((g) => shapes(g).length)
    .map((g) => ({ id: g.dataset.node, box: union(shapes(g).map(box)) }));
  const labels = all(svg, "g.atlas-label").map((g) => ({ edge: g.dataset.edge, box: box(g.querySelector("rect")) }));
  const titles = all(svg, "g.atlas-title").map((g) => box(g.querySelector("rect")));
  const edges = all(svg, "path.atlas-flow").map((path) => {
    const length = path.getTotalLength(), count = Math.max(2, Math.ceil(length / STEP));
    const points = Array.from({ length: count + 1 }, (_, i) => path.getPointAtLength((length * i) / count))
      .map((p) => ({ x: p.x - svg.viewBox.baseVal.x, y: p.y - svg.viewBox.baseVal.y }));
    const { tail, head, edge } = path.dataset;
    return { tail, head, edge, length, points, failing: path.classList.contains("atlas-failure") };
  });
  const sequence = Boolean(svg.querySelector(".atlas-life"));
  const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
  const away = (p, points) => points.reduce((d, q) => Math.min(d, distance(p, q)), Infinity);
  const pairs = edges.flatMap((a, i) => edges.slice(i + 1).map((b) => [a, b]));
  const alike = (a, b) => a.failing === b.failing && (a.tail === b.tail || a.head === b.head);
  const sharing = ([a, b]) => !alike(a, b) &&
    a.points.filter((p) => away(p, b.points) < NEAR).length * (a.length / (a.points.length - 1)) > SHARED;
  const side = (a, b, c) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
  const cross = (a, b, c, d) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
  const crossings = ([a, b]) => {
    let found = 0;
    for (let i = 1; i < a.points.length; i++) for (let j = 1; j < b.points.length; j++) {
      if (Math.abs(a.points[i].x - b.points[j].x) < 9 && Math.abs(a.points[i].y - b.points[j].y) < 9)
        found += cross(a.points[i - 1], a.points[i], b.points[j - 1], b.points[j]);
    }
    return found;
  };
  const ends = (e) => [e.points[0], e.points.at(-1)];
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  const first = nodes[0]?.box;
  const seen = { left: (frame.left - outer.left) / scale, right: (frame.right - outer.left) / scale,
    top: (frame.top - outer.top) / scale, bottom: (frame.bottom - outer.top) / scale };
  return {
    width: natural.width, height: natural.height, windows: frame.height / innerHeight,
    box_px: least(all(svg, ".atlas-node text")), edge_px: least(all(svg, ".atlas-label text")),
    cut: Math.max(0, (seen.left > 1 ? seen.left : 0) + (natural.width - seen.right > 1 ? natural.width - seen.right : 0)),
    first: Boolean(first && first.left >= seen.left - 1 && first.right <= seen.right + 1 && first.top >= seen.top - 1 && first.bottom <= seen.bottom + 1),
    boxes: sum(edges.map((e) => nodes.filter((n) => n.id !== e.tail && n.id !== e.head && e.points.some((p) => holds(n.box, p, 1))).length)),
    labels: sum(labels.map((a, i) => labels.filter((b, j) => j > i && common(a.box, b.box) > 4).length + nodes.filter((n) => common(a.box, n.box) > 4).length)),
    tracks: sequence ? 0 : pairs.filter(sharing).length,
    heads: sequence ? 0 : edges.filter((a) => edges.some((b) => a !== b && distance(a.points[0], b.points.at(-1)) < HEAD)).length,
    detours: edges.filter((e) => e.length > LONG && e.length > 2 * distance(...ends(e)) && e.tail !== e.head).length,
    titles: sum(edges.map((e) => titles.filter((t) => e.points.some((p) => holds(t, p, 1))).length)),
    crossings: sequence ? 0 : sum(pairs.map(crossings)),
    empty: 1 - sum([...nodes.map((n) => n.box), ...labels.map((l) => l.box), ...titles].map(area)) / (natural.width * natural.height),
  };
}
