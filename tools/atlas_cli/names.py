"""What a word on the command line names: a diagram by id, path or title, a category, a system."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path

from .project import Project, Record
from .terminal import RefusalError

_OFFERED = 3


def find_diagrams(words: Sequence[str], atlas: Record, project: Project) -> list[Record]:
    """The diagrams that words name, each once, in order; a path names all of its page.

    Raises RefusalError.
    """
    found: dict[str, Record] = {}
    missing = []
    for word in words:
        named = _named(word, atlas["diagrams"], project)
        found.update({d["id"]: d for d in named})
        missing += [] if named else [word]
    if missing:
        raise RefusalError(*_explain(missing, atlas))
    return list(found.values())


def find_diagram(word: str, atlas: Record, project: Project) -> Record:
    """The one diagram that a word names. Raises RefusalError, also where it names several."""
    found = find_diagrams([word], atlas, project)
    if len(found) > 1:
        raise RefusalError(f"{word} has {len(found)} diagrams", "one of " + ", ".join(d["id"] for d in found))
    return found[0]


def _named(word: str, diagrams: Iterable[Record], project: Project) -> list[Record]:
    plain = word.strip().casefold()
    path, stem = project.path(word), word.strip().removesuffix(".md")
    by_id = [d for d in diagrams if d["id"] == word.strip()]
    by_path = [
        d
        for d in diagrams
        if path == d["place"]["path"] or word == d["place"]["path"] or stem == d["docname"]
    ]
    by_end = [d for d in diagrams if d["id"].endswith(f"/{stem}")]
    by_title = [d for d in diagrams if plain in (d["title"].casefold(), d["page_title"].casefold())]
    return by_id or by_path or by_title or (by_end if len(by_end) == 1 else [])


def _explain(missing: Sequence[str], atlas: Record) -> tuple[str, str]:
    planned = {e["id"] for e in atlas["catalogue"]["entries"]}
    if missing[0] in planned:
        return f"{missing[0]} is planned and has no page yet", f"write it: atlas new diagram {missing[0]}"
    names = {n: d["id"] for d in atlas["diagrams"] for n in (d["id"], d["title"], d["page_title"]) if n}
    plan = {id: id for id in planned}
    offers = [
        _offer(word, plan if _likeness(word, plan) > _likeness(word, names) else names) for word in missing
    ]
    listed = ", ".join(repr(word) for word in missing)
    return f"no diagram is called {listed}", "; ".join(
        filter(None, offers)
    ) or "`atlas find` searches for words"


def _likeness(word: str, names: Iterable[str]) -> float:
    """How much the nearest name is like a word; 0 where none is near."""
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    return SequenceMatcher(None, near[0], word).ratio() if near else 0


def _offer(word: str, names: Mapping[str, str]) -> str:
    lower = {name.casefold(): id for name, id in names.items()}
    stem = (Path(word).stem if word.endswith(".md") else word).casefold()
    near = get_close_matches(stem, lower, n=_OFFERED, cutoff=0.6)
    near += [name for name in lower if stem in name.split("/")][:_OFFERED]
    ends = {name.rpartition("/")[2]: name for name in lower}
    near += [ends[end] for end in get_close_matches(stem, ends, n=_OFFERED, cutoff=0.7)]
    ids = list(dict.fromkeys(lower[name] for name in near))[:_OFFERED]
    return f"did you mean {' or '.join(ids)}?" if ids else ""


def count(text: str) -> int:
    """A number of rows to show, as argparse wants it."""
    number = int(text)
    if number < 1:
        raise ArgumentTypeError(f"{number} is no number of rows; use 1 or more")
    return number


def check_choice(what: str, word: str, known: Iterable[str]) -> str:
    """A word that must be one of those known. Raises RefusalError."""
    names = sorted(known)
    if word in names:
        return word
    near = get_close_matches(word, names, n=_OFFERED, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"one of {', '.join(names)}"
    raise RefusalError(f"there is no {what} {word!r}", hint)
