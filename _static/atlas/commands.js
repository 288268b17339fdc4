// @ts-check
/* Commands: a button that copies the command alone, and blanks that are filled in once for the page. */

/** Without a permission and where there is no server: the old way first, which asks nobody. @param {string} text */
function atlasCopy(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "atlas-offstage";
  area.setAttribute("aria-hidden", "true");
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focused?.focus({ preventScroll: true });
  return copied ? Promise.resolve() : navigator.clipboard.writeText(text);
}

/** @param {HTMLPreElement} pre */
function atlasOfferCopy(pre) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "atlas-copy";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  const say = (/** @type {string} */ word) => {
    button.textContent = word;
    setTimeout(() => (button.textContent = "Copy"), 2000);
  };
  button.addEventListener("click", () => {
    atlasCopy(pre.textContent ?? "").then(() => say("Copied"), () => say("Not copied"));
  });
  pre.closest(".atlas-command")?.querySelector(".atlas-command-head")?.append(button);
}

// Blanks ------------------------------------------------------------------------------------------

const atlasBlanks = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".atlas-run .atlas-blank")]);

/** Write a value into all blanks of a name but the one that it comes from; nothing empties them. @param {string} name @param {string} value @param {HTMLElement} [from] */
function atlasFill(name, value, from) {
  for (const blank of atlasBlanks) {
    if (blank.dataset.name !== name) continue;
    blank.classList.toggle("atlas-filled", Boolean(value));
    if (blank !== from) blank.textContent = value || `<${name}>`;
  }
}

/** @param {HTMLElement} blank */
function atlasOfferFilling(blank) {
  const name = blank.dataset.name ?? "";
  const value = () => {
    const text = (blank.textContent ?? "").trim();
    return text === `<${name}>` ? "" : text;
  };
  blank.contentEditable = "plaintext-only";
  if (blank.contentEditable !== "plaintext-only") blank.contentEditable = "true";
  blank.setAttribute("role", "textbox");
  blank.setAttribute("aria-label", name.replaceAll("-", " "));
  blank.spellcheck = false;
  blank.title = "Fill in once for all commands of this page";
  blank.addEventListener("focus", () => getSelection()?.selectAllChildren(blank));
  blank.addEventListener("input", () => atlasFill(name, value(), blank));
  blank.addEventListener("blur", () => atlasFill(name, value()));
  blank.addEventListener("keydown", (event) => {
    event.stopPropagation(); // a path begins with the key that opens the finder
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      blank.blur();
    }
  });
}

for (const pre of document.querySelectorAll("pre.atlas-run")) atlasOfferCopy(/** @type {HTMLPreElement} */ (pre));
atlasBlanks.forEach(atlasOfferFilling);
