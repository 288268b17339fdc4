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
 */

/** So many of the loose hits are compared word by word. */
const ATLAS_CLOSE = 40;

const atlasSearch = (() => {
  /** Times, ids, addresses, hex and paths: what differs between two lines of the same error. */
  const noise = [
    /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?[\d.,]*(Z|[+-]\d\d:?\d\d)?/g,
    /\b(mon|tue|wed|thu|fri|sat|sun)?,? ?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +\d{1,2},?( \d{4})?/gi,
    /\b\d{1,2}:\d\d(:\d\d)?([.,]\d+)?\b/g,
    /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi,
    /\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g,
    /\b0x[\da-f]+\b/gi,
    /\b(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{7,}\b/gi,
    /(?<![\w.])(\/[\w.@%+~-]+){2,}\/?(:\d+)?/g,
  ];

  /** Numbers of three to five digits may be codes or ports; others count something. @param {string} word */
  const tells = (word) => !/^\d+$/.test(word) || (word.length > 2 && word.length < 6);

  /** @param {string} text @returns {string[]} */
  function words(text) {
    const clean = noise.reduce((left, pattern) => left.replace(pattern, " "), text);
    return (clean.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter(tells);
  }

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
      tokenize: words,
      processTerm: (term) => term,
      extractField: (entry, field) => String(entry[field]),
      searchOptions: { boost: { errors: 6, alerts: 6, symptoms: 4, title: 3, names: 3, labels: 1 } },
    });
    mini.addAll(index.entries.map((entry, id) => ({ ...entry, id })));
    const known = new Map();
    for (const entry of index.entries) {
      const all = [entry.title, entry.labels, ...entry.names, ...entry.errors, ...entry.alerts, ...entry.symptoms];
      for (const word of new Set(words(all.join(" ")))) known.set(word, (known.get(word) ?? 0) + 1);
    }
    const made = { keys: index.entries.map(keysOf), mini, known };
    prepared.set(index, made);
    return made;
  }

  /** How well a key stands in a line, or a line in a key; zero where neither does. One word of many tells little,
   * unless it is the name of an alert. @param {AtlasKey} key @param {string[]} asked @param {string} line */
  function exactness(key, asked, line) {
    const base = { error: 3000, alert: 2000, symptom: 1000 }[key.kind];
    if (!key.size) return 0;
    const whole = key.parts.every((part) => line.includes(part));
    if (whole && key.size === 1 && asked.length > 1 && key.kind !== "alert") return 150;
    if (whole) return base + 10 * Math.min(key.size, 50);
    if (asked.length > 1 && key.parts.some((part) => part.includes(line))) return base - 200 + (100 * asked.length) / key.size;
    return 0;
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
    const asked = words(text);
    if (!asked.length) return [];
    const line = ` ${asked.join(" ")} `;
    const telling = [...new Set(asked)].sort((a, b) => (known.get(a) ?? 1e9) - (known.get(b) ?? 1e9)).slice(0, 48);
    const typos = new Set(telling.filter((word) => !known.has(word)).slice(0, 12));
    const hits = mini.search(telling.join(" "), {
      fuzzy: (term) => (typos.has(term) && term.length > 3 ? 0.25 : false),
      prefix: (term) => typos.has(term) && term.length > 4,
    });
    const count = (/** @type {string} */ word) => known.get(word) ?? 0;
    const said = (/** @type {string[]} */ terms) =>
      [...new Set(terms)].filter((word) => count(word) < index.entries.length / 3).sort((a, b) => count(a) - count(b));
    const loose = new Map(hits.map((hit) => [Number(hit.id), hit]));
    const close = new Set(hits.slice(0, ATLAS_CLOSE).map((hit) => Number(hit.id)));
    const found = index.entries.flatMap((entry, id) => {
      const score = (/** @type {AtlasKey} */ key) => exactness(key, asked, line) || (close.has(id) ? likeness(key, asked) : 0);
      const none = /** @type {{key: AtlasKey | null, score: number}} */ ({ key: null, score: 0 });
      const best = (keys[id] ?? []).map((key) => ({ key, score: score(key) })).reduce((a, b) => (b.score > a.score ? b : a), none);
      const hit = loose.get(id);
      return best.score || hit ? [answer(entry, best, hit, said)] : [];
    });
    return found.sort((a, b) => b.score - a.score || a.title.localeCompare(b.title));
  }

  /** @param {AtlasEntry} entry @param {{key: AtlasKey | null, score: number}} best @param {MiniSearchHit | undefined} hit @param {(terms: string[]) => string[]} said  the telling ones @returns {AtlasFound} */
  function answer(entry, best, hit, said) {
    const { id, title, where } = entry;
    const score = best.score + Math.min(hit?.score ?? 0, 4000) / 5 + (entry.guide ? 10 : 0);
    if (best.key) {
      const kind = { error: "error string", alert: "alert", symptom: "symptom" }[best.key.kind];
      return { id, title, where, href: entry.gate, kind, matched: best.key.text, score };
    }
    const fields = new Set(Object.values(hit?.match ?? {}).flat());
    const acute = fields.has("errors") || fields.has("alerts") || fields.has("symptoms");
    const matched = said(hit?.terms ?? []).slice(0, 8).join(", ");
    return { id, title, where, href: acute ? entry.gate : entry.href, kind: "words", matched, score };
  }

  return search;
})();
