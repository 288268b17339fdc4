// @ts-check
/* The finder: one box on the home page, the same in a dialog on every other page. */

const ATLAS_SHOWN = 8;
/** What scores less than this part of the best of its kind is not shown. */
const ATLAS_FAINT = 0.2;

class AtlasFinder {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.root = atlasElement("div", { class: "atlas-find", role: "search" });
    this.box = atlasElement("textarea", {
      id: "atlas-find", rows: "1", spellcheck: "false", autocapitalize: "off", autocomplete: "off",
      placeholder: "ERROR 1290 (HY000): … --read-only option",
    });
    const label = atlasElement("label", { for: "atlas-find" }, "What do you see?");
    this.status = atlasElement("p", { class: "atlas-find-hint", role: "status" });
    this.list = atlasElement("ol", { class: "atlas-results" });
    this.root.append(label, this.box, this.status, this.list);
    this.say();
    host.append(this.root);
    this.listen();
  }

  /** @param {number} [found] */
  say(found) {
    if (found) this.status.textContent = found === 1 ? "One page, by what matched" : `${found} pages, the best first`;
    else if (found === 0) this.status.textContent = "Nothing like it in the atlas. Try the exact words of the error alone.";
    else this.status.textContent = "Paste a log line, a stack trace, an alert, a symptom, a product. It stays on this machine.";
  }

  listen() {
    let waiting = 0;
    this.box.addEventListener("focus", () => void atlasLoadIndex().then((index) => atlasSearch(index, "warm up")), { once: true });
    this.box.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => void this.search(), 60);
    });
    this.box.addEventListener("keydown", (event) => {
      const first = /** @type {HTMLAnchorElement | null} */ (this.list.querySelector("a"));
      if (event.key === "Enter" && !event.shiftKey) void this.search().then(() => this.list.querySelector("a")?.click());
      else if (event.key === "ArrowDown" && first && !this.box.value.includes("\n")) first.focus();
      else return;
      event.preventDefault();
    });
    this.list.addEventListener("keydown", (event) => {
      const links = [...this.list.querySelectorAll("a")];
      const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
      const next = { ArrowDown: links[at + 1], ArrowUp: at ? links[at - 1] : this.box }[event.key];
      if (!next) return;
      next.focus();
      event.preventDefault();
    });
  }

  async search() {
    const text = this.box.value;
    const index = await atlasLoadIndex();
    if (text !== this.box.value) return;
    const all = text.trim() ? atlasSearch(index, text) : [];
    const best = (/** @type {string} */ kind) => all.find((result) => result.kind === kind)?.score ?? 0;
    const found = all.filter((result) => result.score > best(result.kind) * ATLAS_FAINT).slice(0, ATLAS_SHOWN);
    this.list.replaceChildren(...found.map((result) => this.line(result)));
    this.say(text.trim() ? found.length : undefined);
  }

  /** @param {AtlasFound} found */
  line(found) {
    const why = atlasElement("span", { class: "atlas-why" });
    why.append(atlasElement("em", {}, `${found.kind}:`), atlasElement("code", {}, found.matched));
    const link = atlasElement("a", { href: atlasHref(found.href) });
    link.append(atlasElement("strong", {}, found.title), " ", atlasElement("span", { class: "atlas-where" }, found.where), why);
    link.addEventListener("click", () => /** @type {HTMLDialogElement | null} */ (this.root.closest("dialog"))?.close());
    const item = atlasElement("li", {});
    item.append(link);
    return item;
  }
}

/** The box of the home page, or that of the dialog, which is made when it is first asked for. */
const atlasOpenFinder = (() => {
  const home = document.getElementById("on-fire");
  const place = atlasElement("div", {});
  const line = home?.previousElementSibling;
  (line?.matches(".atlas-standing") ? line : home)?.before(place);
  const onPage = home ? new AtlasFinder(place) : null;
  /** @type {HTMLDialogElement | null} */
  let dialog = null;

  function makeDialog() {
    const made = atlasElement("dialog", { class: "atlas-finder", "aria-label": "Find in the atlas" });
    new AtlasFinder(made);
    made.append(makeFoot(made));
    made.addEventListener("click", (event) => event.target === made && made.close());
    document.body.append(made);
    return made;
  }

  /** @param {HTMLDialogElement} made */
  function makeFoot(made) {
    const foot = atlasElement("p", { class: "atlas-find-hint" });
    const name = () => (atlasKeys.on ? "Turn single keys off (/ finds, F fills the screen, + − 0 zoom)" : "Turn single keys on");
    const keys = atlasButton(name(), "", () => {
      atlasKeys.on = !atlasKeys.on;
      keys.textContent = name();
    });
    const row = atlasElement("span", { class: "atlas-actions" });
    const words = atlasElement("a", { class: "atlas-button", href: atlasHref("search.html") }, "Search all words");
    row.append(atlasButton("Close", "Close (Escape)", () => made.close()), words, keys);
    foot.append(row);
    return foot;
  }

  function open() {
    if (onPage) {
      onPage.box.scrollIntoView({ block: "center" });
      onPage.box.focus();
      return;
    }
    dialog ??= makeDialog();
    dialog.showModal();
    dialog.querySelector("textarea")?.select();
  }

  const header = document.querySelector(".mobile-header .header-right");
  if (header) {
    const button = atlasButton("Find", "Find an error, an alert, a product (/)", open);
    button.classList.add("atlas-open-finder");
    header.prepend(button);
  }
  document.querySelectorAll(".atlas-find-opener button").forEach((button) => button.addEventListener("click", open));
  return open;
})();
