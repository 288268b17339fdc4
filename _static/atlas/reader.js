// @ts-check
/* The start: a viewer and an inspector for each drawing, the keys, and the view in the page's address. */

/** @typedef {{viewer: AtlasViewer, inspector: AtlasInspector, name: string}} AtlasDrawing */

/** @param {Element} canvas @returns {AtlasDrawing} */
function atlasRaise(canvas) {
  const viewer = new AtlasViewer(/** @type {HTMLElement} */ (canvas));
  const inspector = new AtlasInspector(viewer);
  const name = viewer.figure.id || viewer.figure.querySelector("[id]")?.id || viewer.svg.id;
  return { viewer, inspector, name };
}

/** @type {AtlasDrawing[]} those that have come to life */
const atlasDrawings = [];
const atlasWide = matchMedia("(min-width: 75em)").matches;

/** Bring a drawing to life, once. @param {Element} canvas */
function atlasWake(canvas) {
  if (canvas.closest(".atlas-viewer")) return;
  const drawing = atlasRaise(canvas);
  atlasDrawings.push(drawing);
  if (canvas.closest(".atlas-live") && atlasWide) atlasOpenBroken(drawing); // of itself: the address stays the page's
  atlasWatch(drawing);
}

/** @param {AtlasDrawing} drawing */
function atlasOpenBroken({ viewer, inspector }) {
  const broken = [...viewer.graph.nodes.values()].find(({ row }) => row?.dataset.broken);
  if (broken) inspector.open(broken, { down: false, against: false, focus: false });
}

/** On a phone, and away from its page, a drawing comes to life when it comes near: none holds up the first screen. */
const atlasComing = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      atlasComing.unobserve(target);
      atlasWake(target);
    }
  },
  { rootMargin: "50%" },
);
const atlasCanvases = [...document.querySelectorAll(".atlas-figure .atlas-canvas")];

// The address -------------------------------------------------------------------------------------

/** `#DRAWING?node=ID&zoom=150&at=0.5,0.25&down=along` @param {AtlasDrawing} drawing */
function atlasAddress({ viewer, inspector, name }) {
  const parts = new URLSearchParams();
  if (inspector.node) parts.set("node", inspector.node.id);
  if (viewer.moved) {
    const { zoom, x, y } = viewer.view;
    parts.set("zoom", String(Math.round(zoom * 100)));
    parts.set("at", `${x.toFixed(3)},${y.toFixed(3)}`);
  }
  if (inspector.down) parts.set("down", inspector.against ? "against" : "along");
  return parts.size ? `#${name}?${String(parts).replaceAll("%2C", ",")}` : "";
}

/** Show what the address says of the drawings; other fragments are the browser's. */
function atlasFollow() {
  const [name, query] = location.hash.slice(1).split("?");
  if (query) atlasCanvases.forEach(atlasWake);
  for (const drawing of atlasDrawings) {
    atlasReset(drawing);
    if (query && drawing.name === name) atlasShow(drawing, new URLSearchParams(query));
  }
}

/** @param {AtlasDrawing} drawing */
function atlasReset({ viewer, inspector }) {
  inspector.close({ focus: false });
  if (viewer.moved) viewer.start();
}

/** @param {AtlasDrawing} drawing @param {URLSearchParams} parts */
function atlasShow({ viewer, inspector }, parts) {
  const node = viewer.graph.nodes.get(parts.get("node") ?? "");
  const [x, y] = parts.has("at") ? (parts.get("at") ?? "").split(",").map(Number) : [];
  const zoom = Number(parts.get("zoom")) / 100;
  viewer.root.scrollIntoView({ block: "center", behavior: "instant" });
  if (zoom) {
    const middle = node ? viewer.partOf(node.box) : viewer.view;
    viewer.place({ zoom, x: atlasPart(Number.isFinite(x) ? Number(x) : middle.x), y: atlasPart(Number.isFinite(y) ? Number(y) : middle.y) });
    viewer.settle(true);
  }
  const down = parts.get("down");
  if (node) inspector.open(node, { down: Boolean(down), against: down === "against", focus: false });
}

/** Keep the address at what is seen. @param {AtlasDrawing} drawing */
function atlasWatch(drawing) {
  let waiting = 0;
  drawing.viewer.watchers.push(() => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const address = atlasAddress(drawing);
      if (address || location.hash.includes("?")) history.replaceState(null, "", address || location.pathname + location.search);
    }, 200);
  });
}

for (const canvas of atlasCanvases) {
  if (atlasWide && !canvas.closest(".atlas-live")) atlasWake(canvas);
  else atlasComing.observe(canvas);
}
atlasFollow();
window.addEventListener("hashchange", atlasFollow);

