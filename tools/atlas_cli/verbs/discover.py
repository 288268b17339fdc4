"""Source discovery: publications in feeds and indexes that no ledger holds yet, the most useful first.

A FEED is an https address, a saved file, or a folder of them: RSS, Atom, a list of links such as
danluu/post-mortems, files with front matter such as those of postmortems.app; of a folder, files that are
something else are passed over and named. --list FILE names feeds, one a line. What is found is scored against
the gaps of the catalogue and the weakest systems, and says why. A feed that fails is reported and costs
nothing but itself. --propose FILE writes a stub of a source for each, never a fact: someone has to read it
first.

Examples:
  atlas discover ~/feeds/
  atlas discover https://example.org/feed.xml --save ~/feeds
  atlas discover --list feeds.txt -n 10 --propose proposals.toml
"""

from __future__ import annotations

import hashlib
import json
import re
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

from atlas.files.pasted import normalise
from atlas_cli.feeds import (
    FeedError,
    Item,
    NoFeedError,
    fetch,
    find_feeds,
    parse_feed,
    plain_url,
    read_feed,
    unique,
)
from atlas_cli.layouts import find_project
from atlas_cli.names import count
from atlas_cli.project import Project, Record, append, read_atlas, write_whole
from atlas_cli.terminal import RefusalError, Terminal, counted, shorten

_INCIDENT = re.compile(
    r"\b(outage|incident|post-?mortem|root cause|downtime|disruption|degrad\w+|failover|unavailab\w+)\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\d[\d.,]*\s*(?:%|x|ms|s|seconds|minutes|hours|TB|PB|GB|million|billion|k|QPS|RPS)\b", re.IGNORECASE
)
_LIKE = 0.4
"""The share of a planned title's words, by weight, that a publication must hold to be like it."""


