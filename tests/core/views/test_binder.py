"""Volumes, indexes and glossary, as they follow from the records."""

from __future__ import annotations

from dataclasses import replace

from atlas.records.model import Place
from atlas.records.notes import PageNote
from atlas.views import binder
from atlas.views.binder import Count


def titles(atlas, volume):
    return [
        (c.title, c.pages)
        for v in binder.read_volumes(atlas, title="All")
        if v.id == volume
        for c in v.chapters
    ]


def with_pages(atlas, *docnames):
    pages = {d: PageNote(d, d, "", Place(f"source/{d}.md")) for d in docnames}
    return replace(atlas, pages=pages)


def all_pages(atlas, *more):
    return with_pages(atlas, *(d.note.docname for d in atlas.diagrams.values()), *more)


def test_there_is_a_volume_for_all_for_3_am_each_category_and_each_system(atlas):
    volumes = binder.read_volumes(all_pages(atlas), title="All")
    assert [v.id for v in volumes] == [
        "atlas",
        "3am",
        "category-incidents",
        "category-debugging",
        "category-systems",
        "category-strays",
        "system-acme",
        "system-initech",
    ]
    assert [v.id for v in volumes if v.index_first] == ["3am"]
    assert volumes[0].title == "All"
    assert volumes[-2].title == "Acme"


def test_a_volume_of_a_system_begins_with_the_system_itself(atlas):
    assert [title for title, _ in titles(all_pages(atlas), "system-acme")] == ["Acme", "Incidents"]


def test_a_large_volume_is_parted_across_chapters(atlas):
    volumes = binder.read_volumes(all_pages(atlas), title="All", most=4)
    parts = [v for v in volumes if v.id.startswith("atlas")]
    assert [(v.id, v.title) for v in parts] == [
        ("atlas-1", "All, part 1 of 2"),
        ("atlas-2", "All, part 2 of 2"),
    ]
    [whole] = [v for v in binder.read_volumes(all_pages(atlas), title="All") if v.id == "atlas"]
    assert tuple(page for part in parts for page in part.pages) == whole.pages
    assert [c.title for c in parts[0].chapters] == ["Incidents"]


def test_no_volume_is_empty(atlas, bare):
    assert binder.read_volumes(bare, title="All") == ()
    only = with_pages(atlas, "strays/one")
    assert [v.id for v in binder.read_volumes(only, title="All")] == ["atlas", "category-strays"]


def test_chapters_stand_in_the_order_of_the_plan_and_systems_apart(atlas):
    assert titles(all_pages(atlas), "atlas") == [
        ("Incidents", ("incidents/acme", "incidents/broken", "incidents/ring")),
        ("Debugging guides", ("debugging/queue-full",)),
        ("Acme", ("systems/acme/architecture",)),
        ("strays", ("strays/one",)),
    ]
    assert [title for title, _ in titles(all_pages(atlas), "3am")] == ["Debugging guides", "Incidents"]


def test_a_page_without_a_diagram_stands_with_its_category(atlas):
    more = all_pages(atlas, "about", "incidents/index", "incidents/honest", "systems/globex/storage")
    found = dict(titles(more, "atlas"))
    assert "incidents/honest" in found["Incidents"]
    assert found["Globex"] == ("systems/globex/storage",)
    assert not {"about", "incidents/index"} & {page for pages in found.values() for page in pages}


def test_pages_of_a_system_stand_in_the_order_of_kinds(atlas):
    more = all_pages(atlas, "systems/acme/storage", "systems/acme/oddity")
    [pages] = [pages for title, pages in titles(more, "category-systems") if title == "Acme"]
    assert pages == ("systems/acme/storage", "systems/acme/architecture", "systems/acme/oddity")


def test_the_cover_counts(atlas):
    [volume] = [v for v in binder.read_volumes(all_pages(atlas), title="All") if v.id == "category-incidents"]
    assert binder.count(volume, atlas) == Count(pages=3, diagrams=3, reviewed=1, facts=1, sources=1)


def test_indexes_come_from_the_records_of_the_finder(atlas):
    found = {
        i.id: {e.text: e.pages for e in i.entries}
        for i in binder.make_indexes(atlas.diagrams.values(), atlas)
    }
    both = ("debugging/queue-full", "incidents/acme")
    assert found == {
        "symptoms": {
            "orders time out": ("incidents/acme",),
            "producers are refused": ("debugging/queue-full",),
            "Queue grows": ("incidents/acme",),
        },
        "errors": {"ERR full": both},
        "alerts": {"QueueDepthHigh": ("incidents/acme",)},
        "technologies": {"Kafka": both, "Kafka Connect": both, "PostgreSQL": both},
        "systems": {"Acme": ("incidents/acme", "systems/acme/architecture"), "Initech": ("incidents/ring",)},
    }
    assert list(found["symptoms"]) == ["orders time out", "producers are refused", "Queue grows"]


def test_an_empty_index_is_left_out(atlas):
    assert binder.make_indexes([atlas.diagrams["strays/one"]], atlas) == ()


def test_the_glossary_holds_what_the_diagrams_use(atlas):
    assert [t.id for t in binder.make_glossary(atlas.diagrams.values(), atlas)] == ["BGP", "TTL"]
