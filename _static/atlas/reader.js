// @ts-check
/* The start: a viewer and an inspector for each drawing, the keys, and the view in the page's address. */

/** @typedef {{viewer: AtlasViewer, inspector: AtlasInspector, name: string}} AtlasDrawing */

const atlasDrawings = [...document.querySelectorAll(".atlas-figure .atlas-canvas")].map((canvas) => {
  const viewer = new AtlasViewer(/** @type {HTMLElement} */ (canvas));
  const inspector = new AtlasInspector(viewer);
  const name = viewer.figure.id || viewer.figure.querySelector("[id]")?.id || viewer.svg.id;
  return { viewer, inspector, name };
});

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

for (const drawing of atlasDrawings) {
  let waiting = 0;
  drawing.viewer.watchers.push(() => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const address = atlasAddress(drawing);
      if (address || location.hash.includes("?")) history.replaceState(null, "", address || location.pathname + location.search);
    }, 200);
  });
}
atlasFollow();
window.addEventListener("hashchange", atlasFollow);

// Tables that are too wide for a phone stand as cards, a row each -----------------------------------

const atlasNarrow = matchMedia("(max-width: 40em)");

function atlasStackTables() {
  const wide = (/** @type {Element | null} */ box) => box !== null && box.scrollWidth > box.clientWidth;
  const tables = /** @type {NodeListOf<HTMLTableElement>} */ (document.querySelectorAll("table.atlas-table"));
  const stacked = [...tables].filter((table) => table.matches(".atlas-stacked"));
  const tooWide = atlasNarrow.matches ? [...tables].filter((table) => wide(table.closest(".table-wrapper"))) : [];
  tooWide.forEach(atlasStack);
  if (!atlasNarrow.matches) stacked.forEach((table) => table.classList.remove("atlas-stacked"));
}

/** Name each cell by its column; the roles outlive that the table is no longer laid out as one. @param {HTMLTableElement} table */
function atlasStack(table) {
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
  table.classList.add("atlas-stacked");
}

for (const change of ["resize", "toggle"]) window.addEventListener(change, atlasStackTables, true);
atlasStackTables();

// What scrolls sideways can be reached by keys -----------------------------------------------------

function atlasOfferScrolling() {
  for (const part of document.querySelectorAll(".content pre, .table-wrapper, .atlas-scroll, :not(.atlas-stage) > .atlas-canvas")) {
    if (part.scrollWidth > part.clientWidth) /** @type {HTMLElement} */ (part).tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
}
atlasOfferScrolling();
window.addEventListener("resize", atlasOfferScrolling);
document.addEventListener("toggle", atlasOfferScrolling, true);

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
  } else if (atlasKeys.on && event.key === "/") {
    atlasOpenFinder();
    event.preventDefault();
  } else if (atlasKeys.on && !atlasCovered(drawing) && drawing?.viewer.press(event.key)) {
    event.preventDefault();
  }
});