_PLAIN = frozenset(
    "a an and as at by for from how in is it many of on one or that the to two what when where with".split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """A publication that the ledgers do not hold: its score, and what speaks for it."""

    item: Item
    score: float
    reasons: tuple[str, ...]
    system: str = ""
    entry: str = ""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("feeds", nargs="*", metavar="FEED", help="an https address, a file, or a folder")
    parser.add_argument(
        "--list", metavar="FILE", help="a file that names feeds, one a line; # begins a comment"
    )
    parser.add_argument("-n", "--limit", type=count, default=20, metavar="N", help="how many to show (20)")
    parser.add_argument("--save", metavar="DIR", help="keep what the network answered, to work offline later")
    parser.add_argument("--propose", metavar="FILE", help="append a stub of a source for each to FILE")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 1 where a feed failed."""
    names = [*args.feeds, *_listed(args.list)]
    if not all(name.strip() for name in names or [""]):
        raise RefusalError("no feed", "name one: an https address, a file, or a folder of saved ones")
    project = find_project(args.where)
    if args.propose:
        _check_proposal(Path(args.propose), project)
    atlas = read_atlas(project, terminal)
    read = read_feeds(names, terminal, Path(args.save) if args.save else None)
    found = rank(unique(read.items), atlas)[: args.limit]
    if args.json:
        terminal.give({"found": [_record(f) for f in found], "failed": read.failed, "skipped": read.skipped})
    else:
        _print(terminal, found, read)
    if args.propose:
        _propose(Path(args.propose), found, terminal)
    return 1 if read.failed else 0


def _listed(name: str | None) -> list[str]:
    lines = _read_text(Path(name)).splitlines() if name else []
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _read_text(path: Path) -> str:
    """Raises RefusalError."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RefusalError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RefusalError(f"cannot read {path}: it is not UTF-8") from error


def _check_proposal(path: Path, project: Project) -> None:
    """Stubs can be appended to the file, which is no ledger. Raises RefusalError."""
    if path.resolve().is_relative_to(project.data):
        raise RefusalError("a proposal is no source", f"write it outside of {project.path(project.data)}")
    if path.exists():
        _read_text(path)


@dataclass(slots=True)
class Reading:
    """What feeds gave: their items, why some failed by name, and the files of folders that are no feeds."""

    items: list[Item] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


def read_feeds(names: Sequence[str], terminal: Terminal, save: Path | None) -> Reading:
    """All feeds, whatever is wrong with some."""
    read = Reading()
    with terminal.working("atlas: reading feeds") as work:
        for name, of_folder in find_feeds(names):
            work.step(name)
            try:
                read.items += _fetch_and_keep(name, save) if save and "://" in name else read_feed(name)
            except FeedError as error:
                if of_folder and isinstance(error, NoFeedError):
                    read.skipped.append(name)
                else:
                    read.failed[name] = str(error)
    return read


def _fetch_and_keep(name: str, save: Path) -> list[Item]:
    data = fetch(name)
    items = parse_feed(data, name)
    kind = ".xml" if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else ".md"
    stem = re.sub(r"[^\w.-]+", "-", name.removeprefix("https://"))[:80]
    write_whole(
        save / f"{stem}-{hashlib.sha256(name.encode()).hexdigest()[:8]}{kind}", data.decode(errors="replace")
    )
    return items


# Scoring -----------------------------------------------------------------------------------------


def rank(items: Iterable[Item], atlas: Record) -> list[Found]:
    """The items that the ledgers do not hold, the most useful first."""
    known = {plain_url(url) for s in atlas["sources"] for url in (s["url"], s["archive"]) if url}
    gaps = _Gaps(atlas)
    found = [gaps.judge(item) for item in items if plain_url(item.url) not in known]
    return sorted(found, key=lambda f: (-f.score, f.item.title, f.item.url))


class _Gaps:
    """What the catalogue lacks: diagrams not written, and systems with few."""

    def __init__(self, atlas: Record) -> None:
        plan = atlas["catalogue"]
        self._entries = {e["id"]: e for e in plan["entries"] if e["status"] == "not_created"}
        self._names = {s["id"]: s["name"] for s in plan["systems"]}
        planned = Counter(e["system"] for e in plan["entries"] if e["system"])
        lacking = Counter(e["system"] for e in self._entries.values() if e["system"])
        self._systems = {id: (lacking[id], planned[id]) for id in planned}
        self._words = {id: set(normalise(e["title"]).split()) - _PLAIN for id, e in self._entries.items()}
        self._counts = Counter(word for words in self._words.values() for word in words)

    def judge(self, item: Item) -> Found:
        """An item's score: a gap of its system up to 4, a planned title up to 3, an incident 2, figures 1."""
        text = f"{item.title} {item.summary}"
        system = self._system_of(item)
        entry, likeness = self._like(set(normalise(f"{item.publisher} {text}").split()))
        reasons, score = [], 0.0
        if system in self._systems:
            lacks, of = self._systems[system]
            score += 4 * lacks / of
            reasons.append(f"{self._names[system]} lacks {lacks} of {of}")
        if entry:
            score += 3 * likeness
            reasons.append(f"like {entry}, which is planned")
        if _INCIDENT.search(text):
            score += 2
            reasons.append("an incident")
        if _NUMBERS.search(text):
            score += 1
            reasons.append("gives figures")
        return Found(item, round(score, 2), tuple(reasons), system, entry)

    def _system_of(self, item: Item) -> str:
        """The system that publisher, host or title names as a whole word, the longest name first."""
        host = plain_url(item.url).partition("/")[0].replace(".", " ").replace("-", " ")
        text = f" {' '.join(re.findall(r'[a-z0-9]+', f'{item.publisher} {host} {item.title}'.lower()))} "
        names = sorted(self._names.items(), key=lambda pair: -len(pair[1]))
        for id, name in names:
            spelt = " ".join(re.findall(r"[a-z0-9]+", name.lower()))
            if f" {spelt} " in text or f" {id.replace('-', ' ')} " in text:
                return str(id)
        return ""

    def _like(self, words: set[str]) -> tuple[str, float]:
        """The planned diagram whose title a text holds most of, by the rarity of its words, and how much."""
        best, share = "", 0.0
        for id, title in self._words.items():
            whole = sum(map(self._rarity, title))
            held = sum(map(self._rarity, title & words)) / whole if whole else 0.0
            if held > share and len(title & words) > 1:
                best, share = id, held
        return (best, round(share, 2)) if share >= _LIKE else ("", 0.0)

    def _rarity(self, word: str) -> float:
        return float(log(1 + len(self._words) / self._counts[word]))


def _record(found: Found) -> Record:
    item = found.item
    return {
        "title": item.title,
        "url": item.url,
        "publisher": item.publisher,
        "published": item.published.isoformat() if item.published else None,
        "feed": item.feed,
        "score": found.score,
        "reasons": list(found.reasons),
        "system": found.system,
        "entry": found.entry,
    }


def _print(terminal: Terminal, found: Sequence[Found], read: Reading) -> None:
    for f in found:
        day = f" ({f.item.published})" if f.item.published else ""
        terminal.say(
            f"{f.score:4.1f}  {terminal.style(shorten(f.item.title, terminal.width - 20), 'bold')}{day}"
        )
        terminal.say(f"      {terminal.style(f.item.url, 'cyan')}")
        if f.reasons:
            terminal.say(f"      {terminal.style('; '.join(f.reasons), 'dim')}")
    if not found:
        terminal.say("Nothing new.")
    for name, why in read.failed.items():
        terminal.note(f"atlas: {name}: {why}")
    if read.skipped:
        terminal.note(f"no feeds, passed over: {', '.join(read.skipped)}")
    terminal.note(
        f"{counted(len(unique(read.items)), 'publication')} read, {counted(len(read.failed), 'feed')} failed"
    )


# Proposals ---------------------------------------------------------------------------------------


def _propose(path: Path, found: Sequence[Found], terminal: Terminal) -> None:
    """Append a stub for each publication that the file does not name yet. Raises RefusalError."""
    text = _read_text(path) if path.exists() else ""
    new = [f for f in found if json.dumps(f.item.url) not in text]
    for f in new:
        append(path, render_stub(f))
    terminal.note(f"wrote {counted(len(new), 'stub')} to {path}")


def render_stub(found: Found) -> str:
    """A source as far as a feed tells it. What only a reader knows stands as a comment."""
    item = found.item
    why = "; ".join(found.reasons) or "nothing speaks for it"
    lines = [f"# Not read yet. Score {found.score}: {why}.", f"# From {item.feed}", f"[{_key(item)}]"]
    lines += [f"title = {_quote(item.title)}", f"url = {_quote(item.url)}"]
    lines += [f"publisher = {_quote(item.publisher)}"] if item.publisher else []
    lines += [f"published = {item.published.isoformat()}"] if item.published else []
    lines += ["# tier, read, extent and facts: by whoever reads it"]
    return "\n".join(lines) + "\n"


def _key(item: Item) -> str:
    """A name that says what it is and that no other address has."""
    words = re.findall(r"[a-z0-9]+", f"{item.publisher} {item.title}".lower())
    digest = hashlib.sha256(item.url.encode()).hexdigest()[:6]
    return f"{'-'.join(dict.fromkeys(words))[:48].strip('-')}-{digest}"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
