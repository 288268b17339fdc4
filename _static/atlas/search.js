// @ts-check
/* What the finder answers: exact error strings first, then alert names, then symptoms, then what is
   like one of them or shares its words. The rule stands in `_ext/atlas/finder.py`, which answers the same in a terminal; a change here is a change there. */

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
 * @property {string[][]} parts  what stands between its placeholders
 * @property {string[]} words  of all parts
 *
 * @typedef {object} AtlasAsked  the words of a text in order, of a long one those of its gravest lines
 * @property {string[]} words  as they are written
 * @property {string[]} terms  the words and their telling parts
 * @property {string[]} lines  all words in which keys are looked for, each line between blanks: as they are written, and
 *     those that the atlas does not know in parts
 * @property {Set<string>} vocabulary  of all lines
 *
 * @typedef {Map<string, {asked: string, weight: number}>} AtlasMeant  the words asked for, and what they may be a slip of
 * @typedef {{mini: MiniSearch, keys: AtlasKey[][], known: Map<string, number>, grammar: Set<string>, entries: AtlasEntry[]}} AtlasReady
 * @typedef {{key: AtlasKey | null, score: number, like: string}} AtlasMatch
 */

/** So many of the loose hits are compared word by word. */
const ATLAS_CLOSE = 40;
/** Of a longer text the gravest lines and the last are kept, each once. */
const ATLAS_LONGEST = 8000;
/** From this score on an answer is a whole error string or alert; so many that share words are shown beside it. */
const ATLAS_SURE = { score: 2000, beside: 3 };
/** A word that stands in so many of the six fields is what a page is about. */
const ATLAS_MOST = 4;
/** So much of a key, by what its words tell, makes a text like it. */
const ATLAS_LIKELY = 0.65;
/** What a guide gets beside its key, and what words get at most, so that the guide comes first. */
const ATLAS_BESIDE = { guide: 100, words: 90 };

