"""The ledger of sources: publications, the facts in them, and whether these can be trusted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from .addresses import fault_of_public, host_of, plain_path
from .agreeing import contradiction, fault_of_derivation
from .dating import date_derived, fault_of_date, read_date
from .house import HOUSE, House
from .model import Change, Extent, Fact, Finding, Quantity, Source, Tier
from .quantity import QuantityError, agrees, evaluate, find_all, holds, names_in, parse, same, show
from .toml import Document, Key, Table, misfit, take

LONGEST_TEXT = 8
"""Words; more would be a sentence, which belongs to its author."""

_STATISTICS = (
    *("p50", "p75", "p90", "p95", "p99", "p999", "p9999"),
    *("peak", "average", "median", "total", "maximum", "minimum"),
)
_SOURCE: Mapping[str, Key] = MappingProxyType(
    {
        "title": Key(str, required=True),
        "url": Key(str, required=True),
        "publisher": Key(str, required=True),
        "tier": Key(str, required=True),
        "published": Key(date),
        "read": Key(date, required=True),
        "extent": Key(str, required=True, choices=tuple(Extent)),
        "copy": Key(str),
        "archive": Key(str),
        "commit": Key(str),
        "of": Key(str),
        "facts": Key(dict),
    }
)
_FACT: Mapping[str, Key] = MappingProxyType(
    {
        "value": Key(str, required=True),
        "says": Key(str, required=True),
        "text": Key(str),
        "where": Key(str),
        "as_of": Key(date, or_text=True),
        "of": Key(str),
        "copy": Key(str),
        "changed": Key(dict),
        "statistic": Key(str, choices=_STATISTICS),
        "scope": Key(str),
        "derived": Key(str),
        "corroborates": Key(str),
    }
)
_CHANGED: Mapping[str, Key] = MappingProxyType(
    {"in": Key(str, required=True), "fact": Key(str, required=True)}
)
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_SHA = re.compile(r"[0-9a-f]{40}")
COPY = re.compile(r"([\w.-]+/[\w.-]+)@([0-9a-f]{40}):(\S.*)")
"""Where a text was read: repository, commit and path."""
_LINE = re.compile(r"\S+#L\d+(?:-L\d+)?(?:, .+)?")
_FILE = re.compile(r"\S+(?:, .+)?")
_FRONT = (
    r"[a-z]{2}(?:-[a-z]{2})?|(?:index|default|main|welcome)(?:\.\w+)?|home|engineering|tech|news|posts|articles"
    r"|search|about(?:-us)?|contact|company|team|overview"
)
_VERSION = re.compile(r"(?<![\d.])\d++(?:\.\d++){2,}+")
_LISTING = (
    r"(?:[\w-]*-)?(?:tech)?blogs?|@[\w.-]+|(?:tags?|authors?|page)(?:/[^/]+)?+|categor(?:y|ies)(?:/[^/-]+)?+"
    r"|archives?|all|(?:feed|rss|atom)(?:\.xml)?|(?:19|20)\d\d(?:/\d\d){0,2}"
)
_INDEX = re.compile(rf"(?:(?:{_FRONT}|{_LISTING})(?:/|$))*", re.I)
_PROFILE = re.compile(r"(?:github\.com|dev\.to)/[^/]+", re.I)
_NAMING = re.compile(
    r"p|id|v|\w*_id|\w{2,}id|no|num|article|post|story|item|entry|doc|document|paper|report|title|slug|name|file"
    r"|path|url|u|uri|accession",
    re.I,
)
_IDLE = re.compile(
    r"utm_\w+|mc_[ce]id|\w*clid|\w*(?:user|session|client|campaign|ad)_?id|ref|ref_src|source|paged?|lang|hl|q|s"
    r"|query|search|cat|category|tag|author",
    re.I,
)
"""Parameters that name a publication, and those that track, page, search or translate."""
_LONG = 8
"""Characters, of which a word or value is as good as the name of a publication."""


def read_sources(
    documents: Iterable[Document], *, today: date, house: House = HOUSE
) -> tuple[dict[str, Source], list[Finding]]:
    """Every source by its id `publisher/key`, with what is wrong in it. A fault never hides its source."""
    sources: dict[str, Source] = {}
    findings: list[Finding] = []
    for document in documents:
        publisher = document.path.rpartition("/")[2].removesuffix(".toml")
        for key in document.tables:
            source, faults = _read_source(document, publisher, key, today, house)
            sources[source.id] = source
            findings += [*faults, *check_source(source, today=today, house=house)]
    return sources, [*findings, *check_digests(sources), *check_changes(sources)]


def check_source(source: Source, *, today: date, house: House = HOUSE) -> Iterator[Finding]:
    """SOURCE003 to SOURCE007 of one source, and FACT002 to FACT010 of its facts."""
    if not source.facts:
        hint = "write down what it says, or delete it"
        yield Finding("SOURCE003", f"{source.id} holds no facts", source.place, hint)
    yield from _check_url(source, house)
    yield from _check_dates(source, today)
    yield from _check_pins(source)
    yield from _check_version(source)
    for fact in source.facts:
        yield from check_fact(fact, source)
    yield from check_derived(source)


def check_fact(fact: Fact, source: Source) -> Iterator[Finding]:
    """FACT002, FACT007, FACT009 and FACT010 of one fact."""
    if fact.text and not _text_holds(fact):
        message = f"{fact.id}: “{fact.text}” does not hold {fact.value}"
        yield Finding("FACT002", message, fact.place, "copy the few words of the source that hold the number")
    elif fault := contradiction(fact):
        message = f"{fact.id}: {fact.value} from “{fact.text}”: {fault}"
        yield Finding("FACT002", message, fact.place, "show what the source says: unit, bound, zone and noun")
    if any(not char.isascii() and char.isdecimal() for char in fact.value):
        message = f"{fact.id}: {fact.value} has digits of another script"
        yield Finding("FACT002", message, fact.place, "write the figure with the digits 0 to 9")
    words = sum(1 for word in fact.text.split() if re.search(r"\w", word))
    if words > LONGEST_TEXT:
        message = f"{fact.id}: text has {words} words, more than {LONGEST_TEXT}"
        yield Finding("FACT007", message, fact.place, "keep the few words around the number")
    if not (fact.text or fact.where or fact.derived):
        message = f"{fact.id} does not say where it stands"
        yield Finding("FACT009", message, fact.place, "give `text`, `where` or `derived`")
    if fact.derived:
        return
    if fault := fault_of_date(fact, source):
        hint = 'give the day at which the figure was true, or "2020", "2020-11", "undated"'
        yield Finding("FACT010", f"{fact.id} {fault}", fact.place, hint)


def check_changes(sources: Mapping[str, Source]) -> Iterator[Finding]:
    """FACT013: a later fact that is not there, or is the fact itself."""
    facts = {fact.id for source in sources.values() for fact in source.facts}
    for fact in (fact for source in sources.values() for fact in source.facts if fact.changed):
        assert fact.changed is not None
        if fact.changed.fact not in facts - {fact.id}:
            message = (
                f"{fact.id}: changed in {fact.changed.since} to {fact.changed.fact}, which is no other fact"
            )
            near = get_close_matches(fact.changed.fact, facts - {fact.id}, n=2)
            hint = f"did you mean {' or '.join(near)}?" if near else "write what is true now as a fact"
            yield Finding("FACT013", message, fact.place, hint)


def check_derived(source: Source) -> Iterator[Finding]:
    """FACT004: every derived fact is recomputed from facts that are not, in the end, derived from itself."""
    known = {fact.name: fact.quantity for fact in source.facts if fact.quantity and not fact.derived}
    pending = [fact for fact in source.facts if fact.derived]
    while ready := [fact for fact in pending if known.keys() >= set(names_in(fact.derived))]:
        for fact in ready:
            yield from _recompute(fact, known)
        known |= {fact.name: fact.quantity for fact in ready if fact.quantity}
        pending = [fact for fact in pending if fact not in ready]
    for fact in pending:
        yield from _recompute(fact, known)


def check_digests(sources: Mapping[str, Source]) -> Iterator[Finding]:
    """FACT008: a digest's number has a fact of another source beside it, which it names or is named by."""
    facts = {fact.id: fact for source in sources.values() for fact in source.facts}
    beside: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts.values():
        if other := facts.get(fact.corroborates):
            beside[fact.id].append(other)
            beside[other.id].append(fact)
        if fact.corroborates and not (other and _agree(fact, other)):
            message = (
                f"{fact.id}: {fact.corroborates} is no fact of another source with the figure {fact.value}"
            )
            yield Finding("FACT008", message, fact.place, "name one as publisher/key:fact")
    for fact in facts.values():
        if not _is_digest(sources[fact.source]) or fact.quantity is None or fact.derived:
            continue
        if not any(_agree(fact, other) for other in beside[fact.id]):
            message = f"{fact.id}: a digest alone carries {fact.value}"
            hint = "name a fact of another source with the same figure in `corroborates`, or drop the figure"
            yield Finding("FACT008", message, fact.place, hint)


