"""The binder: which volumes there are, which pages stand in them, and the indexes at their backs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice
from math import ceil
from operator import itemgetter

from atlas.records.model import Role, Status, Term
from atlas.rules.atlas import Atlas, Diagram

from .blocks import slug
from .lookup import error_strings, find_technologies, find_terms

RESPONSE = (Role.GUIDE, Role.INCIDENT)
"""What the categories of the 3 AM binder stand for, in its order."""
SYSTEMS = "systems"


@dataclass(frozen=True, slots=True)
class Chapter:
    """Pages under one heading; `lead` is the docname of the page whose opening words introduce them."""

    id: str
    title: str
    lead: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """One PDF. `id` is the name of its file; `index_first` puts the indexes ahead of the chapters."""

    id: str
    title: str
    about: str
    chapters: tuple[Chapter, ...]
    index_first: bool = False

    @property
    def pages(self) -> tuple[str, ...]:
        return tuple(page for chapter in self.chapters for page in chapter.pages)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A word or string to look for, and the docnames of the pages that answer it."""

    text: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """An alphabetical index; `code` where its entries are exact strings of programs."""

    id: str
    title: str
    entries: tuple[IndexEntry, ...]
    code: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """What the cover of a volume counts."""

    pages: int
    diagrams: int
    reviewed: int
    facts: int
    sources: int


# Volumes -----------------------------------------------------------------------------------------


def read_volumes(atlas: Atlas, *, title: str, most: int = 60) -> tuple[Volume, ...]:
    """The whole, the 3 AM binder, one volume a category and one a system; none without a page.

    A volume of more than `most` pages is parted, since Typst needs about 10 MB of memory for each, and a
    folder holds the 200 sheets, printed on both sides, that these make.
    """
    chapters = list(_chapters(atlas))
    response = [c for role in RESPONSE for c in chapters if atlas.ledgers.house.role(c.id) is role]
    about = "What to look at and what to run when something is down."
    volumes = [
        Volume("atlas", title, "All diagrams of the atlas.", tuple(chapters)),
        Volume("3am", "The 3 AM binder", about, tuple(response), index_first=True),
        *_category_volumes(atlas, chapters),
        *_system_volumes(atlas),
    ]
    return tuple(part for volume in volumes if volume.pages for part in _parts(volume, most))


def _parts(volume: Volume, most: int) -> Iterator[Volume]:
    parts = ceil(len(volume.pages) / most)
    if parts == 1:
        yield volume
        return
    placed = [(chapter, page) for chapter in volume.chapters for page in chapter.pages]
    size = ceil(len(placed) / parts)
    for number in range(1, parts + 1):
        grouped = groupby(islice(placed, (number - 1) * size, number * size), key=itemgetter(0))
        chapters = tuple(replace(c, pages=tuple(page for _, page in found)) for c, found in grouped)
        title = f"{volume.title}, part {number} of {parts}"
        yield replace(volume, id=f"{volume.id}-{number}", title=title, chapters=chapters)


def _category_volumes(atlas: Atlas, chapters: Iterable[Chapter]) -> Iterator[Volume]:
    grouped: dict[str, list[Chapter]] = defaultdict(list)
    for chapter in chapters:
        grouped[chapter.id.partition("/")[0]].append(chapter)
    for category, found in grouped.items():
        title = _category_title(atlas, category)
        about = f"The category “{title}” of the atlas."
        yield Volume(f"category-{slug(category)}", title, about, tuple(found))


def _system_volumes(atlas: Atlas) -> Iterator[Volume]:
    systems = sorted({d.note.system for d in atlas.diagrams.values()} - {""})
    for system in systems:
        name, id = atlas.system_name(system), slug(system.replace("/", "--"))
        pages = {d.note.docname for d in atlas.diagrams.values() if d.note.system == system}
        found = tuple(sorted(_chapters(atlas, pages), key=lambda c: not c.id.startswith(SYSTEMS)))
        yield Volume(f"system-{id}", name, f"All that the atlas holds on {name}.", found)


