// @ts-check
/* A strip below a drawing that does not start whole: all its boxes, and which part is in sight. A tap goes there. */

/* How far the mark of what broke reaches beyond its box there, in px of the drawing. */
const ATLAS_MARK = 36;

class AtlasOverview {
  /** @param {AtlasViewer} viewer */
  constructor(viewer) {
    this.viewer = viewer;
    const { width, height } = viewer.natural;
    this.root = atlasShape("svg", { class: "atlas-overview", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    this.frame = atlasShape("rect", { class: "atlas-sight" });
    this.root.append(...this.marks(), ...this.nodes(), this.frame);
    viewer.root.append(this.root);
    viewer.svg.addEventListener("panzoomchange", () => this.show());
    for (const kind of ["pointerdown", "pointermove"]) {
      this.root.addEventListener(kind, (event) => this.go(/** @type {PointerEvent} */ (event)));
    }
  }

  nodes() {
    const boxes = this.viewer.boxes;
    return [...this.viewer.graph.nodes.values()].map((node, index) => {
      const { x, y, across, down } = /** @type {AtlasBox} */ (boxes[index]);
      return atlasShape("rect", {
        class: node.plane && `atlas-${node.plane}`,
        ...{ x: x - across, y: y - down, width: 2 * across, height: 2 * down },
      });
    });
  }

  marks() {
    const { x: left, y: top } = this.viewer.svg.viewBox.baseVal;
    return [...this.viewer.svg.querySelectorAll("rect.atlas-broken")].map((halo) => {
      /** @param {string} name */
      const at = (name) => Number(halo.getAttribute(name));
      return atlasShape("rect", {
        class: "atlas-mark",
        ...{ x: at("x") - left - ATLAS_MARK, y: at("y") - top - ATLAS_MARK },
        ...{ width: at("width") + 2 * ATLAS_MARK, height: at("height") + 2 * ATLAS_MARK },
      });
    });
  }

  show() {
    const { room, natural, opening, base } = this.viewer;
    const { zoom, x, y } = this.viewer.view;
    this.root.classList.toggle("atlas-needless", opening.whole);
    const width = room.width / base / zoom;
    const height = room.height / base / zoom;
    const sight = { x: x * natural.width - width / 2, y: y * natural.height - height / 2, width, height };
    for (const [name, value] of Object.entries(sight)) this.frame.setAttribute(name, String(value));
  }

  /** @param {PointerEvent} event */
  go(event) {
    const way = this.root.getScreenCTM()?.inverse();
    if (!event.buttons || !way) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(way);
    const { width, height } = this.viewer.natural;
    this.viewer.place({ zoom: this.viewer.view.zoom, x: atlasPart(x / width), y: atlasPart(y / height) });
    this.viewer.settle(true);
  }
}

/** @param {number} value @returns {number} from 0 to 1 */
function atlasPart(value) {
  return Math.min(Math.max(value, 0), 1);
}

/** @template {keyof SVGElementTagNameMap} T @param {T} tag @param {Record<string, string | number>} attributes */
function atlasShape(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
