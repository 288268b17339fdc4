// @ts-check
/* The viewer around a drawing: zoom, pan, full screen, and the view in the page's address. */

/**
 * @typedef {object} AtlasView
 * @property {number} zoom  1 is the size at which the drawing starts
 * @property {number} x  the point in the middle, as a part of the drawing's width
 * @property {number} y
 */

const ATLAS_ZOOM = { least: 0.5, most: 4, step: 1.25 };
const ATLAS_LOWEST = 400;
/** A canvas is at most so many windows high: by hand the page scrolls past it, a finger would be caught in it. */
const ATLAS_TALLEST = { whole: 2.4, part: 0.82, touch: 0.7 };

/** Single letters as keys can be turned off, for those who speak to their computer. */
const atlasKeys = {
  get on() {
    return localStorage.getItem("atlas-keys") !== "off";
  },
  set on(on) {
    localStorage.setItem("atlas-keys", on ? "on" : "off");
  },
};

class AtlasViewer {
  /** @param {HTMLElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.figure = canvas.closest(".atlas-figure") ?? canvas;
    this.svg = /** @type {SVGSVGElement} */ (canvas.querySelector("svg"));
    this.natural = { width: this.svg.width.baseVal.value, height: this.svg.height.baseVal.value };
    this.graph = atlasGraph.read(this.svg, this.figure);
    this.base = 1;
    /** @type {AtlasOpening} */
    this.opening = { scale: 1, x: 0, y: 0, height: 0, whole: true };
    this.moved = false;
    this.fitted = false;
    /** @type {AtlasBox[] | undefined} */
    this.measured = undefined;
    /** @type {(() => void)[]} called after each change of the view */
    this.watchers = [];
    this.root = document.createElement("div");
    this.root.className = "atlas-viewer";
    canvas.before(this.root);
    this.zoomShown = document.createElement("output");
    this.fitter = atlasButton("Fit", "", () => this.toggleFit());
    this.stage = document.createElement("div");
    this.stage.className = "atlas-stage";
    this.stage.append(canvas);
    this.root.append(this.makeTools(), this.stage);
    this.panzoom = Panzoom(this.svg, {
      canvas: true,
      minScale: ATLAS_ZOOM.least,
      maxScale: ATLAS_ZOOM.most,
      step: 1,
      cursor: "",
      handleStartEvent: () => {},
    });
    this.overview = new AtlasOverview(this);
    this.layOut();
    this.listen();
  }

  // Size and place ----------------------------------------------------------------------------------

  get full() {
    return document.fullscreenElement === this.root || this.root.parentElement?.localName === "dialog";
  }

  /** What the canvas has for the drawing. @returns {AtlasSize} */
  get room() {
    const { clientWidth, clientHeight } = this.canvas;
    return { width: clientWidth - 2 * ATLAS_MARGIN, height: clientHeight - 2 * ATLAS_MARGIN };
  }

  /** The zoom at which the whole drawing is seen. */
  get fitting() {
    const { width, height } = this.room;
    return Math.min(width / this.natural.width, height / this.natural.height, 1) / this.base;
  }

  /** What the page has for the drawing, or the window that it fills. @returns {AtlasRoom} */
  get roomToStart() {
    const { width, height } = this.room;
    if (this.full) return { width, least: height, part: height, whole: height };
    const least = ATLAS_LOWEST - 2 * ATLAS_MARGIN;
    const most = (/** @type {number} */ windows) => Math.max(innerHeight * windows - 2 * ATLAS_MARGIN, least);
    const touch = matchMedia("(pointer: coarse), (max-width: 40em)").matches;
    if (touch) return { width, least, part: most(ATLAS_TALLEST.touch), whole: most(ATLAS_TALLEST.touch) };
    return { width, least, part: most(ATLAS_TALLEST.part), whole: most(ATLAS_TALLEST.whole) };
  }

  /** Give the canvas its height and the drawing the size at which it starts; keep what the reader looks at. */
  layOut() {
    const kept = this.moved ? { ...this.view, zoom: this.panzoom.getScale() * this.base } : null;
    if (this.full) this.canvas.style.height = "";
    this.opening = atlasOpening(this.boxes, this.natural, this.roomToStart);
    if (!this.full) this.canvas.style.height = `${Math.round(this.opening.height + 2 * ATLAS_MARGIN)}px`;
    this.base = this.opening.scale;
    this.panzoom.setOptions({ minScale: Math.min(ATLAS_ZOOM.least, this.fitting) });
    this.svg.style.width = `${this.natural.width * this.base}px`;
    this.svg.style.height = `${this.natural.height * this.base}px`;
    if (this.fitted) this.fit();
    else if (kept) this.place({ ...kept, zoom: kept.zoom / this.base });
    else this.start();
  }

  /** @returns {AtlasView} */
  get view() {
    const zoom = this.panzoom.getScale();
    const { x, y } = this.panzoom.getPan();
    const along = (/** @type {number} */ room, /** @type {number} */ size, /** @type {number} */ pan) =>
      ((room - size) / 2 / zoom + size / 2 - pan) / size;
    const { width, height } = this.natural;
    return {
      zoom,
      x: along(this.canvas.clientWidth, width * this.base, x),
      y: along(this.canvas.clientHeight, height * this.base, y),
    };
  }

  /** Show a view; its zoom may fall under the least one only to fit a drawing. @param {AtlasView} view */
  place(view) {
    const zoom = Math.min(Math.max(view.zoom, Math.min(ATLAS_ZOOM.least, this.fitting)), ATLAS_ZOOM.most);
    const along = (/** @type {number} */ room, /** @type {number} */ size, /** @type {number} */ part) =>
      (room - size) / 2 / zoom + size / 2 - part * size;
    const x = along(this.canvas.clientWidth, this.natural.width * this.base, view.x);
    const y = along(this.canvas.clientHeight, this.natural.height * this.base, view.y);
    this.panzoom.zoom(zoom, { animate: false });
    this.panzoom.pan(x, y, { animate: false, force: true });
    this.panzoom.setOptions({ startX: x, startY: y }); // to which it goes by itself once the page is at rest
  }

  /** Nodes in the order of the flow, in the drawing's own measure. @returns {AtlasBox[]} */
  get boxes() {
    return (this.measured ??= this.measure());
  }

  /** @returns {AtlasBox[]} */
  measure() {
    const { width, height } = this.natural;
    return [...this.graph.nodes.values()].map((node) => {
      const part = this.partOf(node.box);
      return { x: part.x * width, y: part.y * height, across: part.across * width, down: part.down * height };
    });
  }

  /** As the page shows it first. */
  start() {
    this.place({ zoom: 1, x: this.opening.x / this.natural.width, y: this.opening.y / this.natural.height });
    this.settle(false);
  }

  /** All of it in sight, which the start may have been already. */
  fit() {
    this.place({ zoom: this.fitting, x: 0.5, y: 0.5 });
    this.settle(this.fitting < 0.99);
  }

  toggleFit() {
    if (this.fitted) this.start();
    else this.fit();
  }

  get showsAll() {
    const { zoom, x, y } = this.view;
    return Math.abs(zoom / this.fitting - 1) < 0.02 && Math.abs(x - 0.5) < 0.01 && Math.abs(y - 0.5) < 0.01;
  }

  /** @param {number} factor @param {{clientX: number, clientY: number}} [point] */
  zoomBy(factor, point) {
    const now = this.panzoom.getScale();
    const wanted = Math.min(now * factor, ATLAS_ZOOM.most);
    const zoom = factor > 1 ? wanted : Math.max(wanted, Math.min(ATLAS_ZOOM.least, now));
    if (point) this.panzoom.zoomToPoint(zoom, point);
    else this.place({ ...this.view, zoom });
    this.settle(true);
  }

  /** Middle and half the size of a box, as parts of the drawing. @param {Element} box */
  partOf(box) {
    const inner = box.getBoundingClientRect();
    const outer = this.svg.getBoundingClientRect();
    return {
      x: (inner.left + inner.width / 2 - outer.left) / outer.width,
      y: (inner.top + inner.height / 2 - outer.top) / outer.height,
      across: inner.width / 2 / outer.width,
      down: inner.height / 2 / outer.height,
    };
  }

  /** Bring a node into sight where it is not; a panel may cover the right of the canvas, or its foot. @param {AtlasNode} node @param {Element} [panel] */
  reveal(node, panel) {
    const view = this.view;
    const at = this.partOf(node.box);
    const canvas = this.canvas.getBoundingClientRect();
    const cover = panel?.getBoundingClientRect() ?? canvas;
    const aside = cover.left > canvas.left + 1;
    const part = { x: 1 / (this.natural.width * this.base * view.zoom), y: 1 / (this.natural.height * this.base * view.zoom) };
    const hidden = {
      x: panel && aside ? Math.max(canvas.right - cover.left, 0) * part.x : 0,
      y: panel && !aside ? Math.max(canvas.bottom - cover.top, 0) * part.y : 0,
    };
    const half = { x: (canvas.width * part.x) / 2, y: (canvas.height * part.y) / 2 };
    const to = {
      x: atlasNearest(view.x, at.x + hidden.x / 2, half.x - hidden.x / 2 - at.across),
      y: atlasNearest(view.y, at.y + hidden.y / 2, half.y - hidden.y / 2 - at.down),
    };
    if (to.x === view.x && to.y === view.y) return;
    this.place({ zoom: view.zoom, ...to });
    this.settle(true);
  }

  /** @param {boolean} moved */
  settle(moved) {
    this.moved = moved;
    this.fitted = moved && this.showsAll;
    this.panzoom.setOptions({ touchAction: moved && !this.fitted ? "none" : "pan-y" }); // at rest a swipe scrolls the page
    this.fitter.textContent = this.fitted ? "Start" : "Fit";
    this.fitter.title = this.fitted ? "Back to the start (0)" : "Fit all of it (double click)";
    this.zoomShown.textContent = `${Math.round(this.panzoom.getScale() * 100)} %`;
    this.watchers.forEach((tell) => tell());
  }

  // Full screen -------------------------------------------------------------------------------------

  toggleFull() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (this.root.parentElement?.localName === "dialog") this.closeDialog();
    else if (document.fullscreenEnabled) this.root.requestFullscreen().catch(() => this.openDialog());
    else this.openDialog();
  }

  openDialog() {
    const dialog = document.createElement("dialog");
    const mark = document.createComment("");
    dialog.className = "atlas-full";
    dialog.setAttribute("aria-label", `Drawing: ${this.svg.querySelector("title")?.textContent}`);
    this.root.before(mark);
    mark.after(dialog);
    dialog.append(this.root);
    dialog.addEventListener("close", () => {
      mark.replaceWith(this.root);
      dialog.remove();
      this.layOut();
    });
    dialog.showModal();
    this.layOut();
  }

  closeDialog() {
    /** @type {HTMLDialogElement | null} */ (this.root.closest("dialog"))?.close();
  }

  // Hands -------------------------------------------------------------------------------------------

  makeTools() {
    const tools = document.createElement("div");
    tools.className = "atlas-tools";
    tools.setAttribute("role", "toolbar");
    tools.setAttribute("aria-label", "Drawing");
    const hint = document.createElement("p");
    hint.className = "atlas-hint";
    hint.textContent = matchMedia("(pointer: coarse)").matches
      ? "Tap a box for its evidence. Pinch to zoom, drag to move, or see all with Fit."
      : "Click a box for its evidence. Ctrl + wheel zooms, drag moves, Fit shows all.";
    this.zoomShown.setAttribute("aria-label", "Zoom");
    tools.append(
      hint,
      atlasButton("−", "Zoom out (−)", () => this.zoomBy(1 / ATLAS_ZOOM.step)),
      this.zoomShown,
      atlasButton("+", "Zoom in (+)", () => this.zoomBy(ATLAS_ZOOM.step)),
      this.fitter,
      atlasButton("Full screen", "Full screen (F)", () => this.toggleFull()),
    );
    return tools;
  }

  listen() {
    let down = { x: 0, y: 0 };
    let before = this.view;
    this.canvas.addEventListener("pointerdown", (event) => {
      down = { x: event.clientX, y: event.clientY };
      if (event.isPrimary) before = this.view;
    }, true);
    this.canvas.addEventListener("click", (event) => {
      // A drag that ends on a box has not chosen it.
      if (event.detail && Math.hypot(event.clientX - down.x, event.clientY - down.y) > 6) {
        event.preventDefault();
        event.stopPropagation();
      }
    }, true);
    this.canvas.addEventListener("dragstart", (event) => event.preventDefault());
    this.canvas.addEventListener("dblclick", () => this.toggleFit());
    this.canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoomBy(Math.exp(-Math.min(Math.max(event.deltaY, -120), 120) / 400), event);
    }, { passive: false });
    this.svg.addEventListener("panzoomend", (event) => {
      if (atlasTaken(event)) return this.place(before);
      const { zoom, x, y } = this.view;
      if (zoom === before.zoom && x === before.x && y === before.y) return;
      if (x < 0 || x > 1 || y < 0 || y > 1) {
        this.place({ zoom, x: atlasPart(x), y: atlasPart(y) });
      }
      this.settle(true);
    });
    document.addEventListener("fullscreenchange", () => this.layOut());
    let width = this.canvas.clientWidth;
    new ResizeObserver(() => {
      if (this.canvas.clientWidth !== width) this.layOut();
      width = this.canvas.clientWidth;
    }).observe(this.canvas);
  }

  /** @param {string} key @returns {boolean} whether the key means something here */
  press(key) {
    const does = {
      "+": () => this.zoomBy(ATLAS_ZOOM.step),
      "=": () => this.zoomBy(ATLAS_ZOOM.step),
      "-": () => this.zoomBy(1 / ATLAS_ZOOM.step),
      "−": () => this.zoomBy(1 / ATLAS_ZOOM.step),
      0: () => this.start(),
      f: () => this.toggleFull(),
    }[key.toLowerCase()];
    does?.();
    return Boolean(does);
  }
}

/** The way along one axis from `from` to where `to` is in sight, as short as it can be, or to `to` where room is scarce.
 * @param {number} from @param {number} to @param {number} room  how far off it may be */
function atlasNearest(from, to, room) {
  const off = to - from;
  if (Math.abs(off) <= room) return from;
  return to - Math.sign(off) * Math.max(room * 0.9, 0);
}

/** Whether the browser took a gesture for itself, to scroll the page. @param {Event} event  that ends it */
function atlasTaken(event) {
  return /** @type {CustomEvent<{originalEvent: Event}>} */ (event).detail.originalEvent.type === "pointercancel";
}

/** @param {string} text @param {string} name @param {() => void} act */
function atlasButton(text, name, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "atlas-button";
  button.textContent = text;
  button.title = name;
  if (text.length < 2) button.setAttribute("aria-label", name);
  button.addEventListener("click", act);
  return button;
}
