// @ts-check
/* A text as the finder asks for it: its words, mended and parted where the atlas knows them so. `_ext/atlas/files/asked.py`
   reads the same. */

/**
 * @typedef {object} AtlasAsked  a text as its smallest words in order, and without blanks
 * @property {string} text
 * @property {string[]} atoms
 * @property {string} squashed
 * @property {Set<number>} bounds  where words begin and end in it
 * @property {string[][]} lines  the words of each line, short ones together with the next: a wrapped line is no line
 * @property {Set<string>} names  the words of several parts as they are written
 * @property {boolean} byHand  a few words without signs
 *
 * @typedef {{parts: string[], wholes: string[]}} AtlasTold  the parts of a word, and the word itself where it is known
 */

/** A map of lists. @template K, V */
class AtlasLists {
  constructor() {
    /** @type {Map<K, V[]>} */
    this.lists = new Map();
  }

  /** @param {K} key @param {V} value */
  add(key, value) {
    const list = this.lists.get(key);
    if (list) list.push(value);
    else this.lists.set(key, [value]);
  }

  /** @param {K} key @returns {V[]} */
  get(key) {
    return this.lists.get(key) ?? [];
  }
}

class AtlasVocabulary {
  /** @param {AtlasIndex} index */
  constructor({ rules, entries, terms }) {
    this.rules = rules;
    this.reading = new AtlasPasted(rules);
    this.hand = new RegExp(rules.hand);
    this.terms = new Map(Object.entries(terms));
    /** @type {Map<string, number>} */
    this.general = new Map(rules.classes.flatMap(([tells, words]) => words.map((word) => [atlasSingular(word), tells])));
    const keyed = entries.flatMap(({ keys }) => keys.flatMap(([, , , , ...parts]) => parts.flatMap((part) => part.split(/[ _]/))));
    this.spellings = new Set([...this.terms.keys(), ...this.general.keys(), ...keyed]);
  }

  /** @param {string} word */
  knows(word) {
    const one = atlasSingular(word);
    return this.general.has(one) || this.terms.has(one);
  }

  /** @param {string} word */
  isGeneral(word) {
    return this.general.has(atlasSingular(word));
  }

  /** Whether a word is of infrastructure, or of no general kind. @param {string} word */
  isCommon(word) {
    return (this.general.get(atlasSingular(word)) ?? 2) > 1;
  }

  /** What a word tells within a phrase. @param {string} atom */
  phrased(atom) {
    const one = atlasSingular(atom);
    return this.general.get(one) ?? this.terms.get(one)?.[0] ?? 0;
  }

  /** Where a word stands: the entry's number, what it tells there, and how that has it. @param {string} word */
  found(word) {
    const [tells = 0, ...places] = this.terms.get(atlasSingular(word)) ?? [];
    return places.map((place) => {
      const rank = place % 4;
      return { number: (place - rank) / 4, tells: rank ? tells : tells / 2, rank };
    });
  }

  /** What a word that was asked for would tell, known or not. @param {string} word */
  tells(word) {
    const one = atlasSingular(word);
    const general = this.general.get(one);
    return this.terms.get(one)?.[0] ?? (general !== undefined ? Number(general > 1) : atlasIsLatin(word) ? this.rules.unknown : 0);
  }

  /** A text, with the slips of a short one mended. @param {string} text @returns {AtlasAsked} */
  read(text) {
    const words = this.reading.lines(text);
    const names = new Set(words.flat().flatMap(({ whole, parts }) => (parts.length > 1 ? [whole] : [])));
    const told = words.map((line) => line.map((word) => this.told(word)));
    const atomsOf = (/** @type {AtlasTold[][]} */ lines) => lines.flatMap((line) => line.flatMap(({ parts }) => parts));
    const written = atomsOf(told);
    const lines = written.length <= this.rules.typed ? this.mend(told, written) : told;
    const atoms = atomsOf(lines);
    let end = 0;
    const bounds = new Set([0, ...atoms.map((atom) => (end += atom.length))]);
    const byHand = this.hand.test(text.normalize("NFKC"));
    return { text, atoms, squashed: atoms.join(""), bounds, lines: this.stretches(lines), names, byHand };
  }

  /** @param {AtlasTold[][]} lines */
  stretches(lines) {
    const found = [];
    /** @type {Map<string, string>} */
    let said = new Map();
    let count = 0;
    for (const line of lines) {
      count += line.length;
      for (const word of line.flatMap(({ parts, wholes }) => [...parts, ...wholes]))
        if (!said.has(atlasSingular(word))) said.set(atlasSingular(word), word);
      if (count < this.rules.stretch) continue;
      found.push([...said.values()]);
      [said, count] = [new Map(), 0];
    }
    return [...found, [...said.values()]];
  }

  /** @param {AtlasWord} word @returns {AtlasTold} */
  told({ whole, parts }) {
    const several = parts.length > 1 && this.terms.has(atlasSingular(whole));
    return { parts: parts.flatMap((part) => this.part(part)), wholes: several ? [whole] : [] };
  }

  /** The known words that a long unknown one is glued from; else the word. @param {string} atom @returns {string[]} */
  part(atom) {
    if (atom.length < this.rules.glued || this.knows(atom)) return [atom];
    const pieces = [];
    let [at, loose] = [0, 0];
    while (at < atom.length) {
      let size = Math.min(atom.length - at, 16);
      while (size > 2 && !this.knows(atom.slice(at, at + size))) size--;
      if (size < 3) [size, loose] = [1, loose + 1];
      pieces.push(atom.slice(at, at + size));
      at += size;
    }
    return loose < atom.length / 4 ? pieces : [atom];
  }

  /** The lines of a short text with slips mended, and the last word finished. @param {AtlasTold[][]} lines @param {string[]} atoms */
  mend(lines, atoms) {
    const odd = [...new Set(atoms)].filter((atom) => atom.length >= this.rules.slip && !this.knows(atom));
    const plain = odd.slice(0, this.rules.slips).filter(atlasIsLatin);
    const slips = new Map(plain.map((atom) => [atom, this.meant(atom, atom === atoms[atoms.length - 1])]));
    return lines.map((line) => line.map(({ parts, wholes }) => ({ parts: parts.map((part) => slips.get(part) || part), wholes })));
  }

  /** The known word that one may be a slip of, or the beginning. @param {string} word @param {boolean} last */
  meant(word, last) {
    let best = "";
    const off = (/** @type {string} */ known) => Math.abs(known.length - word.length);
    for (const known of this.spellings) {
      if (known[0] !== word[0] || !(isSlip(word, known) || (last && known.startsWith(word)))) continue;
      if (!best || off(known) < off(best) || (off(known) === off(best) && known < best)) best = known;
    }
    return best;

    /** One letter added, dropped or changed, or two the wrong way round; in short words only that. @param {string} word @param {string} known */
    function isSlip(word, known) {
      if (Math.abs(word.length - known.length) > 1) return false;
      let [start, one, other] = [0, word.length, known.length];
      while (start < one && start < other && word[start] === known[start]) start++;
      while (one > start && other > start && word[one - 1] === known[other - 1]) [one, other] = [one - 1, other - 1];
      const [left, right] = [word.slice(start, one), known.slice(start, other)];
      const swapped = left.length === 2 && left === [...right].reverse().join("");
      return swapped || (word.length > 5 && Math.max(left.length, right.length) === 1);
    }
  }
}

/** @param {string} word */
function atlasIsLatin(word) {
  return /^[a-z]{3,}$/.test(word);
}