def fact_url(source: Source, fact: Fact) -> str:
    """The address of the spot: a line at a commit, words by text fragment (WICG), else the publication.

    In a repository `where` is `path#Lline`, or `path, heading` in its documentation.
    """
    if source.commit:
        base = source.url.rstrip("/").removesuffix(".git")
        path = quote(fact.where.partition(", ")[0], safe="/#")
        return f"{base}/blob/{source.commit}/{path}" if path else f"{base}/tree/{source.commit}"
    if not fact.text:
        return source.url
    words = quote(fact.text, safe="").replace("-", "%2D")
    return f"{source.url}{'' if '#' in source.url else '#'}:~:text={words}"


def _read_source(
    document: Document, publisher: str, key: str, today: date, house: House
) -> tuple[Source, list[Finding]]:
    tier = Key(str, required=True, choices=tuple(house.tiers))
    table, findings = take(document, (key,), {**_SOURCE, "tier": tier})
    id = f"{publisher}/{key}"
    names = tuple(table.pop("facts", {}))
    findings += _check_names(document, publisher, key, names)
    facts = []
    for name in names:
        fact, faults = _read_fact(document, key, name, id)
        facts.append(fact)
        findings += faults
    known: Table = {"title": id, "url": "", "publisher": publisher, "read": today} | table
    known |= {"tier": table.get("tier", "operator"), "extent": Extent(table.get("extent", "full"))}
    known["like"] = house.tiers.get(known["tier"], Tier.OPERATOR)
    return Source(id=id, place=document.place(key), facts=date_derived(facts), **known), findings


