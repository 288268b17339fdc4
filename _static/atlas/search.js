// @ts-check
/* What the finder answers: "this is it" by an error string, an alert, a symptom; "perhaps" by shared words; or
   nothing. How it ranks stands in `_ext/atlas/files/finder.py`, which answers the same in a terminal from the same
   data: a change here is a change there, and the same cases run through both. */

/**
 * @typedef {object} AtlasEntry  one diagram
 * @property {string} id
 * @property {string} title
 * @property {string} where
 * @property {string} href
 * @property {boolean} guide  it says what to do, ahead of what happened to others
 * @property {string} gate  the address of the gate that a responder reads first
 * @property {AtlasKeyRow[]} keys
 * @property {AtlasNameRow[]} named
 *
 * @typedef {object} AtlasFound
 * @property {string} id
 * @property {string} title
 * @property {string} where
 * @property {string} href
 * @property {"it" | "perhaps"} answer
 * @property {string} kind  why it matched
 * @property {string} matched  what matched
 * @property {number} score
 *
 * @typedef {object} AtlasEvidence  what a page knows of the words of a text: in all, and of its best line
 * @property {number} total
 * @property {number} best
 * @property {string[]} words
 * @property {boolean} strong
 */

/** How an entry has a word: it is about it, it is named so. */
const ATLAS_TOPIC = 2;
const ATLAS_NAMED = 3;

class AtlasSearch {
  /** @param {AtlasIndex} index */
  constructor(index) {
    this.rules = index.rules;
    this.entries = index.entries;
    this.words = new AtlasVocabulary(index);
    this.keys = new AtlasKeys(index.entries, this.words);
  }

  /** What is sure, the best first, then at most three that perhaps answer. @param {string} text @returns {AtlasFound[]} */
  search(text) {
    const asked = this.words.read(text);
    const known = this.weigh(asked);
    const [sure, weak] = this.byKeys(asked, known);
    const taken = new Set([...sure, ...weak].map(({ id }) => id));
    const rest = [...this.byWords(known, taken), ...weak];
    const [most, beside] = this.rules.shown;
    return [...sure.sort(byScore).slice(0, most), ...rest.sort(byScore).slice(0, beside)];

    /** @param {AtlasFound} a @param {AtlasFound} b */
    function byScore(a, b) {
      const [one, other] = [a.title.toLowerCase(), b.title.toLowerCase()];
      return Math.round(b.score * 1e6) - Math.round(a.score * 1e6) || (one < other ? -1 : Number(one > other));
    }
  }

  // By words --------------------------------------------------------------------------------------

  /** @param {AtlasAsked} asked @returns {Map<number, AtlasEvidence>} */
  weigh(asked) {
    /** @type {Map<number, AtlasEvidence>} */
    const known = new Map();
    for (const word of new Set(asked.lines.flat().map(atlasSingular)))
      for (const { number, tells } of this.words.found(word)) {
        const evidence = known.get(number) ?? { total: 0, best: 0, words: [], strong: false };
        known.set(number, { ...evidence, total: evidence.total + tells });
      }
    for (const line of asked.lines) this.weighLine(line, known, asked);
    return known;
  }

  /** @param {string[]} line @param {Map<number, AtlasEvidence>} known @param {AtlasAsked} asked */
  weighLine(line, known, { byHand }) {
    const { rules } = this;
    const wanted = sum(line.map((word) => this.words.tells(word)));
    /** @type {AtlasLists<number, {word: string, tells: number, rank: number}>} */
    const found = new AtlasLists();
    for (const word of line) for (const { number, tells, rank } of this.words.found(word)) found.add(number, { word, tells, rank });
    const whole = byHand && line.length > 1 && line.every((word) => this.words.isCommon(word));
    const about = byHand ? ATLAS_TOPIC : ATLAS_NAMED;
    for (const [number, words] of found.lists) {
      const evidence = known.get(number);
      const [got, best] = [sum(words.map(({ tells }) => tells)), Math.max(...words.map(({ tells }) => tells))];
      const several = Math.min(best, got - best) > rules.own && got >= rules.least;
      const topic = words.some(({ word, rank }) => rank >= about && !this.words.isGeneral(word));
      if (!evidence || !(several || topic || (whole && got === wanted)) || got < rules.share * wanted || got <= evidence.best) continue;
      words.sort((a, b) => b.tells - a.tells || (a.word < b.word ? -1 : 1));
      const named = words.slice(0, rules.named).map(({ word }) => word);
      known.set(number, { total: evidence.total, best: got, words: named, strong: words.some(({ rank }) => rank) });
    }

    /** @param {number[]} parts */
    function sum(parts) {
      return parts.reduce((all, part) => all + part, 0);
    }
  }

