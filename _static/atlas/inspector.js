// @ts-check
/* The panel of a node: what it is, its evidence, what flows in and out, where else, and what fails with it. */

const ATLAS_PLANES = {
  edge: "🌐 Edge plane: it touches the outside",
  service: "⚙️ Service plane: it works without state",
  state: "💾 State plane: it remembers",
  control: "🎛️ Control plane: it steers the rest",
};

/**
 * @typedef {object} AtlasReading  one sense of the arrows
 * @property {boolean} against  whether a node that is down fails those whose arrows lead to it
 * @property {string} name
 * @property {string} lost
 * @property {string} impaired
 * @property {string} none
 */

/** @type {AtlasReading[]} */
const ATLAS_READINGS = [
  {
    against: true,
    name: "What waits for it",
    lost: "Lost, their arrows lead to it and to nothing that is left",
    impaired: "Impaired, their arrows lead elsewhere too",
    none: "No arrow of this drawing leads to it.",
  },
  {
    against: false,
    name: "What it feeds",
    lost: "Lost, its arrows lead to them and nothing that is left does",
    impaired: "Impaired, something else leads to them too",
    none: "No arrow of this drawing leads from it.",
  },
];

class AtlasInspector {
  /** @param {AtlasViewer} viewer */
  constructor(viewer) {
    this.viewer = viewer;
    this.graph = viewer.graph;
    /** @type {AtlasNode | null} */
    this.node = null;
    this.down = false;
    this.against = false;
    this.told = atlasElement("p", { class: "atlas-told", role: "status" });
    this.panel = document.createElement("aside");
    this.panel.className = "atlas-inspector";
    this.panel.hidden = true;
    this.panel.tabIndex = -1;
    this.body = document.createElement("div");
    this.panel.append(this.body, this.told);
    viewer.stage.append(this.panel);
    this.offerNodes();
  }

