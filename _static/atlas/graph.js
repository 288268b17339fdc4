// @ts-check
/* What a drawing says, read from the page: its nodes, its flows, their order, and what fails with what. */

/**
 * @typedef {object} AtlasNode
 * @property {string} id
 * @property {string} label
 * @property {string} plane
 * @property {string[]} groups  the groups around it, from the inside out
 * @property {SVGElement} box
 * @property {SVGElement} stop  what takes the focus: the box, or the link around it
 * @property {HTMLTableRowElement | null} row  its row in the table of nodes
 *
 * @typedef {object} AtlasFlow
 * @property {string} tail
 * @property {string} head
 * @property {string} label
 * @property {string} standing  published, tried or advice
 * @property {Element[]} parts  line and words in the drawing
 *
 * @typedef {object} AtlasGraph
 * @property {Map<string, AtlasNode>} nodes  in flow order
 * @property {AtlasFlow[]} flows
 *
 * @typedef {object} AtlasLoss
 * @property {Set<string>} lost  nothing that is left leads to them
 * @property {Set<string>} impaired  something that is left still does
 */

const atlasGraph = (() => {
  /** @param {SVGElement} svg @param {Element} figure @returns {AtlasGraph} */
  function read(svg, figure) {
    const boxes = [...svg.querySelectorAll("[data-node]")].map((box) => readNode(/** @type {SVGElement} */ (box), figure));
    const members = new Map(boxes.map((node) => [node.id, [node.id]]));
    for (const node of boxes) {
      for (const group of node.groups) members.set(group, [...(members.get(group) ?? []), node.id]);
    }
    const flows = readFlows(svg, figure).flatMap((flow) => spread(flow, members));
    const byId = new Map(boxes.map((node) => [node.id, node]));
    const sequence = figure.querySelector("table.atlas-sequence") !== null;
    const order = sequence ? appearances([...byId.keys()], flows) : sort([...byId.keys()], flows);
    return { nodes: new Map(order.map((id) => [id, /** @type {AtlasNode} */ (byId.get(id))])), flows };
  }

  /** @param {SVGElement} box @param {Element} figure @returns {AtlasNode} */
  function readNode(box, figure) {
    const id = box.dataset.node ?? "";
    const row = /** @type {HTMLTableRowElement | null} */ (figure.querySelector(`tr[data-node="${CSS.escape(id)}"]`));
    const words = [...box.querySelectorAll("text")].flatMap((text) => text.children.length ? [...text.children] : [text]);
    return {
      id,
      label: row?.cells[0]?.textContent ?? words.map((part) => part.textContent).join(", "),
      plane: row?.cells[1]?.textContent ?? "",
      groups: row?.dataset.groups?.split(" ") ?? [],
      box,
      stop: /** @type {SVGElement | null} */ (box.closest(".atlas-link")) ?? box,
      row,
    };
  }

  /** @param {SVGElement} svg @param {Element} figure @returns {AtlasFlow[]} */
  function readFlows(svg, figure) {
    const rows = /** @type {NodeListOf<HTMLTableRowElement>} */ (figure.querySelectorAll("tr[data-tail]"));
    return [...rows].map((row, index) => ({
      tail: row.dataset.tail ?? "",
      head: row.dataset.head ?? "",
      label: row.cells[1]?.textContent ?? "",
      standing: row.dataset.standing ?? "",
      parts: [...svg.querySelectorAll(`[data-edge="${index}"]`)],
    }));
  }

  /** A flow from or to a group is one from or to each of its members. @param {AtlasFlow} flow @param {Map<string, string[]>} members */
  function spread(flow, members) {
    const heads = members.get(flow.head) ?? [];
    return (members.get(flow.tail) ?? []).flatMap((tail) => heads.map((head) => ({ ...flow, tail, head })));
  }

  /** In the order of time: who speaks or is spoken to first. @param {string[]} ids @param {AtlasFlow[]} flows */
  function appearances(ids, flows) {
    const ends = flows.flatMap((flow) => [flow.tail, flow.head]).filter((id) => ids.includes(id));
    return [...new Set([...ends, ...ids])];
  }

  /** Tails before heads; where flows go round in a circle, the one that their author wrote first. @param {string[]} ids @param {AtlasFlow[]} flows */
  function sort(ids, flows) {
    const left = new Set(ids);
    /** @type {string[]} */
    const order = [];
    while (left.size) {
      const fed = (/** @type {string} */ id) => flows.some((f) => f.head === id && f.tail !== id && left.has(f.tail));
      const next = [...left].find((id) => !fed(id)) ?? flows.find(({ tail }) => left.has(tail))?.tail ?? [...left][0] ?? "";
      order.push(next);
      left.delete(next);
    }
    return order;
  }

  /** What is lost when a node is down, along the flows or against them. @param {AtlasFlow[]} flows @param {string} down @param {boolean} against @returns {AtlasLoss} */
  function lose(flows, down, against) {
    const edges = flows.map((f) => (against ? { from: f.head, to: f.tail } : { from: f.tail, to: f.head }));
    const lost = new Set([down]);
    for (const id of lost) edges.filter((e) => e.from === id).forEach((e) => lost.add(e.to));
    const impaired = new Set();
    for (let id; (id = [...lost].find((n) => n !== down && edges.some((e) => e.to === n && !lost.has(e.from)))); ) {
      lost.delete(id);
      impaired.add(id);
    }
    lost.delete(down);
    return { lost, impaired };
  }

  return { read, lose };
})();