def _check_names(document: Document, publisher: str, key: str, names: Iterable[str]) -> Iterator[Finding]:
    for name in (publisher, key, *names):
        if not _NAME.fullmatch(name):
            place = document.place(key, "facts", name)
            yield misfit(f"`{name}` cannot be part of an id", place, "use letters, digits, `-` and `_`")


def _read_fact(document: Document, key: str, name: str, source: str) -> tuple[Fact, list[Finding]]:
    keys = (key, "facts", name)
    table, findings = take(document, keys, _FACT)
    known: Table = {"value": "", "says": ""} | table
    known |= {"place": document.place(*keys), "quantity": parse(known["value"])}
    known |= read_date(known.pop("as_of", None))
    if "changed" in known:
        known["changed"], faults = _read_change(document, (*keys, "changed"))
        findings += faults
    return Fact(id=f"{source}:{name}", **known), findings


def _read_change(document: Document, keys: tuple[str, ...]) -> tuple[Change | None, list[Finding]]:
    table, findings = take(document, keys, _CHANGED)
    return None if findings else Change(table["in"], table["fact"]), findings


def _check_url(source: Source, house: House) -> Iterator[Finding]:
    hint = "give the address of the publication itself"
    if source.url and (fault := _fault_of_url(source, house)):
        yield Finding("SOURCE004", f"{source.id}: {source.url} {fault}", source.place, hint)
    if source.archive and (fault := fault_of_public(source.archive)):
        message = f"{source.id}: archive {source.archive} {fault}"
        yield Finding("SOURCE004", message, source.place, "give the address of the archived copy")
    if source.copy.partition("@")[0].lower() in house.never_copied:
        yield Finding("SOURCE004", f"{source.id}: {source.copy} is no evidence", source.place, hint)


def _fault_of_url(source: Source, house: House) -> str:
    if fault := fault_of_public(source.url):
        return fault
    parts = urlsplit(source.url)
    host = host_of(parts).removeprefix("www.")
    names = host.split(".")
    path = plain_path(parts.path)
    known = any(".".join(names[n:]) in house.never_cited for n in range(len(names)))
    if known or _is_invented(host, path, house):
        return "is a copy or an invention of somebody else's, never evidence"
    if _PROFILE.fullmatch(f"{host}/{path}"):
        return "is a profile, not a publication"
    if source.commit or not _INDEX.fullmatch(path) or _chooses(parts.query):
        return ""
    return "is a home page or an index, not a publication"


