// @ts-check
/* The finder: one box on the home page, the same in a dialog on every other page. */

/** Of a longer text so many of its telling words go to the search of all words. */
const ATLAS_WORDS = 4;

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
    this.perhaps = atlasElement("div", { class: "atlas-perhaps" });
    this.words = atlasElement("a", { class: "atlas-button", href: atlasHref("search.html") }, "Search all words");
    this.root.append(label, this.box, this.status, this.list, this.perhaps);
    this.show("", []);
    host.append(this.root);
    this.listen();
  }

  listen() {
    let waiting = 0;
    this.box.addEventListener("focus", () => void atlasLoadIndex().then((index) => atlasSearch(index, "warm up")), { once: true });
    this.box.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => void this.search(), 60);
    });
    this.box.addEventListener("keydown", (event) => {
      const first = this.links()[0];
      if (event.key === "Enter" && !event.shiftKey) void this.search().then(() => this.enter());
      else if (event.key === "ArrowDown" && first && !this.box.value.includes("\n")) first.focus();
      else return;
      event.preventDefault();
    });
    this.root.addEventListener("keydown", (event) => {
      const links = this.links();
      const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
      const next = event.target === this.box || at < 0 ? undefined : { ArrowDown: links[at + 1], ArrowUp: at ? links[at - 1] : this.box }[event.key];
      if (!next) return;
      next.focus();
      event.preventDefault();
    });
  }

  links() {
    return [...this.root.querySelectorAll("li > a")].map((link) => /** @type {HTMLAnchorElement} */ (link));
  }

  /** To what is sure; what only may be is for the reader to choose. */
  enter() {
    const sure = this.list.querySelector("a");
    if (sure) sure.click();
    else this.links()[0]?.focus();
  }

  async search() {
    const text = this.box.value;
    const index = await atlasLoadIndex();
    if (text !== this.box.value) return;
    this.words.href = atlasHref(text.trim() ? `search.html?q=${encodeURIComponent(telling(index, text))}` : "search.html");
    this.show(text, text.trim() ? atlasSearch(index, text) : []);

    /** A short text as it is, of a longer one what tells most. @param {AtlasIndex} index @param {string} text */
    function telling(index, text) {
      const said = text.trim().split(/\s+/);
      const known = atlasTelling(index, text).slice(0, ATLAS_WORDS);
      return (said.length > 2 * ATLAS_WORDS && known.length ? known : said).join(" ").slice(0, 200);
    }
  }

  /** @param {string} text @param {AtlasFound[]} found */
  show(text, found) {
    const sure = found.filter(({ answer }) => answer === "it");
    const others = found.filter(({ answer }) => answer === "perhaps");
    this.list.replaceChildren(...sure.map((result) => this.line(result)));
    this.perhaps.replaceChildren();
    this.root.dataset.answer = sure.length ? "it" : others.length ? "perhaps" : text.trim() ? "nothing" : "";
    if (others.length) this.perhaps.append(atlasElement("p", {}, sure.length ? "Perhaps also" : "Perhaps"), this.quiet(others));
    if (others.length && !sure.length) this.perhaps.append(this.words);
    if (text.trim() && !found.length) this.perhaps.append(...this.advice());
    if (!text.trim()) this.status.textContent = "Paste a log line, a stack trace, an alert, a symptom, a product. It stays on this machine.";
    else if (sure.length) this.status.textContent = sure.length === 1 ? "This is it" : `This is it: ${sure.length} pages, the best first`;
    else this.status.textContent = others.length ? "No page has this whole." : "Nothing here: no page of the atlas has this.";
  }

  /** @param {AtlasFound[]} found */
  quiet(found) {
    const list = atlasElement("ul", {});
    list.append(...found.map((result) => this.line(result)));
    return list;
  }

  /** What to do where nothing answers. */
  advice() {
    const tries = atlasElement("ul", {});
    const add = atlasElement("li", {}, "To add it, write a page that quotes the error in its 3am gate: ");
    add.append(atlasElement("code", {}, "atlas new diagram debugging/NAME"));
    const search = atlasElement("li", {});
    search.append(this.words);
    tries.append(
      atlasElement("li", {}, "Try the line of the error alone, from its first word on, or the name of the software."), search, add,
    );
    return [tries];
  }

  /** @param {AtlasFound} found */
  line(found) {
    const why = atlasElement("span", { class: "atlas-why" });
    why.append(atlasElement("em", {}, `${found.kind}:`), atlasElement("code", {}, found.matched));
    const [page, place] = found.href.split("#");
    const came = new URLSearchParams({ [ATLAS_QUERY.key]: found.matched, [ATLAS_QUERY.kind]: found.kind });
    const link = atlasElement("a", { href: `${atlasHref(page ?? "")}?${came}${place ? `#${place}` : ""}` });
    link.append(atlasElement("strong", {}, found.title), " ", atlasElement("span", { class: "atlas-where" }, found.where), why);
    link.addEventListener("click", () => /** @type {HTMLDialogElement | null} */ (this.root.closest("dialog"))?.close());
    const item = atlasElement("li", {});
    item.append(link);
    return item;
  }
}

/** The box of the home page, or that of the dialog, which is made when it is first asked for. */
const atlasOpenFinder = (() => {
  const place = /** @type {HTMLElement | null} */ (document.querySelector(".atlas-find-place"));
  const onPage = place ? new AtlasFinder(place) : null;
  /** @type {HTMLDialogElement | null} */
  let dialog = null;

  function makeDialog() {
    const made = atlasElement("dialog", { class: "atlas-finder", "aria-label": "Find in the atlas" });
    made.append(makeFoot(made, new AtlasFinder(made)));
    made.addEventListener("click", (event) => event.target === made && made.close());
    document.body.append(made);
    return made;
  }

  /** @param {HTMLDialogElement} made @param {AtlasFinder} finder */
  function makeFoot(made, finder) {
    const foot = atlasElement("p", { class: "atlas-find-hint" });
    const name = () => (atlasKeys.on ? "Turn single keys off (/ finds, F fills the screen, + − 0 zoom)" : "Turn single keys on");
    const keys = atlasButton(name(), "", () => {
      atlasKeys.on = !atlasKeys.on;
      keys.textContent = name();
    });
    const row = atlasElement("span", { class: "atlas-actions" });
    const words = atlasElement("a", { class: "atlas-button", href: atlasHref("search.html") }, "Search all words");
    words.addEventListener("focus", () => (words.href = finder.words.href));
    words.addEventListener("pointerenter", () => (words.href = finder.words.href));
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
