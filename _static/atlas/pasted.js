// @ts-check
/* From a pasted text to its words, by the rules that come with the index: `_ext/atlas/files/pasted.py` reads the same. */

/** @typedef {{whole: string, parts: string[]}} AtlasWord  a word in lower case, and what it is written from */

/** A word of four letters and more without the sign of its plural. @param {string} word */
const atlasSingular = (word) =>
  word.length > 4 && word.endsWith("s") && !"isu".includes(word[word.length - 2] ?? "") ? word.slice(0, -1) : word;

/** From a pasted text to its words, as `atlas.files.pasted` reads it. */
class AtlasPasted {
  /** @param {AtlasRules} rules */
  constructor(rules) {
    this.codes = rules.codes;
    this.folds = rules.folds.map(([pattern, by]) => ({ pattern: new RegExp(pattern, "gi"), by }));
    this.word = new RegExp(rules.word, "g");
    this.seam = new RegExp(rules.seam, "g");
    this.joined = new Set(rules.joined);
    this.counter = new RegExp(rules.counter);
  }

  /** The words of each line; lines that differ by what only counts stand once. @param {string} text @returns {AtlasWord[][]} */
  lines(text) {
    const once = new Map();
    for (const line of this.fold(text).split("\n")) {
      const words = (line.match(this.word) ?? []).map((written) => this.apart(written)).filter(({ parts }) => parts.length);
      const said = words.map(({ parts }) => parts.join("_")).join(" ");
      if (words.length && !once.has(said)) once.set(said, words);
    }
    return [...once.values()];
  }

  /** @param {string} written @returns {AtlasWord} */
  apart(written) {
    const spelt = this.joined.has(written.toLowerCase()) ? written : written.replace(this.seam, " ");
    const parts = spelt.toLowerCase().split(" ").filter((part) => part && !this.counter.test(part));
    return { whole: parts.join(""), parts };
  }

  /** @param {string} text */
  fold(text) {
    let plain = text;
    for (let time = 0; time < 3; time++) plain = plain.replace(/(?:%[\da-f]{2})+/gi, unescapeBytes);
    plain = plain.normalize("NFKC").replace(/\bE[A-Z]+\b/g, (code) => `${code} ${Object.hasOwn(this.codes, code) ? this.codes[code] : ""}`);
    return this.folds.reduce((left, { pattern, by }) => left.replace(pattern, by), plain);

    /** @param {string} run */
    function unescapeBytes(run) {
      return new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (byte) => parseInt(byte, 16)));
    }
  }
}