def _chooses(query: str) -> bool:
    """True where the query string of an index names a publication."""
    parts = (part.partition("=") for part in query.split("&"))
    told = ((name, value or name) for name, sign, value in parts if value or not sign)
    return any(
        not _IDLE.fullmatch(name) and (_NAMING.fullmatch(name) or len(word) >= _LONG) for name, word in told
    )


def _is_invented(host: str, path: str, house: House) -> bool:
    return host == "github.com" and "/".join(path.lower().split("/")[:2]) in house.never_copied


def _check_dates(source: Source, today: date) -> Iterator[Finding]:
    faults = []
    if source.read > today:
        faults.append(f"read {source.read} lies in the future")
    if source.published and source.published > today:
        faults.append(f"published {source.published} lies in the future")
    if source.published and source.read < source.published:
        faults.append(f"read {source.read} is before it was published, {source.published}")
    for fault in faults:
        yield Finding("SOURCE005", f"{source.id}: {fault}", source.place, "mend `published` or `read`")


def _check_version(source: Source) -> Iterator[Finding]:
    """SOURCE007: documentation and code are true of a version, or of a day where there are no versions."""
    if (
        source.speaks in (Tier.DOCS, Tier.CODE)
        and not source.of
        and any(not fact.of for fact in source.facts)
    ):
        message = f"{source.id} does not say what it is true of"
        yield Finding("SOURCE007", message, source.place, 'add of = "RabbitMQ 3.13"')


def _check_pins(source: Source) -> Iterator[Finding]:
    hint = "give the commit in 40 hex digits, `where` as path#Lline, `copy` as owner/repository@commit:path"
    code = source.speaks is Tier.CODE
    if (code or source.commit) and not _SHA.fullmatch(source.commit):
        message = f"{source.id}: commit {source.commit or 'is missing, which'} is not 40 hex digits"
        yield Finding("SOURCE006", message, source.place, hint)
    parts: tuple[Source | Fact, ...] = (source, *source.facts)
    for part in parts:
        if part.copy and not COPY.fullmatch(part.copy):
            yield Finding("SOURCE006", f"{part.id}: copy {part.copy} is not pinned", part.place, hint)
    for fact in source.facts if code or source.commit else ():
        if not fact.where and not fact.derived:
            yield Finding("SOURCE006", f"{fact.id} has no `where` in the repository", fact.place, hint)
        elif fact.where and not (_LINE if code else _FILE).fullmatch(fact.where):
            message = f"{fact.id}: `{fact.where}` names no {'line' if code else 'file'}"
            yield Finding("SOURCE006", message, fact.place, hint)


def _text_holds(fact: Fact) -> bool:
    """Every number and every version of the value stands in the words of the source."""
    versions = _VERSION.findall(fact.value)
    return all(holds(fact.text, number) for number in find_all(fact.value)) and all(
        v in fact.text for v in versions
    )


def _recompute(fact: Fact, known: Mapping[str, Quantity]) -> Iterator[Finding]:
    try:
        result = evaluate(fact.derived, known)
    except QuantityError as error:
        message = f"{fact.id}: `{fact.derived}`, column {error.column}: {error.message}"
        yield Finding(
            "FACT004", message, fact.place, "use names of facts of this source, integers, + - * / ( )"
        )
        return
    if fault := fault_of_derivation(fact, known):
        message = f"{fact.id}: `{fact.derived}` {fault}"
        yield Finding("FACT004", message, fact.place, "derive it from the facts that it follows from")
    if not agrees(fact.value, result):
        message = f"{fact.id}: {fact.value} is not `{fact.derived}`, which gives {show(result)}"
        yield Finding("FACT004", message, fact.place, "correct the value, the formula or the facts in it")


def _is_digest(source: Source) -> bool:
    return source.speaks is Tier.DIGEST or source.extent is Extent.DIGEST


def _agree(fact: Fact, other: Fact) -> bool:
    if fact.source == other.source or fact.quantity is None or other.quantity is None:
        return False
    return same(fact.quantity, other.quantity)
