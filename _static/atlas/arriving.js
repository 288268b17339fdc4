// @ts-check
/* Arriving at a page: from the finder at the step that answers, with what matched marked; else where the address says,
   once the layout has settled. */

/** The least letters of a part of what matched that are looked for on the page. */
const ATLAS_PART = 4;
/** Where a page has a key in part only, so many of its first words are enough to be marked. */
const ATLAS_HEAD = 3;

/** What an address means: its id, or one that differs in the number of its hyphens only. @param {string} hash */
function atlasTarget(hash) {
  const id = decodeURIComponent(hash.slice(1).split("?")[0] ?? "");
  if (!id) return null;
  const plain = (/** @type {string} */ name) => name.replace(/-+/g, "-");
  return document.getElementById(id) ?? [...document.querySelectorAll("[id]")].find((part) => plain(part.id) === plain(id)) ?? null;
}

/** What of a page is no text to be found in: drawings, what is folded, what says already what was found. */
const ATLAS_UNREAD = "svg, script, details, .atlas-viewer, .atlas-found, .atlas-came, h1";

const atlasMarks = (() => {
  /** The text of the page that is in sight, without drawings and what is folded. @param {Element} root */
  function* texts(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = /** @type {Text} */ (walker.currentNode);
      if (!text.parentElement?.closest(`${ATLAS_UNREAD}, code`)) yield text;
    }
  }

  /** @param {Text} text @param {RegExp} words @returns {HTMLElement | null} */
  function mark(text, words) {
    const found = words.exec(text.data);
    if (!found) return null;
    const part = text.splitText(found.index);
    part.splitText(found[0].length);
    const made = document.createElement("mark");
    made.className = "atlas-found";
    part.replaceWith(made);
    made.append(part);
    return made;
  }

  /** Words as they stand on the page, whatever blanks are between them; code is a whole, since each word of it is an element. @param {Element} root @param {string[]} words */
  function markAll(root, words) {
    const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"), "i");
    const codes = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("code")]);
    const whole = codes.filter((code) => !code.closest(ATLAS_UNREAD) && pattern.test(code.textContent ?? ""));
    whole.forEach((code) => code.classList.add("atlas-found"));
    return [...whole, ...[...texts(root)].flatMap((text) => mark(text, pattern) ?? [])];
  }

  /** Mark what of a key stands on the page, at least its first words; `…` in it stands for anything. @param {Element} root @param {string} key */
  return function marks(root, key) {
    const parts = key.split("…").map((part) => part.trim()).filter((part) => part.length >= ATLAS_PART);
    return parts.flatMap((part) => {
      const words = part.split(/\s+/);
      for (let count = words.length; count >= Math.min(words.length, ATLAS_HEAD); count--) {
        const found = markAll(root, words.slice(0, count));
        if (found.length) return found;
      }
      return [];
    });
  };
})();

/** The step of the recovery that holds a mark. @param {HTMLElement[]} marks */
function atlasStep(marks) {
  const steps = marks.map((mark) => mark.closest(".atlas-gate-3am > ol > li"));
  return steps.find((step) => step !== null) ?? null;
}

/** Tell at the place of arrival what led there. @param {Element} place @param {string} kind @param {string} key @param {HTMLElement[]} marks */
function atlasTell(place, kind, key, marks) {
  const line = document.createElement("p");
  line.className = "atlas-came";
  const said = document.createElement("code");
  said.textContent = key;
  line.append(`Found by ${kind}: `, said);
  const first = marks.find((mark) => !place.contains(mark)) ?? null;
  if (first) {
    first.id ||= "atlas-found";
    const link = document.createElement("a");
    link.href = `#${first.id}`;
    link.textContent = "What this page says of it";
    line.append(" ", link);
  }
  place.querySelector("h1, h2, h3")?.after(line);
}

/** The query that the finder puts into an address, and the page takes out again. */
const ATLAS_QUERY = { key: "found", kind: "by" };

function atlasArrive() {
  const asked = new URLSearchParams(location.search);
  const [key, kind] = [asked.get(ATLAS_QUERY.key), asked.get(ATLAS_QUERY.kind) ?? ""];
  let target = atlasTarget(location.hash);
  if (key) {
    history.replaceState(null, "", location.pathname + location.hash);
    const marks = kind === "words" ? [] : atlasMarks(document.querySelector("[role=main]") ?? document.body, key);
    if (target && kind !== "words") atlasTell(target, kind, key, marks);
    target = atlasStep(marks) ?? target;
  }
  if (target && !location.hash.includes("?")) atlasSettle(target);
}

/** Bring a place into sight, again when the page has loaded, unless its reader has moved on. @param {Element} target */
function atlasSettle(target) {
  target.closest("details")?.setAttribute("open", "");
  const stop = new AbortController();
  const show = () => target.scrollIntoView({ behavior: "instant" });
  for (const move of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    addEventListener(move, () => stop.abort(), { once: true, passive: true, signal: stop.signal });
  }
  const root = document.documentElement;
  root.style.scrollBehavior = "auto"; // the browser's own way to the address, smooth, would go on for a second
  const settled = () => setTimeout(() => {
    if (!stop.signal.aborted) show();
    root.style.scrollBehavior = "";
  }, 150);
  show();
  if (document.readyState === "complete") settled();
  else addEventListener("load", settled, { once: true });
  void document.fonts.ready.then(() => stop.signal.aborted || show());
}

addEventListener("hashchange", () => {
  const target = atlasTarget(location.hash);
  if (!target) return;
  // A smooth way over ten screens takes the browser more than a second.
  const far = target.matches(".atlas-found") || target.id !== decodeURIComponent(location.hash.slice(1));
  if (far) target.scrollIntoView({ behavior: "instant" });
});
atlasArrive();