  /** @param {Map<number, AtlasEvidence>} known @param {Set<string>} taken @returns {AtlasFound[]} */
  byWords(known, taken) {
    const told = [...known].filter(([number, { best }]) => best && !taken.has(this.entry(number).id));
    return told.map(([number, { best, words, strong }]) => {
      const { id, title, where, href, gate, guide } = this.entry(number);
      const matched = words.join(", ");
      return { id, title, where, href: strong ? gate : href, answer: "perhaps", kind: "words", matched, score: best + Number(guide) };
    });
  }

  /** @param {number} number */
  entry(number) {
    return /** @type {AtlasEntry} */ (this.entries[number]);
  }

  // By keys ---------------------------------------------------------------------------------------

  /** What is sure, and what only may be. @param {AtlasAsked} asked @param {Map<number, AtlasEvidence>} known @returns {[AtlasFound[], AtlasFound[]]} */
  byKeys(asked, known) {
    /** @type {Map<number, {sure: boolean, score: number, match: AtlasMatch}>} */
    const best = new Map();
    for (const match of this.keys.find(asked)) {
      const [sure, score, kept] = [isSure(match), this.score(match, asked, known), best.get(match.key.entry)];
      if (!kept || (sure && !kept.sure) || (sure === kept.sure && score > kept.score)) best.set(match.key.entry, { sure, score, match });
    }
    /** @type {[AtlasFound[], AtlasFound[]]} */
    const hits = [[], []];
    for (const [number, { sure, score, match }] of best) {
      const words = known.get(number)?.best ?? 0;
      const short = asked.squashed.length <= 2 * match.key.parts.join("").length;
      if (!(sure || words || short || match.tells >= this.rules.sure)) continue;
      const { id, title, where, gate, guide } = this.entry(number);
      const told = sure ? score : Math.max(match.tells, words) + Number(guide);
      const [kind, matched] = [match.like + match.key.kind, match.key.text];
      hits[sure ? 0 : 1].push({ id, title, where, href: gate, answer: sure ? "it" : "perhaps", kind, matched, score: told });
    }
    return hits;

    /** A key is that tells enough, the name of an alert, and a key that is all that was asked. @param {AtlasMatch} match */
    function isSure({ key, enough, like }) {
      return enough || key.kind === "alert" || (!like && key.parts.join("").length === asked.squashed.length);
    }
  }

  /** @param {AtlasMatch} match @param {AtlasAsked} asked @param {Map<number, AtlasEvidence>} known */
  score({ key, tells, like }, asked, known) {
    const { rules } = this;
    const exact = key.kind === "alert" && asked.text.includes(key.text);
    const beside = rules.guide * Number(this.entry(key.entry).guide) + rules.exact * Number(exact) + rules.kinds[key.kind];
    const [share, most] = rules.context;
    return tells * (like ? rules.part : 1) + beside + share * Math.min(known.get(key.entry)?.total ?? 0, most);
  }
}

const atlasReady = (() => {
  /** @type {WeakMap<AtlasIndex, AtlasSearch>} */
  const ready = new WeakMap();

  /** @param {AtlasIndex} index */
  return (index) => {
    const search = ready.get(index) ?? new AtlasSearch(index);
    ready.set(index, search);
    return search;
  };
})();

/** @param {AtlasIndex} index @param {string} text @returns {AtlasFound[]} the best first */
function atlasSearch(index, text) {
  return atlasReady(index).search(text);
}

/** The words of a text that the atlas knows, those that tell most first. @param {AtlasIndex} index @param {string} text */
function atlasTelling(index, text) {
  const { words } = atlasReady(index);
  const known = [...new Set(words.read(text).lines.flat())].filter((word) => words.found(word).length);
  return known.sort((a, b) => words.tells(b) - words.tells(a));
}
