// @ts-check
/* Which keys (error strings, alerts, symptoms) stand in a text: whole, torn at its ends, or for the greater part.
   `_ext/atlas/files/matching.py` finds the same. */

/**
 * @typedef {[kind: "error string" | "alert" | "symptom", text: string, tells: number, own: boolean, ...parts: string[]]} AtlasKeyRow
 * @typedef {[kind: AtlasKeyRow[0], text: string, tells: number, name: string]} AtlasNameRow  a name of several parts
 *
 * @typedef {object} AtlasKey  one string by which an entry is found
 * @property {number} entry
 * @property {AtlasKeyRow[0]} kind
 * @property {string} text
 * @property {number} tells
 * @property {boolean} enough  it tells so much that nothing else is needed
 * @property {string[]} parts  what stands between its placeholders, without blanks
 * @property {string[]} atoms  its smallest words
 * @property {number[]} words  for each atom the number of the word it was written in
 *
 * @typedef {{key: AtlasKey, tells: number, enough: boolean, like: string}} AtlasMatch  what of a key stands in a text
 * @typedef {{at: number, place: number, size: number}} AtlasRun  of words that stand in both
 */

class AtlasKeys {
  /** @param {AtlasEntry[]} entries @param {AtlasVocabulary} words */
  constructor(entries, words) {
    this.rules = words.rules;
    this.words = words;
    this.entries = entries;
    this.keys = entries.flatMap(({ keys, guide }, entry) => keys.map((row) => readKey(entry, guide, row, this.rules.sure)));
    /** @type {AtlasLists<string, AtlasKey>} */
    this.anchored = new AtlasLists();
    /** @type {AtlasLists<string, AtlasKey>} */
    this.holding = new AtlasLists();
    for (const key of this.keys) {
      const longest = key.parts.reduce((best, part) => (part.length > best.length ? part : best));
      this.anchored.add(longest.slice(0, this.rules.anchor), key);
      const telling = new Set(key.atoms.filter((atom) => words.phrased(atom) > 1).map(atlasSingular));
      if (key.kind !== "alert") for (const atom of telling) this.holding.add(atom, key);
    }
    /** @type {AtlasLists<string, AtlasKey>} */
    this.named = new AtlasLists();
    entries.forEach(({ named, guide }, entry) => {
      for (const [kind, text, tells, name] of named) this.named.add(name, readKey(entry, guide, [kind, text, tells, true, name], this.rules.sure));
    });

    /** @param {number} entry @param {boolean} guide @param {AtlasKeyRow} row @param {number} sure @returns {AtlasKey} */
    function readKey(entry, guide, [kind, text, tells, own, ...parts], sure) {
      const squashed = parts.map((part) => part.replace(/[ _]/g, ""));
      const split = parts.join(" ").split(" ").map((word) => word.split("_"));
      const words = split.flatMap((atoms, at) => atoms.map(() => at));
      return { entry, kind, text, tells, enough: tells >= sure && (own || guide), parts: squashed, atoms: split.flat(), words };
    }
  }

  /** The keys that stand in a text, whole ones first. @param {AtlasAsked} asked @returns {AtlasMatch[]} */
  find(asked) {
    const whole = [...this.whole(asked), ...this.byName(asked), ...this.torn(asked)];
    return [...whole, ...this.partly(asked, new Set(whole.map(({ key }) => key)))];
  }

  /** @param {AtlasAsked} asked @returns {AtlasMatch[]} */
  whole(asked) {
    const starts = new Set();
    for (let at = 0; at < asked.squashed.length; at++) starts.add(asked.squashed.slice(at, at + this.rules.anchor));
    const near = [...starts].filter((start) => this.anchored.lists.has(start)).sort().flatMap((start) => this.anchored.get(start));
    return near.filter((key) => this.stands(key, asked)).map((key) => ({ key, tells: key.tells, enough: key.enough, like: "" }));
  }

  /** @param {AtlasAsked} asked @returns {AtlasMatch[]} */
  byName({ names }) {
    const found = [...names].sort().flatMap((name) => this.named.get(name));
    return found.map((key) => ({ key, tells: key.tells, enough: key.enough, like: "" }));
  }

  /** Whether the parts of a key stand in a text one after another, not too far apart. @param {AtlasKey} key @param {AtlasAsked} asked */
  stands({ kind, parts: [first = "", ...others] }, asked) {
    const free = kind === "alert" ? Infinity : this.rules.long;
    let since = place(first, 0, asked.squashed.length);
    while (since >= 0) {
      let end = since;
      for (const part of others) if (end >= 0) end = place(part, end, this.rules.gap);
      if (end >= 0) return true;
      since = place(first, since, asked.squashed.length);
    }
    return false;

    /** Where a part ends, as whole words or long enough; -1: nowhere. @param {string} part @param {number} since @param {number} gap */
    function place(part, since, gap) {
      let at = asked.squashed.indexOf(part, since);
      while (at >= 0 && at <= since + gap) {
        const end = at + part.length;
        if (part.length >= free || (asked.bounds.has(at) && asked.bounds.has(end))) return end;
        at = asked.squashed.indexOf(part, at + 1);
      }
      return -1;
    }
  }