  /** Every node can be reached by Tab, in flow order, and walked with the arrow keys. */
  offerNodes() {
    const { svg } = this.viewer;
    svg.setAttribute("role", "group");
    const nodes = [...this.graph.nodes.values()];
    nodes.forEach((node, index) => {
      atlasPartLines(node.box);
      node.stop.setAttribute("role", "button");
      node.stop.setAttribute("aria-description", `${node.plane || "no"} plane, figures: ${this.evidence(node).length}`);
      if (node.stop === node.box) node.stop.tabIndex = 0;
      node.stop.parentNode?.append(node.stop);
      node.stop.addEventListener("click", (event) => this.click(node, /** @type {MouseEvent} */ (event)));
      node.stop.addEventListener("keydown", (event) => {
        const { key } = /** @type {KeyboardEvent} */ (event);
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key] ?? 0;
        const next = key === "Home" ? nodes[0] : key === "End" ? nodes.at(-1) : step ? nodes[index + step] : undefined;
        if (key === "Enter" || key === " ") this.open(node);
        else if (next) next.stop.focus();
        else return;
        event.preventDefault();
      });
      node.stop.addEventListener("focus", () => {
        if (node.stop.matches(":focus-visible")) this.viewer.reveal(node);
      });
    });
  }

  /** @param {AtlasNode} node @param {MouseEvent} event */
  click(node, event) {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const link = this.linkOf(node);
    if (event.shiftKey && link) location.assign(link.href);
    else this.open(node);
  }

  /** The node's own link, as its row in the table has it. @param {AtlasNode} node */
  linkOf(node) {
    return /** @type {HTMLAnchorElement | null} */ (node.row?.cells[0]?.querySelector("a") ?? null);
  }

  /** The rows of evidence of the figures in a node's label. @param {AtlasNode} node */
  evidence(node) {
    const links = [...(node.row?.cells[2]?.querySelectorAll("a") ?? [])];
    const rows = links.map((link) => document.getElementById(link.hash.slice(1)));
    return /** @type {HTMLTableRowElement[]} */ (rows.filter((row) => row instanceof HTMLTableRowElement));
  }

  // Opening and closing -----------------------------------------------------------------------------

  /** @param {AtlasNode} node @param {{down?: boolean, against?: boolean, focus?: boolean}} [options] */
  open(node, { down = false, against = false, focus = true } = {}) {
    this.node?.box.classList.remove("atlas-chosen");
    Object.assign(this, { node, down: down && this.fails, against });
    node.box.classList.add("atlas-chosen");
    this.render();
    this.panel.hidden = false;
    this.panel.scrollTop = 0;
    if (getComputedStyle(this.panel).position === "fixed" && !this.viewer.full) {
      this.viewer.root.scrollIntoView({ block: "start", behavior: "instant" });
    }
    this.viewer.reveal(node, this.panel);
    if (focus) this.panel.querySelector("h3")?.focus({ preventScroll: true });
    this.viewer.settle(this.viewer.moved);
  }

  /** @param {{focus?: boolean}} [options] */
  close({ focus = true } = {}) {
    const node = this.node;
    if (!node) return;
    node.box.classList.remove("atlas-chosen");
    Object.assign(this, { node: null, down: false });
    this.panel.hidden = true;
    this.paint();
    if (focus) node.stop.focus({ preventScroll: true });
    this.viewer.settle(this.viewer.moved);
  }

  render() {
    const node = /** @type {AtlasNode} */ (this.node);
    const title = atlasElement("h3", {}, node.label);
    title.tabIndex = -1;
    const close = atlasButton("×", "Close (Escape)", () => this.close());
    close.classList.add("atlas-close");
    this.panel.setAttribute("aria-label", `Evidence of ${node.label}`);
    this.body.replaceChildren(
      title,
      close,
      atlasElement("p", {}, ATLAS_PLANES[/** @type {keyof ATLAS_PLANES} */ (node.plane)] ?? ""),
      this.actions(node),
      ...(this.down ? [this.loss(node)] : []),
      atlasElement("h4", {}, "Evidence"),
      ...this.cards(node),
      ...this.standing(node),
      ...this.flows("Receives", node, "head", "tail"),
      ...this.flows("Sends", node, "tail", "head"),
      this.elsewhere(node),
    );
    this.paint();
  }

  // Parts -------------------------------------------------------------------------------------------

  /** @param {AtlasNode} node */
  actions(node) {
    const row = atlasElement("div", { class: "atlas-actions" });
    const down = atlasButton("What if it is down?", "Dim what fails with it", () => this.toggleLoss(node));
    down.setAttribute("aria-pressed", String(this.down));
    if (this.fails) row.append(down);
    const link = this.linkOf(node);
    if (link) row.append(atlasElement("a", { class: "atlas-button", href: link.href }, "Open its page"));
    return row;
  }

  /** @param {AtlasNode} node */
  cards(node) {
    const rows = this.evidence(node);
    if (!rows.length) return [atlasElement("p", {}, "No published figure stands in this box.")];
    return rows.map((row) => {
      const [value, says, asOf, source, read] = [...row.cells];
      const card = atlasElement("div", { class: "atlas-evidence-card" });
      card.dataset.fact = row.dataset.fact;
      const spot = value?.querySelector("a");
      const list = atlasElement("dl", {});
      const parts = /** @type {const} */ ([["As of", asOf], ["Source", source], ["Read", read]]);
      for (const [name, cell] of parts) {
        if (!cell?.textContent) continue;
        const said = atlasElement("dd", {});
        said.append(...[...cell.childNodes].map((part) => part.cloneNode(true)));
        list.append(atlasElement("dt", {}, name), said);
      }
      card.append(
        atlasElement("strong", { class: "atlas-value" }, value?.textContent ?? ""),
        atlasElement("p", {}, says?.textContent ?? ""),
        list,
      );
      if (spot) card.append(atlasElement("a", { href: spot.href, class: "reference external" }, "Open the source at this spot"));
      return card;
    });
  }

  /** What the box rests on: a publication, a trial, or advice. @param {AtlasNode} node */
  standing(node) {
    const cell = node.row?.cells[3];
    if (!cell?.textContent) return [];
    const said = atlasElement("p", { class: "atlas-rests" }, "Rests on: ");
    said.append(...[...cell.childNodes].map((part) => part.cloneNode(true)));
    return [said];
  }

  /** @param {string} title @param {AtlasNode} node @param {"head" | "tail"} here @param {"head" | "tail"} there */
  flows(title, node, here, there) {
    const lines = this.graph.flows.filter((flow) => flow[here] === node.id).map((flow) => {
      const other = this.graph.nodes.get(flow[there])?.label ?? flow[there];
      const rests = flow.standing ? ` (${flow.standing})` : "";
      return `${flow.label || "flow"} ${here === "head" ? "from" : "to"} ${other}${rests}`;
    });
    return lines.length ? [atlasElement("h4", {}, title), atlasList(lines)] : [];
  }

  /** Where the technologies of the label appear elsewhere; filled in when the index is there. @param {AtlasNode} node */
  elsewhere(node) {
    const part = atlasElement("div", {});
    void atlasLoadIndex().then((index) => {
      for (const found of atlasTechnologies(index, node.label)) {
        const links = found.pages.filter((page) => !location.pathname.endsWith(`/${page.href.split("#")[0]}`));
        if (!links.length) continue;
        const list = atlasElement("ul", {});
        for (const page of links.slice(0, 6)) {
          const item = atlasElement("li", {});
          item.append(atlasElement("a", { href: atlasHref(page.href) }, page.title));
          list.append(item);
        }
        const all = atlasElement("a", { href: atlasHref(found.href) }, `All about ${found.name}`);
        part.append(atlasElement("h4", {}, `${found.name} elsewhere`), list, all);
      }
    }, () => part.append("The index could not be loaded."));
    return part;
  }

  // What fails with it ------------------------------------------------------------------------------

  /** Where the arrows are steps of a decision, nothing fails with one of them. */
  get fails() {
    return !this.viewer.svg.id.startsWith("debugging--");
  }

  /** Both readings of the arrows, since a drawing may show calls, data or both. @param {AtlasNode} node */
  loss(node) {
    const part = atlasElement("section", { class: "atlas-loss", "aria-label": "What if it is down?" });
    part.append(...ATLAS_READINGS.map((reading) => this.readingOf(node, reading)));
    return part;
  }

  /** @param {AtlasNode} node @param {AtlasReading} reading */
  readingOf(node, { against, name, lost, impaired, none }) {
    const loss = atlasGraph.lose(this.graph.flows, node.id, against);
    const reached = loss.lost.size + loss.impaired.size;
    const part = atlasElement("div", {});
    part.append(atlasElement("h4", {}, name));
    if (!reached) part.append(none);
    const nodes = [...this.graph.nodes.values()];
    for (const [says, ids] of /** @type {const} */ ([[lost, loss.lost], [impaired, loss.impaired]])) {
      const names = nodes.filter((other) => ids.has(other.id)).map((other) => other.label);
      if (names.length) part.append(atlasElement("p", {}, `${says}: ${names.length}`), atlasList(names));
    }
    if (reached) part.append(atlasElement("p", {}, `Left as it is: ${nodes.length - 1 - reached}`), this.dimmer(against, name));
    return part;
  }

  /** @param {boolean} against @param {string} name */
  dimmer(against, name) {
    const button = atlasButton(`Dim ${name.toLowerCase()}`, "", () => this.read(against));
    button.dataset.against = String(against);
    button.setAttribute("aria-pressed", String(this.against === against));
    return button;
  }

  /** Dim by the other reading. @param {boolean} against */
  read(against) {
    this.against = against;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.panel.querySelectorAll("[data-against]"))) {
      button.setAttribute("aria-pressed", String(button.dataset.against === String(against)));
    }
    this.paint();
    this.viewer.settle(this.viewer.moved);
  }

  /** What is dimmed, for those who cannot see it. */
  tell() {
    const reading = ATLAS_READINGS.find(({ against }) => against === this.against);
    const { lost, impaired } = atlasGraph.lose(this.graph.flows, this.node?.id ?? "", this.against);
    this.told.textContent = this.down ? `Dimmed: ${reading?.name.toLowerCase()}. Lost: ${lost.size}. Impaired: ${impaired.size}.` : "";
  }

  /** @param {AtlasNode} node */
  toggleLoss(node) {
    this.down = !this.down;
    this.against = this.graph.flows.some((flow) => flow.head === node.id);
    this.render();
    /** @type {HTMLElement | null} */ (this.panel.querySelector("[aria-pressed]"))?.focus();
    this.viewer.settle(this.viewer.moved);
  }

  /** Dim what is lost in the drawing, or nothing. */
  paint() {
    this.tell();
    const { svg } = this.viewer;
    for (const old of svg.querySelectorAll(".atlas-lost, .atlas-impaired, .atlas-down")) {
      old.classList.remove("atlas-lost", "atlas-impaired", "atlas-down");
    }
    svg.classList.toggle("atlas-focussed", this.down);
    if (!this.node || !this.down) return;
    const { lost, impaired } = atlasGraph.lose(this.graph.flows, this.node.id, this.against);
    this.node.box.classList.add("atlas-down");
    for (const node of this.graph.nodes.values()) {
      node.box.classList.toggle("atlas-lost", lost.has(node.id));
      node.box.classList.toggle("atlas-impaired", impaired.has(node.id));
    }
    const end = this.against ? "head" : "tail";
    const dead = new Set([this.node.id, ...lost]);
    for (const flow of this.graph.flows) {
      if (dead.has(flow[end])) flow.parts.forEach((part) => part.classList.add("atlas-lost"));
    }
  }
}

/** Put a blank without width between the lines of a label, so that it is not read as one word. @param {Element} box */
function atlasPartLines(box) {
  for (const line of box.querySelectorAll("tspan:not(:last-child)")) {
    const blank = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
    blank.setAttribute("font-size", "0");
    blank.textContent = " ";
    line.after(blank);
  }
}

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {Record<string, string>} attributes @param {string} [text] */
function atlasElement(tag, attributes, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

/** @param {string[]} lines */
function atlasList(lines) {
  const list = atlasElement("ul", {});
  list.append(...lines.map((line) => atlasElement("li", {}, line)));
  return list;
}