def _chapters(atlas: Atlas, only: Iterable[str] | None = None) -> Iterator[Chapter]:
    """Categories in the order of the plan; that of systems has a chapter for each of them."""
    chosen = atlas.pages.keys() if only is None else atlas.pages.keys() & set(only)
    sorted_in: dict[tuple[str, str], list[str]] = defaultdict(list)
    for docname in sorted(chosen):
        if place := _shelf(atlas, docname):
            sorted_in[place].append(docname)
    planned = [c.id for c in atlas.ledgers.catalogue.categories]
    names = [*planned, *sorted({category for category, _ in sorted_in} - set(planned))]
    for key in sorted(sorted_in, key=lambda key: (names.index(key[0]), key[1])):
        yield _chapter(atlas, *key, sorted_in[key])


def _chapter(atlas: Atlas, category: str, system: str, pages: list[str]) -> Chapter:
    if not system:
        return Chapter(category, _category_title(atlas, category), f"{category}/index", tuple(pages))
    kinds = [k.id for k in atlas.ledgers.catalogue.kinds]
    ordered = sorted(pages, key=lambda p: (_rank(kinds, p.rpartition("/")[2]), p))
    id = f"{category}/{system}"
    return Chapter(id, atlas.system_name(system), f"{id}/index", tuple(ordered))


def _rank(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _shelf(atlas: Atlas, docname: str) -> tuple[str, str] | None:
    """The category and, among systems, the system of a page; None for what is not of the atlas itself."""
    diagrams = atlas.on_page(docname)
    folder, _, name = docname.partition("/")
    if diagrams:
        category = diagrams[0].category
        return category, diagrams[0].note.system if category == SYSTEMS else ""
    if atlas.category(folder) is None or docname.rpartition("/")[2] == "index":
        return None
    return folder, name.partition("/")[0] if folder == SYSTEMS else ""


def _category_title(atlas: Atlas, id: str) -> str:
    category = atlas.category(id)
    return category.title if category else id


def diagrams_of(volume: Volume, atlas: Atlas) -> list[Diagram]:
    """The diagrams of a volume, in the order in which they stand there."""
    return [diagram for docname in volume.pages for diagram in atlas.on_page(docname)]


def count(volume: Volume, atlas: Atlas) -> Count:
    diagrams = diagrams_of(volume, atlas)
    return Count(
        pages=len(volume.pages),
        diagrams=len(diagrams),
        reviewed=sum(d.status is Status.UP_TO_DATE for d in diagrams),
        facts=len({f.id for d in diagrams for f in d.cited}),
        sources=len({s.id for d in diagrams for s in d.sources}),
    )


# Indexes -----------------------------------------------------------------------------------------


def make_indexes(diagrams: Iterable[Diagram], atlas: Atlas) -> tuple[Index, ...]:
    """By symptom, exact error string, alert, technology and system; none that would be empty."""
    drawn = list(diagrams)
    find = find_technologies(atlas.ledgers)
    technologies = ((t.name, d) for d in drawn for t in find(d))
    systems = ((atlas.system_name(d.note.system), d) for d in drawn if d.note.system)
    found = (
        Index("symptoms", "By symptom", _entries((s, d) for d in drawn for s in d.note.symptoms)),
        Index("errors", "By exact error string", _entries(_errors(drawn)), code=True),
        Index("alerts", "By alert", _entries((a, d) for d in drawn for a in d.note.alerts), code=True),
        Index("technologies", "By technology", _entries(technologies)),
        Index("systems", "By system", _entries(systems)),
    )
    return tuple(index for index in found if index.entries)


def _errors(diagrams: Iterable[Diagram]) -> Iterator[tuple[str, Diagram]]:
    for diagram in diagrams:
        for text in error_strings(diagram):
            yield " ".join(text.split()), diagram


def _entries(named: Iterable[tuple[str, Diagram]]) -> tuple[IndexEntry, ...]:
    pages: dict[str, dict[str, None]] = defaultdict(dict)
    for text, diagram in named:
        pages[text][diagram.note.docname] = None
    ordered = sorted(pages, key=lambda text: (text.casefold(), text))
    return tuple(IndexEntry(text, tuple(pages[text])) for text in ordered)


def make_glossary(diagrams: Iterable[Diagram], atlas: Atlas) -> tuple[Term, ...]:
    """The terms that the diagrams use, in alphabetical order."""
    find = find_terms(atlas.ledgers)
    used = {id for diagram in diagrams for id in find(diagram)}
    terms = (atlas.ledgers.terms[id] for id in used)
    return tuple(sorted(terms, key=lambda t: (t.id.casefold(), t.id)))
