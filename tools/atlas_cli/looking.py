"""Looking for the words of claims in copies of repositories: at the commit that is cited, and in the newest
text.

A claim is looked for by its words; where none are given, by the line that it names; else by its value. Words
are compared as a reader sees them, as `claims` does.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from atlas.records.checks import evidence_id, key_of
from atlas.records.model import Place
from atlas.records.plan import Check, Cited, Newest
from atlas.records.quantity import find_all, holds
from atlas.records.sources import COPY

from .claims import plain, words_of
from .copies import Copies, Copy
from .feeds import FeedError
from .project import Record

_GITHUB = re.compile(
    r"https://(?:github\.com|raw\.githubusercontent\.com)/([^/]+/[^/#?]+?)(?:\.git)?(?:/(.*))?"
)
_PINNED = re.compile(r"(?:blob/)?([0-9a-f]{40})/([^#?]+)")
_WHERE = re.compile(r"(?P<path>[^#,]+?)(?:#L(?P<first>\d+)(?:-L?(?P<last>\d+))?)?(?:, .*)?")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)|\[([^\]\n]*)\]\[[^\]\n]*\]")
_TAG = re.compile(r"<[^<>]{0,300}>")
_NEAR = 2
"""Lines around the one that is named in which words may go on."""
_TELLING = 12
"""Characters; what is shorter stands in many files and says nothing of where it went."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A file at a commit, and the lines that are named there (0: none)."""

    repository: str
    commit: str
    path: str
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What is looked for, and where it may stand; `own` where the repository is the publisher's, `copied`
    where the publication is elsewhere.
    """

    id: str
    key: str
    source: str
    tier: str
    words: str
    value: str
    spots: tuple[Spot, ...]
    own: bool
    copied: bool

    @property
    def by(self) -> str:
        if self.words:
            return "words"
        return "line" if self.spots[0].first else "value"


@dataclass(frozen=True, slots=True)
class Text:
    """A file as it is read: `lines` as they stand, `readings` with and without markup."""

    lines: tuple[str, ...]
    readings: tuple[str, ...]


# Claims ------------------------------------------------------------------------------------------


def read_claims(atlas: Record) -> Iterator[Claim]:
    """Every fact that is not derived, and every evidence line once, whose source or copy is in git."""
    sources = {source["id"]: source for source in atlas["sources"]}
    spots: dict[str, list[Spot]] = defaultdict(list)
    for id, fact in atlas["facts"].items():
        source = sources[fact["source"]]
        found = () if fact["derived"] else _spots_of(source, fact)
        if not found:
            continue
        spots[source["id"]] += found
        said = (fact["value"], fact["text"], fact["where"], fact["copy"], source["commit"], source["url"])
        yield _claim(id, key_of(*said), source, fact["text"], fact["value"], found)
    for id, words in _evidence(atlas):
        source = sources[id]
        named = [*_spots_of(source, {**source, "where": ""}), *spots[id]]
        known = tuple(dict.fromkeys(Spot(s.repository, s.commit, s.path) for s in named))
        if known:
            key = key_of(source["copy"], source["commit"], source["url"])
            yield _claim(evidence_id(id, words), key, source, words, "", known)


def _claim(id: str, key: str, source: Record, words: str, value: str, spots: tuple[Spot, ...]) -> Claim:
    own = is_own(source["url"], spots[0].repository)
    return Claim(id, key, source["id"], source["tier"], words, value, spots, own, bool(source["copy"]))


def _evidence(atlas: Record) -> Iterator[tuple[str, str]]:
    parts = (part for d in atlas["diagrams"] for part in (*d["nodes"], *d["edges"]))
    known = {(e["source"], e["words"]) for part in parts for e in part["evidence"]}
    named = {source["id"] for source in atlas["sources"]}
    return ((source, words) for source, words in sorted(known) if source in named)


def _spots_of(source: Record, claim: Record) -> tuple[Spot, ...]:
    """Where a claim may stand, the likeliest first; nothing where that is not in git.

    `where` names a file of a copied repository, too, where it has a line or a folder.
    """
    where = _WHERE.fullmatch(claim["where"])
    path = where["path"] if where else ""
    first = int(where["first"] or 0) if where else 0
    last = int(where["last"] or first) if where else 0
    if copied := COPY.fullmatch(claim["copy"] or source["copy"]):
        same = not path or copied[3].endswith(path)
        whole = Spot(copied[1], copied[2], copied[3], *((first, last) if same else (0, 0)))
        named = Spot(copied[1], copied[2], path, first, last)
        return (whole,) if same or not (first or "/" in path) else (named, whole)
    found = _GITHUB.fullmatch(source["url"].partition("#")[0])
    if found and (pinned := _PINNED.fullmatch(found[2] or "")):
        return (Spot(found[1], pinned[1], pinned[2], first, last),)
    return (Spot(found[1], source["commit"], path, first, last),) if found and source["commit"] else ()


def is_own(url: str, repository: str) -> bool:
    """True where the address is in the repository, or its owner carries the name of the host: `letsencrypt`
    and letsencrypt.org. The newest text of anybody else's copy tells nothing of the publisher's.
    """
    if (found := _GITHUB.fullmatch(url.partition("#")[0])) and found[1].lower() == repository.lower():
        return True
    host = (urlsplit(url).hostname or "").split(".")
    name = re.sub(r"\W", "", host[-2] if len(host) > 1 else "")
    owner = re.sub(r"[\W_]", "", repository.partition("/")[0]).lower()
    return bool(name) and (name in owner or owner in name)


# Looking -----------------------------------------------------------------------------------------


def look(claim: Claim, copies: Copies, today: date) -> Check:
    """What became of a claim. Raises RefusalError where git cannot be run."""
    best = _unread(claim, today, f"no file of {claim.spots[0].repository} is named")
    for spot in claim.spots:
        if not spot.path:
            continue
        check = _look_at(claim, spot, copies, today)
        if check.seen:
            return check
        if best.cited is Cited.UNREAD:
            best = check
    return _search(claim, copies, today) or best


def _search(claim: Claim, copies: Copies, today: date) -> Check | None:
    """Evidence from a repository may stand in a file that no fact names."""
    spot = claim.spots[0]
    copy = copies.find(spot.repository)
    if claim.value or copy is None or not copy.commit(spot.commit):
        return None
    found = (
        _look_at(claim, Spot(spot.repository, spot.commit, path), copies, today)
        for path in copy.search(spot.commit, claim.words)
    )
    return next((check for check in found if check.seen), None)


def _look_at(claim: Claim, spot: Spot, copies: Copies, today: date) -> Check:
    copy = copies.find(spot.repository)
    if copy is None:
        return _unread(claim, today, f"no copy of {spot.repository}")
    if not copy.commit(spot.commit):
        return _unread(claim, today, f"the copy of {spot.repository} lacks the commit")
    text = _read(copy, spot.commit, spot.path)
    if isinstance(text, str):
        missing = not copy.has(spot.commit, spot.path)
        cited = Cited.MISSING if missing else Cited.UNREAD
        return Check(claim.id, Place(""), claim.key, today, cited, claim.by, why=text)
    cited = _seen(claim, spot, text)
    told = _newest(claim, spot, copy, text) if claim.own and cited is not Cited.MISSING else {}
    return Check(claim.id, Place(""), claim.key, today, cited, claim.by, **told)


def _unread(claim: Claim, today: date, why: str) -> Check:
    return Check(claim.id, Place(""), claim.key, today, Cited.UNREAD, claim.by, why=why)


def _seen(claim: Claim, spot: Spot, text: Text) -> Cited:
    """Whether the words stand in the cited text, at the line that is named where one is."""
    if not claim.words and spot.first:
        return Cited.SEEN if any(_block(spot, text)) else Cited.MISSING
    around = text.lines[max(spot.first - 1 - _NEAR, 0) : spot.last + _NEAR]
    if spot.first and _says(claim.words, _readings("\n".join(around))):
        return Cited.SEEN
    if not _stands(claim, spot, text, text):
        return Cited.MISSING
    return Cited.BESIDE if spot.first else Cited.SEEN


def _newest(claim: Claim, spot: Spot, copy: Copy, cited: Text) -> Record:
    """What became of the words; nothing where a post left the repository that it was copied from."""
    at = copy.newest(spot.commit)
    told: Record = {"at": at, "of": copy.day(at)}
    path = copy.follow(at, spot.path)
    text = _read(copy, at, path) if path else ""
    if path and isinstance(text, str):
        return {"newest": Newest.UNREAD, "why": text}
    if isinstance(text, str) or not _stands(claim, spot, text, cited):
        now = _elsewhere(claim, spot, copy, at, cited)
        path, state = now or path, Newest.CHANGED if path else Newest.GONE
        if not now:
            return {} if claim.copied and state is Newest.GONE else told | {"newest": state}
    return told | ({"newest": Newest.MOVED, "path": path} if path != spot.path else {"newest": Newest.STANDS})


def _elsewhere(claim: Claim, spot: Spot, copy: Copy, at: str, cited: Text) -> str:
    """The file that the words went to, where there is one that holds them all."""
    needle = claim.words or max(_block(spot, cited) if spot.first else [""], key=len)
    if len(needle) < _TELLING:
        return ""
    for path in copy.search(at, needle):
        text = _read(copy, at, path)
        if not isinstance(text, str) and _stands(claim, spot, text, cited):
            return path
    return ""


def _stands(claim: Claim, spot: Spot, text: Text, cited: Text) -> bool:
    """Whether what was looked for in the cited text stands in another one."""
    if claim.words:
        return _says(claim.words, text.readings)
    if spot.first:
        wanted = [line for line in _block(spot, cited) if line]
        have = [line for line in map(_bare, text.lines) if line]
        same = any(have[n : n + len(wanted)] == wanted for n in range(len(have) - len(wanted) + 1))
        return same or _has_token(claim.value, wanted, text)
    return _has_value(claim.value, text)


def _has_token(value: str, lines: list[str], text: Text) -> bool:
    """True where the line holds a name that tells (an option, a metric), and another text holds it, too."""
    named = plain(value)
    telling = len(named) >= _TELLING and not find_all(value) and named in plain(" ".join(lines))
    return telling and any(named in reading for reading in text.readings)


def _says(words: str, readings: tuple[str, ...]) -> bool:
    """Whether words stand in a text: as they are, or without punctuation, which wraps them in comments of
    code.
    """
    bare = _bare_words(words)
    wanted = (plain(words), bare) if " " in bare else (plain(words),)
    return any(wording in reading for wording in wanted for reading in readings)


def _bare_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", plain(text)))


def _has_value(value: str, text: Text) -> bool:
    if any(plain(value) in reading for reading in text.readings):
        return True
    wanted = find_all(value)
    return bool(wanted) and all(any(_holds(line, q) for line in text.lines) for q in wanted)


@lru_cache(maxsize=4096)
def _holds(line: str, quantity: object) -> bool:
    return any(c.isdigit() for c in line) and len(line) < 4000 and holds(line, quantity)  # type: ignore[arg-type]


def _block(spot: Spot, text: Text) -> list[str]:
    return [_bare(line) for line in text.lines[spot.first - 1 : spot.last]]


def _bare(line: str) -> str:
    return " ".join(line.split())


# Reading -----------------------------------------------------------------------------------------


def _read(copy: Copy, commit: str, path: str) -> Text | str:
    """A file, or why it cannot be read."""
    data = copy.read(commit, path)
    if data is None:
        return f"{path} is not in the copy" if copy.has(commit, path) else f"there is no {path} at the commit"
    return _text(data)


@lru_cache(maxsize=64)
def _text(data: bytes) -> Text | str:
    try:
        words = words_of(data)
    except FeedError as error:
        return str(error)
    text = data.decode(errors="replace")
    return Text(tuple(text.splitlines()), (words, *_readings(text)))


def _readings(text: str) -> tuple[str, ...]:
    """A text as it stands, without the markup of links and tags, and without punctuation."""
    unlinked = _LINK.sub(r"\1\2", text)
    joined, spaced = (html.unescape(_TAG.sub(between, unlinked)) for between in ("", " "))
    return tuple(
        dict.fromkeys((plain(text), plain(joined), plain(spaced), _bare_words(spaced), _bare_words(text)))
    )
