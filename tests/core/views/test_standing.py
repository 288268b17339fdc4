"""The line that says how current a page of lists is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from atlas.views.blocks import Prose
from atlas.views.render import VIEWS, digest, render_view
from atlas.views.standing import LISTS, of_diagram, stand

ARGUMENTS = {"category": "incidents", "system": "acme"}


def line(atlas, view, argument=""):
    [block, *_] = stand(atlas, view, argument, render_view(atlas, view, argument))[0].blocks
    return block.text if isinstance(block, Prose) and block.style == "standing" else ""


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_every_page_of_lists_says_how_current_it_is(atlas, view):
    assert bool(line(atlas, view, ARGUMENTS.get(view, ""))) == (view in LISTS)


def test_the_line_names_reviews_and_the_span_of_the_figures(atlas):
    days = sorted(f.as_of for d in atlas.diagrams.values() for f in d.cited if f.as_of)
    reviewed = [d for d in atlas.diagrams.values() if d.review]
    waiting = len(atlas.diagrams) - len(reviewed)
    said = line(atlas, "sources")
    assert said.startswith(f"{len(atlas.diagrams)} diagrams · reviewed {reviewed[0].review.when.date()}")
    assert f" · {waiting} to be reviewed · figures as of {days[0]}" in said


def test_a_span_has_two_ends_and_what_is_not_there_is_not_said(atlas):
    guide = atlas.diagrams["debugging/queue-full"]
    review = next(d.review for d in atlas.diagrams.values() if d.review)
    early = replace(review, when=datetime(2020, 1, 2, tzinfo=UTC))
    old = tuple(replace(f, as_of=date(2019, 5, 6)) for f in guide.cited)
    diagrams = {
        "debugging/queue-full": replace(guide, review=early, cited=old),
        "incidents/acme": replace(atlas.diagrams["incidents/acme"], review=review),
    }
    said = line(replace(atlas, diagrams=diagrams), "sources")
    assert f"reviewed 2020-01-02 to {review.when.date()}" in said
    assert "to be reviewed" not in said
    assert "figures as of 2019-05-06 to " in said
    bare = {"debugging/queue-full": replace(guide, review=None, cited=())}
    assert line(replace(atlas, diagrams=bare), "sources") == "1 diagram · 1 to be reviewed"


def test_a_year_is_no_last_day_of_december(atlas):
    guide = atlas.diagrams["debugging/queue-full"]
    first, *rest = (replace(f, as_of=date(2025, 6, 1)) for f in guide.cited)
    cited = (replace(first, as_of=date(2026, 12, 31), dated="2026"), *rest)
    assert of_diagram(replace(guide, cited=cited))[-1].endswith(" 2026")


def test_nothing_is_said_where_nothing_is_listed_and_once_on_a_page(atlas, bare):
    assert line(bare, "category", "incidents") == ""
    assert line(atlas, "incident-response", "symptoms")
    assert line(atlas, "incident-response", "plane-edge") == ""


def test_a_review_moves_the_page_that_lists_its_diagram(atlas):
    def shown(atlas):
        return digest(stand(atlas, "glossary", "", render_view(atlas, "glossary")))

    diagrams = {
        id: replace(d, review=replace(d.review, when=datetime(2001, 1, 1, tzinfo=UTC)) if d.review else None)
        for id, d in atlas.diagrams.items()
    }
    assert shown(replace(atlas, diagrams=diagrams)) != shown(atlas)


def test_a_diagram_says_its_version_its_review_and_the_days_of_its_figures(atlas):
    diagram = atlas.diagrams["incidents/acme"]
    assert of_diagram(diagram) == ["version 1.0", "reviewed 2026-11-20 by R", "figures as of 2024-03-05"]
    assert of_diagram(atlas.diagrams["incidents/broken"]) == ["no version"]
    later = replace(diagram, cited=(*diagram.cited, replace(diagram.cited[0], as_of=date(2025, 1, 1))))
    assert of_diagram(later)[-1] == "figures as of 2024-03-05 to 2025-01-01"
