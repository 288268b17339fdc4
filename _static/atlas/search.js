// @ts-check
/* What the finder answers: exact error strings first, then alert names, then symptoms, then all other words. The rule
   stands in `_ext/atlas/finder.py`, which answers the same in a terminal; a change here is a change there. */

/**
 * @typedef {object} AtlasEntry  one diagram
 * @property {string} id
 * @property {string} title
 * @property {string} where
 * @property {string} href
 * @property {boolean} guide  it says what to do, ahead of what happened to others
 * @property {string} gate  the address of the gate that a responder reads first
 * @property {string[]} errors
 * @property {string[]} alerts
 * @property {string[]} symptoms
 * @property {string[]} names  of the system and the technologies
 * @property {string} labels
 *
 * @typedef {object} AtlasFound
 * @property {string} id
 * @property {string} title
 * @property {string} where
 * @property {string} href
 * @property {string} kind  why it matched
 * @property {string} matched  what matched
 * @property {number} score
 *
 * @typedef {object} AtlasKey  one string by which an entry is found, as words
 * @property {"error" | "alert" | "symptom"} kind
 * @property {string} text
 * @property {string[]} parts  what stands between its placeholders, each with a blank before and behind
 * @property {number} size  in words
 *
 * @typedef {object} AtlasAsked  the words of a text in order
 * @property {string[]} words  as they are written
 * @property {string[]} spelt  those that the atlas does not know in their parts
 * @property {string[]} terms  the words and their telling parts
 *
 * @typedef {{words: string[], line: string}} AtlasLine  words, and the same with a blank before, between and behind
 */

/** So many of the loose hits are compared word by word. */
const ATLAS_CLOSE = 40;
/** Of a longer text the lines that look like errors are kept, each once. */
const ATLAS_LONGEST = 8000;
/** What a guide gets beside its key, and what words get at most, so that the guide comes first. */
const ATLAS_BESIDE = { guide: 100, words: 90 };