// What is seen -------------------------------------------------------------------------------------

/** What scrolls sideways can be reached by keys; a table of two columns that does so stands as cards.
 * All are measured before one is changed, for the browser then lays the page out once. @param {Element[]} parts */
function atlasSee(parts) {
  const wide = parts.map((part) => part.scrollWidth > part.clientWidth);
  const stacked = parts.filter((part, index) => atlasSuit(part, Boolean(wide[index])));
  if (stacked.length) atlasSee(parts); // there is less room in a card than there was in its table
}

/** @param {Element} part @param {boolean} wide @returns {boolean} whether a table was laid out anew */
function atlasSuit(part, wide) {
  const table = /** @type {HTMLTableElement | null} */ (part.querySelector("table.atlas-table"));
  const stacked = table !== null && table.matches(".atlas-wide");
  const stacks = table !== null && atlasNarrow.matches && (wide || stacked);
  if (stacks) atlasStack(table);
  if (wide) /** @type {HTMLElement} */ (part).tabIndex = 0;
  else part.removeAttribute("tabindex");
  return stacks && !stacked;
}

const atlasNarrow = matchMedia("(max-width: 40em)");

/** Keep the roles of a table that is laid out as cards. @param {HTMLTableElement} table */
function atlasStack(table) {
  if (table.role) return;
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent ?? "");
  table.role = "table";
  for (const part of [table.tHead, ...table.tBodies]) part?.setAttribute("role", "rowgroup");
  for (const row of table.rows) {
    row.role = "row";
    [...row.cells].forEach((cell, column) => {
      cell.role = cell.localName === "th" ? "columnheader" : "cell";
      cell.dataset.head = heads[column];
    });
  }
  table.classList.add("atlas-wide");
}

const ATLAS_SEEN = ".content pre, .table-wrapper, .atlas-scroll, :not(.atlas-stage) > .atlas-canvas";
/** Safari knows no time at rest. @param {() => void} work */
const atlasAtRest = (work) => ("requestIdleCallback" in window ? requestIdleCallback(work) : setTimeout(work, 200));

/** What comes near is measured at once, and all of it when the page is at rest: keys and readers of the screen go far. */
const atlasNear = new IntersectionObserver(
  (entries) => atlasSee(entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target)),
  { rootMargin: "50%" },
);
document.querySelectorAll(ATLAS_SEEN).forEach((part) => atlasNear.observe(part));
for (const change of ["load", "resize", "toggle"]) {
  window.addEventListener(change, () => atlasAtRest(() => atlasSee([...document.querySelectorAll(ATLAS_SEEN)])), true);
}

// Keys --------------------------------------------------------------------------------------------

/** The drawing that keys mean: the one with the focus or under the pointer, else the first in sight. */
function atlasCurrent() {
  const inSight = (/** @type {AtlasDrawing} */ { viewer }) => {
    const { top, bottom } = viewer.root.getBoundingClientRect();
    return top < innerHeight * 0.8 && bottom > innerHeight * 0.2;
  };
  return atlasDrawings.find(({ viewer }) => viewer.root.contains(document.activeElement))
    ?? atlasDrawings.find(({ viewer }) => viewer.root.matches(":hover"))
    ?? atlasDrawings.find(inSight);
}

/** @param {AtlasDrawing | undefined} drawing @returns {boolean} whether a dialog lies over it; that of a full window holds it */
function atlasCovered(drawing) {
  const dialogs = [...document.querySelectorAll("dialog[open]")];
  return dialogs.some((dialog) => !dialog.contains(drawing?.viewer.root ?? null));
}

/** Leave what lies on top, which Sphinx keeps the browser from: it takes Escape for itself.
 * @param {AtlasDrawing | undefined} drawing @returns {boolean} whether there was something to leave */
function atlasLeave(drawing) {
  const finder = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.atlas-finder[open]"));
  if (finder) finder.close();
  else if (drawing?.inspector.node) drawing.inspector.close();
  else if (drawing?.viewer.root.closest("dialog")) drawing.viewer.closeDialog();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, [contenteditable]")) return;
  const drawing = atlasCurrent();
  if (event.key === "Escape") {
    if (atlasLeave(drawing)) event.preventDefault();
  } else if (atlasKeys.on && event.key === "/" && typeof atlasOpenFinder === "function") {
    atlasOpenFinder();
    event.preventDefault();
  } else if (atlasKeys.on && !atlasCovered(drawing) && drawing?.viewer.press(event.key)) {
    event.preventDefault();
  }
});