const atlasSearch = (() => {
  const alarming = /err|exception|fatal|fail|panic|kill|warn|refus|denied|reject|timed?[ -]?out|exceed|full|memory|crit/i;
  const grave = /fatal|panic|exception|out ?of ?memory|oom|crit|emerg|caused by|abort/i;
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

  /** The lines of a long text, those that differ by numbers alone once; a shorter text whole. @param {string} text */
  function distinct(text) {
    if (text.length <= ATLAS_LONGEST) return [text];
    /** @type {Map<string, string>} */
    const lines = new Map();
    for (const line of text.split("\n")) {
      const said = words(line).join(" ");
      if (!lines.has(said)) lines.set(said, line);
    }
    return [...lines.values()];
  }

  /** @param {string} line */
  const calm = (line) => (grave.test(line) ? 0 : alarming.test(line) ? 1 : 2);

  /** Those of the lines for which there is room, in order: the gravest first, of alike ones the last. @param {string[]} lines */
  function condense(lines) {
    const kept = lines.map(() => "");
    let room = ATLAS_LONGEST;
    const ranked = lines.map((line, at) => ({ line, at, calm: calm(line) })).sort((a, b) => a.calm - b.calm || b.at - a.at);
    for (const { line, at } of ranked) {
      kept[at] = line.slice(0, Math.max(room, 0));
      room -= line.length + 1;
    }
    return kept.filter((line) => line).join("\n");
  }

  /** @param {string} text @param {Record<string, string>} codes @param {Map<string, number>} known @returns {AtlasAsked} */
  function read(text, codes, known) {
    const said = distinct(text.replace(/\bE[A-Z]+\b/g, (code) => (Object.hasOwn(codes, code) ? `${code} ${codes[code]}` : code)));
    const found = written(condense(said));
    const parted = (/** @type {(word: string) => string[]} */ way) =>
      found.flatMap((word) => (known.has(word.toLowerCase()) ? [word.toLowerCase()] : way(word)));
    const asked = found.map((word) => word.toLowerCase());
    const lines = [asked, parted(spelt), ...(said.length > 1 ? said.map(words) : [])];
    return {
      words: asked,
      terms: parted(apart),
      lines: [...new Set(lines.map((words) => ` ${words.join(" ")} `))],
      vocabulary: new Set(lines.flat()),
    };
  }

  /** @param {AtlasKey["kind"]} kind @param {string} text @returns {AtlasKey} */
  function key(kind, text) {
    const parts = text.split("…").map(words).filter((part) => part.length);
    return { kind, text, parts, words: parts.flat() };
  }

  /** @param {AtlasEntry} entry */
  const keysOf = (entry) => [
    ...entry.errors.map((text) => key("error", text)),
    ...entry.alerts.map((text) => key("alert", text)),
    ...entry.symptoms.map((text) => key("symptom", text)),
  ];

  /** @type {WeakMap<AtlasIndex, AtlasReady>} */
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
    const made = { mini, keys: index.entries.map(keysOf), known, grammar: new Set(index.grammar), entries: index.entries };
    prepared.set(index, made);
    return made;
  }

  /** How well a key stands in a line; zero where it stands in none. @param {AtlasKey} key @param {AtlasAsked} asked */
  function exactness(key, asked) {
    if (!key.words.length || !key.words.every((word) => asked.vocabulary.has(word))) return 0;
    const parts = key.parts.map((part) => ` ${part.join(" ")} `);
    return asked.lines.some((line) => parts.every((part) => line.includes(part))) ? whole(key, asked.words.length) : 0;
  }

  /** One or two words tell little among more, unless they are the name of an alert. @param {AtlasKey} key @param {number} asked */
  function whole({ kind, words: { length } }, asked) {
    const base = { error: 3000, alert: 2000, symptom: 1000 }[kind];
    const telling = length > 2 || length >= asked || kind === "alert";
    return telling ? base + 20 * Math.min(length, 50) : base / 20 + 10 * length;
  }

  /**
   * How much of a key the runs of words that it shares with a text are, the rare words above all.
   * @param {AtlasKey} key @param {AtlasAsked} asked @param {AtlasReady} ready
   */
  function likeness(key, asked, ready) {
    const shared = key.parts.filter((part) => new Set(part.filter((word) => asked.vocabulary.has(word))).size > 1);
    const runs = shared.map((part) => longestRun(part, asked.words));
    const most = Math.max(0, ...runs.map((run) => run.length));
    if (most < 2 || most < Math.min(3, asked.words.length)) return 0;
    const covered = weight(runs.flat(), ready) / weight(key.words, ready);
    return covered < ATLAS_LIKELY ? 0 : { error: 800, alert: 775, symptom: 750 }[key.kind] * covered;
  }

  /** How much words tell: the fewer entries hold one, the more. @param {string[]} words @param {AtlasReady} ready */
  const weight = (words, { known, entries }) =>
    words.reduce((sum, word) => sum + Math.log(1 + entries.length / (known.get(word) ?? 1)) ** 2, 0);

  /** The most words in a row that stand in both. @param {string[]} one @param {string[]} other */
  function longestRun(one, other) {
    let [most, end] = [0, 0];
    let above = new Array(other.length + 1).fill(0);
    one.forEach((word, ends) => {
      const row = new Array(other.length + 1).fill(0);
      other.forEach((second, at) => {
        if (word === second && (row[at + 1] = above[at] + 1) > most) [most, end] = [row[at + 1], ends + 1];
      });
      above = row;
    });
    return one.slice(end - most, end);
  }

  /** The most telling words asked for, and what those may mean that the atlas does not know. @param {string[]} terms @param {AtlasReady} ready */
  function meantBy(terms, { known, grammar }) {
    const once = [...new Set(terms)].filter((word) => !grammar.has(word));
    const telling = once.sort((a, b) => (known.get(a) ?? 1e9) - (known.get(b) ?? 1e9)).slice(0, 48);
    /** @type {AtlasMeant} */
    const meant = new Map(telling.map((word) => [word, { asked: word, weight: 1 }]));
    for (const word of telling.filter((word) => !known.has(word)).slice(0, 12))
      for (const other of known.keys()) {
        const weight = other[0] === word[0] && !grammar.has(other) && !meant.has(other) ? slipWeight(word, other) : 0;
        if (weight) meant.set(other, { asked: word, weight });
      }
    return meant;
  }

  /** What a known word counts that a mistyped or unfinished one may mean; zero where it may not. @param {string} word @param {string} known */
  function slipWeight(word, known) {
    const { length } = known;
    if (word.length > 4 && known.startsWith(word)) return (0.375 * length) / (length + 0.3 * (length - word.length));
    const least = slips(word, known);
    return least ? (0.45 * length) / (length + least) : 0;
  }

  /**
   * How many letters went wrong, at most one, two in a long word, in a short one but the order of two; zero where more did.
   * @param {string} word @param {string} known
   */
  function slips(word, known) {
    const most = word.length > 8 ? 2 : 1;
    if (Math.abs(known.length - word.length) > most || word.length < 4) return 0;
    if (word.length < 6 && [...word].sort().join("") !== [...known].sort().join("")) return 0;
    const least = distance(word, known);
    return least > most ? 0 : least;
  }

  /** The letters to add, drop, change or swap that lead from one word to another. @param {string} one @param {string} other */
  function distance(one, other) {
    /** @type {number[]} */
    let before = [];
    let above = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let row = 1; row <= one.length; row++) {
      const current = [row];
      for (let column = 1; column <= other.length; column++) {
        const changed = (above[column - 1] ?? 0) + Number(one[row - 1] !== other[column - 1]);
        const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
        const swap = swapped ? (before[column - 2] ?? 0) + 1 : changed;
        current.push(Math.min(changed, swap, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
      }
      [before, above] = [above, current];
    }
    return above[other.length] ?? 0;
  }

  /** @param {AtlasFound} a @param {AtlasFound} b */
  const byScore = (a, b) => b.score - a.score || a.title.localeCompare(b.title);

  /** @param {AtlasIndex} index @param {string} text @returns {AtlasFound[]} the best first */
  function search(index, text) {
    const ready = prepared.get(index) ?? prepare(index);
    const asked = read(text, index.codes ?? {}, ready.known);
    if (!asked.words.length) return [];
    const meant = meantBy(asked.terms, ready);
    const hits = looselyFound(meant, ready);
    const keyed = byKeys(asked, hits, ready);
    const sure = [...keyed.values()].some(({ score }) => score >= ATLAS_SURE.score);
    const worded = byWords(meant, hits, ready, sure).filter(({ at }) => !keyed.has(at)).map(({ found }) => found).sort(byScore);
    return [...keyed.values(), ...worded.slice(0, sure ? ATLAS_SURE.beside : undefined)].sort(byScore);
  }

  /** What the words found, each word that was asked for counted once. @param {AtlasMeant} meant @param {AtlasReady} ready */
  function looselyFound(meant, { mini, known }) {
    const asked = [...meant.keys()].filter((word) => known.has(word));
    const hits = mini.search(asked.join(" "), {
      tokenize: (text) => text.split(" "),
      boostTerm: (word) => meant.get(word)?.weight ?? 1,
    });
    const share = (/** @type {string[]} */ terms) => originsOf(terms, meant).size / terms.length;
    return hits.map((hit) => ({ ...hit, score: hit.score * share(hit.terms) })).sort((a, b) => b.score - a.score);
  }

  /** @param {string[]} words @param {AtlasMeant} meant */
  const originsOf = (words, meant) => new Set(words.map((word) => meant.get(word)?.asked));

  /** @param {AtlasAsked} asked @param {MiniSearchHit[]} hits @param {AtlasReady} ready @returns {Map<number, AtlasFound>} */
  function byKeys(asked, hits, ready) {
    const loose = new Map(hits.map((hit) => [Number(hit.id), hit]));
    const close = new Set(hits.slice(0, ATLAS_CLOSE).map((hit) => Number(hit.id)));
    const found = new Map();
    ready.entries.forEach((entry, at) => {
      /** @type {AtlasMatch} */
      let best = { key: null, score: 0, like: "" };
      const weigh = (/** @type {AtlasMatch} */ match) => void (match.score > best.score && (best = match));
      for (const key of ready.keys[at] ?? []) weigh({ key, score: exactness(key, asked), like: "" });
      if (close.has(at)) for (const key of ready.keys[at] ?? []) weigh({ key, score: likeness(key, asked, ready), like: "like " });
      if (best.key) found.set(at, keyed(entry, best.key, best, loose.get(at)));
    });
    return found;
  }

  /** @param {AtlasMeant} meant @param {MiniSearchHit[]} hits @param {AtlasReady} ready @param {boolean} sure */
  function byWords(meant, hits, { entries, known }, sure) {
    const count = (/** @type {string} */ word) => known.get(word) ?? 0;
    const inOrder = (/** @type {string[]} */ words) => words.sort((a, b) => count(a) - count(b) || (a < b ? -1 : 1));
    const rare = (/** @type {string[]} */ words) => words.filter((word) => count(word) < entries.length / 3);
    const common = hits.every((hit) => !rare(hit.terms).length);
    const half = sure ? Infinity : originsOf([...meant.keys()], meant).size / 2;
    return hits.flatMap((hit) => {
      const [at, words] = [Number(hit.id), common ? [...hit.terms].sort() : inOrder(rare(hit.terms))];
      const named = words.some((word) => meant.get(word)?.asked === word && names(word, hit.match[word] ?? []));
      const entry = entries[at];
      if (!entry || !words.length || !(named || originsOf(words, meant).size >= Math.min(half, 2))) return [];
      return [{ at, found: worded(entry, words, hit) }];
    });
  }

  /**
   * Whether a word tells much alone: it names a system, a technology or what most of a page is about. So does the code of
   * an error.
   * @param {string} word @param {string[]} fields
   */
  const names = (word, fields) => fields.includes("names") || fields.length >= ATLAS_MOST || (/^\d+$/.test(word) && inKeys(fields));

  /** @param {string[]} fields */
  const inKeys = (fields) => ["errors", "alerts", "symptoms"].some((field) => fields.includes(field));

  /** @param {AtlasEntry} entry @param {AtlasKey} key @param {AtlasMatch} match @param {MiniSearchHit} [hit] @returns {AtlasFound} */
  function keyed({ id, title, where, gate, guide }, key, { score, like }, hit) {
    const kind = like + { error: "error string", alert: "alert", symptom: "symptom" }[key.kind];
    const beside = Math.min((hit?.score ?? 0) / 5, ATLAS_BESIDE.words) + (guide ? ATLAS_BESIDE.guide : 0);
    return { id, title, where, href: gate, kind, matched: key.text, score: score + beside };
  }

  /** @param {AtlasEntry} entry @param {string[]} matched @param {MiniSearchHit} hit @returns {AtlasFound} */
  function worded({ id, title, where, gate, href, guide }, matched, hit) {
    const acute = inKeys(Object.values(hit.match).flat());
    const score = Math.min(hit.score, 4000) / 5 + (guide ? ATLAS_BESIDE.guide / 10 : 0);
    return { id, title, where, href: acute ? gate : href, kind: "words", matched: matched.slice(0, 8).join(", "), score };
  }

  return search;
})();