  /** Keys within which a text begins or ends. @param {AtlasAsked} asked @returns {AtlasMatch[]} */
  torn(asked) {
    const found = [];
    for (const key of this.keys) {
      const [part, ...others] = key.parts;
      if (part === undefined || others.length || key.kind === "alert") continue;
      const [begin, end] = held(part, asked.squashed, this.rules);
      if (end) found.push({ key, tells: this.between(key.atoms, begin, end), enough: key.enough, like: "like " });
    }
    return found;

    /** From which to which letter a text holds a part, where that is much of it. @param {string} part @param {string} text @param {AtlasRules} rules @returns {[number, number]} */
    function held(part, text, { long, torn }) {
      const least = Math.max(long, Math.trunc(part.length * torn));
      const [tail, head] = [text.slice(1 - part.length), text.slice(0, part.length - 1)];
      const [at, end] = [tail.indexOf(part.slice(0, least)), head.indexOf(part.slice(-least)) + least];
      if (at >= 0 && part.startsWith(tail.slice(at))) return [0, tail.length - at];
      return end >= least && part.endsWith(head.slice(0, end)) ? [part.length - end, part.length] : [0, 0];
    }
  }

  /** What those words tell that stand between two letters. @param {string[]} atoms @param {number} begin @param {number} end */
  between(atoms, begin, end) {
    let [after, told] = [0, 0];
    for (const atom of atoms) {
      after += atom.length;
      if (begin <= after - atom.length && after <= end) told += this.words.phrased(atom);
    }
    return told;
  }

  /** Keys of which much stands in a text in order, but for those that stand there whole. @param {AtlasAsked} asked @param {Set<AtlasKey>} whole @returns {AtlasMatch[]} */
  partly(asked, whole) {
    /** @type {AtlasLists<string, number>} */
    const places = new AtlasLists();
    asked.atoms.forEach((atom, at) => places.add(atom, at));
    /** @type {Map<AtlasKey, number>} */
    const shared = new Map();
    for (const atom of places.lists.keys())
      for (const key of this.holding.get(atlasSingular(atom))) shared.set(key, (shared.get(key) ?? 0) + this.words.phrased(atom));
    const near = [...shared].filter(([key, told]) => !whole.has(key) && told >= this.rules.cut / 2);
    return near.flatMap(([key]) => this.align(key, asked, places) ?? []);
  }

  /**
   * What the runs of a key's words tell that stand in a text in order; nothing where that is too little. Where the text
   * begins or ends within the key, what it cannot hold is not missed. Parts of one name are too little.
   * @param {AtlasKey} key @param {AtlasAsked} asked @param {AtlasLists<string, number>} places @returns {AtlasMatch | null}
   */
  align(key, asked, places) {
    const { atoms } = key;
    const runs = this.runs(atoms, asked, places);
    const [first, last] = [runs[0], runs[runs.length - 1]];
    const words = new Set(runs.flatMap(({ at, size }) => key.words.slice(at, at + size)));
    if (!first || !last || words.size === 1 || runs.reduce((all, { size }) => all + size, 0) < this.rules.run) return null;
    const told = atoms.map((atom) => this.words.phrased(atom));
    const stand = runs.flatMap(({ at, size }) => told.slice(at, at + size));
    const [missed, left] = [atoms.slice(0, first.at), atoms.slice(last.at + last.size)];
    const [head, tail] = [sum(told.slice(0, first.at)), sum(told.slice(last.at + last.size))];
    const [before, after] = [asked.atoms.slice(0, first.place), asked.atoms.slice(last.place + last.size)];
    const begins = !before.length || (before.length === 1 && !!missed[missed.length - 1]?.endsWith(before[0] ?? ""));
    if (head > this.rules.head && !begins) return null;
    const ends = !after.length || (after.length === 1 && !!left[0]?.startsWith(after[0] ?? ""));
    const wanted = sum(told) - (begins ? head : 0) - (ends ? tail : 0);
    const tells = sum(stand);
    if (tells < this.rules.faint * wanted) return null;
    const own = Math.max(...stand) > this.rules.common || this.entries[key.entry]?.guide === true;
    return { key, tells, enough: own && tells >= this.rules.like * wanted && tells >= this.rules.cut, like: "like " };

    /** @param {number[]} parts */
    function sum(parts) {
      return parts.reduce((all, part) => all + part, 0);
    }
  }

  /** Runs of a key's words in a text, one after another. @param {string[]} atoms @param {AtlasAsked} asked @param {AtlasLists<string, number>} places */
  runs(atoms, asked, places) {
    /** @type {AtlasRun[]} */
    const runs = [];
    let [at, since] = [0, -1];
    while (at < atoms.length) {
      /** @type {AtlasRun} */
      let best = { at, place: 0, size: 0 };
      for (const place of places.get(atoms[at] ?? "")) {
        if (since >= 0 && (place < since || place > since + this.rules.apart)) continue;
        let size = 1;
        while (at + size < atoms.length && atoms[at + size] === asked.atoms[place + size]) size++;
        if (size > best.size) best = { at, place, size };
      }
      if (best.size > 1 || (best.size && this.words.phrased(atoms[at] ?? "") > this.rules.cut)) {
        runs.push(best);
        since = best.place + best.size;
      }
      at += Math.max(best.size, 1);
    }
    return runs;
  }
}