const atlasSearch = (() => {
  const alarming = /err|exception|fatal|fail|panic|kill|warn|refus|denied|reject|timed?[ -]?out|exceed|full|memory|crit/i;
  const seam = /_+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g;

  /** Colours, times, ids, addresses, hex and paths: what differs between two lines of the same error. */
  const noise = [
    /(\x1b|\\x1b|\\u001b|\\033|\^\[)\[[\d;?]*[a-z]/gi,
    /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?[\d.,]*(Z|[+-]\d\d:?\d\d)?/g,
    /\b(mon|tue|wed|thu|fri|sat|sun)?,? ?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +\d{1,2},?( \d{4})?/gi,
    /\b\d{1,2}:\d\d(:\d\d)?([.,]\d+)?\b/g,
    /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi,
    /\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g,
    /\b0x[\da-f]+\b/gi,
    /\b(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{7,}\b/gi,
    /(?<![\w.])(\/[\w.@%+~-]+){2,}\/?(:\d+)?/g,
    /\b\d[\d.]*(?=([kmgt]i?b|ms)\b)/gi,
  ];

  /** Numbers of three to five digits may be codes or ports; others count something. @param {string} word */
  const tells = (word) => !/^\d+$/.test(word) || (word.length > 2 && word.length < 6);

  /** @param {string} text @returns {string[]} */
  function written(text) {
    const clean = noise.reduce((left, pattern) => left.replace(pattern, " "), text);
    return (clean.match(/[\p{L}\p{N}_]+/gu) ?? []).filter(tells);
  }

  /** @param {string} text */
  const words = (text) => written(text).map((word) => word.toLowerCase());

  /** @param {string} word  which may be several, written in one */
  const spelt = (word) => word.replace(seam, " ").toLowerCase().split(" ").filter((part) => part && tells(part));

  /** A word and those of its parts that may tell something. @param {string} word */
  function apart(word) {
    const whole = word.toLowerCase();
    return [whole, ...spelt(word).filter((part) => part.length > 2 && part !== whole)];
  }

  /** @param {string} text */
  const terms = (text) => written(text).flatMap(apart);

  /** @param {string} text */
  function condense(text) {
    if (text.length <= ATLAS_LONGEST) return text;
    /** @type {Map<string, string>} */
    const lines = new Map();
    for (const line of text.split("\n")) {
      const said = words(line).join(" ");
      if (!lines.has(said)) lines.set(said, line);
    }
    const kept = [...lines.values()].sort((a, b) => Number(alarming.test(b)) - Number(alarming.test(a)));
    return kept.join("\n").slice(0, ATLAS_LONGEST);
  }

  /** @param {string} text @param {Record<string, string>} codes @param {Map<string, number>} known @returns {AtlasAsked} */
  function read(text, codes, known) {
    const meant = condense(text).replace(/\bE[A-Z]+\b/g, (code) => (Object.hasOwn(codes, code) ? `${code} ${codes[code]}` : code));
    const found = written(meant);
    const parted = (/** @type {(word: string) => string[]} */ way) =>
      found.flatMap((word) => (known.has(word.toLowerCase()) ? [word.toLowerCase()] : way(word)));
    return { words: found.map((word) => word.toLowerCase()), spelt: parted(spelt), terms: parted(apart) };
  }

  /** @param {string[]} words @returns {AtlasLine} */
  const lineOf = (words) => ({ words, line: ` ${words.join(" ")} ` });

  /** @param {AtlasKey["kind"]} kind @param {string} text @returns {AtlasKey} */
  function key(kind, text) {
    const parts = text.split("…").map(words).filter((part) => part.length);
    return { kind, text, parts: parts.map((part) => ` ${part.join(" ")} `), size: parts.flat().length };
  }

  /** @param {AtlasEntry} entry */
  const keysOf = (entry) => [
    ...entry.errors.map((text) => key("error", text)),
    ...entry.alerts.map((text) => key("alert", text)),
    ...entry.symptoms.map((text) => key("symptom", text)),
  ];

  /** @type {WeakMap<AtlasIndex, {keys: AtlasKey[][], mini: MiniSearch, known: Map<string, number>}>} */
  const prepared = new WeakMap();

  /** @param {AtlasIndex} index */
  function prepare(index) {
    const mini = new MiniSearch({
      fields: ["errors", "alerts", "symptoms", "title", "names", "labels"],
      tokenize: terms,
      processTerm: (term) => term,
      extractField: (entry, field) => String(entry[field]),
      searchOptions: { boost: { errors: 6, alerts: 6, symptoms: 4, title: 3, names: 3, labels: 1 } },
    });
    mini.addAll(index.entries.map((entry, id) => ({ ...entry, id })));
    const known = new Map();
    for (const entry of index.entries) {
      const all = [entry.title, entry.labels, ...entry.names, ...entry.errors, ...entry.alerts, ...entry.symptoms];
      for (const word of new Set(terms(all.join(",")))) known.set(word, (known.get(word) ?? 0) + 1);
    }
    const made = { keys: index.entries.map(keysOf), mini, known };
    prepared.set(index, made);
    return made;
  }

  /** How well a key stands in a line, or a line in a key; zero where neither does. @param {AtlasKey} key @param {AtlasLine[]} lines */
  const exactness = (key, lines) => (key.size ? lines.reduce((most, line) => Math.max(most, exactIn(key, line)), 0) : 0);

  /** @param {AtlasKey} key @param {AtlasLine} asked */
  function exactIn(key, { words, line }) {
    const base = { error: 3000, alert: 2000, symptom: 1000 }[key.kind];
    if (key.parts.every((part) => line.includes(part))) return whole(key, base, words.length);
    if (words.length > 1 && key.parts.some((part) => part.includes(line))) return base - 200 + (100 * words.length) / key.size;
    return 0;
  }

  /** One or two words tell little among more, unless they are the name of an alert. @param {AtlasKey} key @param {number} base @param {number} asked */
  function whole(key, base, asked) {
    const telling = key.size > 2 || key.size >= asked || key.kind === "alert";
    return telling ? base + 20 * Math.min(key.size, 50) : base / 20 + 10 * key.size;
  }

  /** How well the longest run of words that a key shares with a line covers the key. @param {AtlasKey} key @param {string[]} asked */
  function likeness(key, asked) {
    const base = { error: 3000, alert: 2000, symptom: 1000 }[key.kind];
    const run = Math.max(0, ...key.parts.map((part) => longestRun(part.trim().split(" "), asked)));
    return run > 2 && run / key.size > 0.3 ? base - 500 + 10 * Math.min(run, 20) : 0;
  }

  /** @param {string[]} a @param {string[]} b */
  function longestRun(a, b) {
    let most = 0;
    let above = new Array(b.length + 1).fill(0);
    for (const word of a) {
      const row = new Array(b.length + 1).fill(0);
      b.forEach((other, i) => {
        if (word === other) most = Math.max(most, (row[i + 1] = above[i] + 1));
      });
      above = row;
    }
    return most;
  }

  /** @param {AtlasIndex} index @param {string} text @returns {AtlasFound[]} the best first */
  function search(index, text) {
    const { keys, mini, known } = prepared.get(index) ?? prepare(index);
    const asked = read(text, index.codes ?? {}, known);
    if (!asked.words.length) return [];
    const lines = [asked.words, asked.spelt].map(lineOf).filter(({ line }, at, all) => !at || line !== all[0]?.line);
    const telling = [...new Set(asked.terms)].sort((a, b) => (known.get(a) ?? 1e9) - (known.get(b) ?? 1e9)).slice(0, 48);
    const typos = new Set(telling.filter((word) => !known.has(word)).slice(0, 12));
    const hits = mini.search(telling.join(" "), {
      fuzzy: (term) => (typos.has(term) && term.length > 3 ? 0.25 : false),
      tokenize: (text) => text.split(" "),
      prefix: (term) => typos.has(term) && term.length > 4,
    });
    const count = (/** @type {string} */ word) => known.get(word) ?? 0;
    const said = (/** @type {string[]} */ terms) =>
      [...new Set(terms)].filter((word) => count(word) < index.entries.length / 3).sort((a, b) => count(a) - count(b));
    const loose = new Map(hits.map((hit) => [Number(hit.id), hit]));
    const common = hits.every((hit) => !said(hit.terms).length);
    const close = new Set(hits.slice(0, ATLAS_CLOSE).map((hit) => Number(hit.id)));
    const found = index.entries.flatMap((entry, id) => {
      const score = (/** @type {AtlasKey} */ key) => exactness(key, lines) || (close.has(id) ? likeness(key, asked.words) : 0);
      const none = /** @type {{key: AtlasKey | null, score: number}} */ ({ key: null, score: 0 });
      const best = (keys[id] ?? []).map((key) => ({ key, score: score(key) })).reduce((a, b) => (b.score > a.score ? b : a), none);
      const hit = loose.get(id);
      if (best.key) return [keyed(entry, best.key, best.score, hit)];
      const matched = hit ? (common ? [...new Set(hit.terms)] : said(hit.terms)) : [];
      return hit && matched.length ? [worded(entry, matched, hit)] : [];
    });
    return found.sort((a, b) => b.score - a.score || a.title.localeCompare(b.title));
  }

  /** @param {AtlasEntry} entry @param {AtlasKey} key @param {number} score @param {MiniSearchHit} [hit] @returns {AtlasFound} */
  function keyed({ id, title, where, gate, guide }, key, score, hit) {
    const kind = { error: "error string", alert: "alert", symptom: "symptom" }[key.kind];
    const beside = Math.min((hit?.score ?? 0) / 5, ATLAS_BESIDE.words) + (guide ? ATLAS_BESIDE.guide : 0);
    return { id, title, where, href: gate, kind, matched: key.text, score: score + beside };
  }

  /** @param {AtlasEntry} entry @param {string[]} matched @param {MiniSearchHit} hit @returns {AtlasFound} */
  function worded({ id, title, where, gate, href, guide }, matched, hit) {
    const fields = new Set(Object.values(hit.match).flat());
    const acute = fields.has("errors") || fields.has("alerts") || fields.has("symptoms");
    const score = Math.min(hit.score, 4000) / 5 + (guide ? ATLAS_BESIDE.guide / 10 : 0);
    return { id, title, where, href: acute ? gate : href, kind: "words", matched: matched.slice(0, 8).join(", "), score };
  }

  return search;
})();
