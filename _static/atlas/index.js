// @ts-check
/* The index of the whole atlas: a script of its own that is loaded when it is first asked for, so that it is
   there without a server too. */

/**
 * @typedef {object} AtlasTechnology
 * @property {string} name
 * @property {string[]} names  every spelling
 * @property {string} href
 * @property {{title: string, href: string}[]} pages  what names it
 */

/** The address of a place in the atlas, seen from this page. @param {string} path */
function atlasHref(path) {
  return (document.documentElement.dataset.content_root ?? "./") + path;
}

/** @param {string} src @returns {Promise<void>} */
function atlasLoad(src) {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = atlasHref(src);
    script.onload = () => done();
    script.onerror = () => fail(new Error(`${src} cannot be loaded`));
    document.head.append(script);
  });
}

/** @type {Promise<AtlasIndex> | undefined} */
let atlasIndexAsked;

/** @returns {Promise<AtlasIndex>} */
function atlasLoadIndex() {
  atlasIndexAsked ??= atlasLoad("atlas-index.js").then(() => atlasIndex);
  return atlasIndexAsked;
}

/** The technologies that a label names: whole words in their own spelling, the longest of those that overlap.
 * @param {AtlasIndex} index @param {string} label @returns {AtlasTechnology[]} */
function atlasTechnologies(index, label) {
  const owners = new Map(index.technologies.flatMap((technology) => technology.names.map((name) => [name, technology])));
  const names = [...owners.keys()].sort((a, b) => b.length - a.length);
  const either = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|") || "(?!)";
  const found = label.match(new RegExp(`(?<![\\w-])(?:${either})(?![\\w-])`, "g")) ?? [];
  return [...new Set(found.map((name) => /** @type {AtlasTechnology} */ (owners.get(name))))];
}
