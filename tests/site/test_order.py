"""A page in the order of need, in whatever order it was written; quality marks at its foot."""

from __future__ import annotations

import re

import pytest

from .conftest import Build, Project

PAGE = "source/incidents/acme-2024-03-05.md"
GUIDE = "source/debugging/queue-full.md"
SECOND = """
```{atlas-diagram} incidents/second
:title: Another
:alt: One box.
:sources: queued/manual

flowchart LR
  subgraph state
    Q["Queue<br/>limit ${limit}"]
  end
```
"""


def headings(page: str) -> list[str]:
    """The headings of a page below its title."""
    article = page.partition("<h1>")[2].partition('class="sphinxsidebar"')[0]
    return [re.sub(r"<[^>]+>|¶", "", found).strip() for found in re.findall(r"<h2>(.*?)</h2>", article)]


def order(page: str, *marks: str) -> list[str]:
    """The marks in the order in which they first stand on a page."""
    article = page.partition("<h1>")[2]
    assert all(mark in article for mark in marks), [mark for mark in marks if mark not in article]
    return sorted(marks, key=article.index)


@pytest.fixture
def lessons(lawful: Project) -> Build:
    """The lawful example with a section of its own, in which the last gate stands as on real pages."""
    text = (lawful.path / PAGE).read_text(encoding="utf-8")
    gate = (
        "::::{quality-gate} new-hire\nTechnologies versioned\n: not published: the report names none\n::::\n"
    )
    note = "The clock of the report is that of the office.\n"
    text = text.replace("::::{quality-gate} 3am", f"{note}\n::::{{quality-gate}} 3am", 1)
    lawful.write(PAGE, f"{text}\n## What to learn\n\nA queue needs a limit.\n\n{gate}")
    guide = (lawful.path / GUIDE).read_text(encoding="utf-8").removesuffix("::::\n")
    lawful.write(GUIDE, f"{guide}\n  3. Prove that it is over: step 1 falls.\n::::\n")
    return lawful.build("-nW", "--keep-going")


def test_an_incident_stands_in_the_order_of_need(lessons: Build) -> None:
    page = lessons.read("incidents/acme-2024-03-05.html")
    assert lessons.code == 0, lessons.log
    assert headings(page) == [
        "Recovery",
        "Error texts, logs, metrics, alerts",
        "What it takes down",
        "Timeline",
        "What to learn",
        "Sources",
        "How far this page is checked",
    ]
    marks = (
        'class="atlas-figure',
        'id="incidents-acme-2024-03-05-3am"',
        "The clock of the report",
        "A queue needs",
    )
    assert order(page, *reversed(marks)) == list(marks)


def test_the_steps_come_before_what_they_are_recognised_by(lessons: Build) -> None:
    page = lessons.read("incidents/acme-2024-03-05.html")
    assert order(page, "<dt>Logs", "Add workers.", "<dt>Runbook") == [
        "Add workers.",
        "<dt>Runbook",
        "<dt>Logs",
    ]
    texts = page.partition('-3am-texts"')[2].partition("</section>")[0]
    assert "<dt>Alerts</dt>" in texts
    assert "QueueDepthHigh" in texts


def test_verdicts_and_reviews_stand_at_the_foot(lessons: Build) -> None:
    page = lessons.read("incidents/acme-2024-03-05.html")
    above, _, foot = page.partition('id="incidents-acme-2024-03-05-checked"')
    assert "atlas-verdict" not in above
    assert "atlas-status" not in above
    assert "Can someone new follow it alone?" in foot
    assert "the report names none" in foot
    assert above.count('id="incidents-acme-2024-03-05-evidence"') == 1


def test_the_step_that_says_when_it_is_over_can_be_linked_to(lessons: Build) -> None:
    page = lessons.read("debugging/queue-full.html")
    assert 'href="#debugging-queue-full-over">Is it over?</a>' in page
    step = page.partition('id="debugging-queue-full-over"')[2]
    assert step.partition("</li>")[0].endswith("Prove that it is over: step 1 falls.</p>")
    assert '2024-03-05-over"' not in lessons.read("incidents/acme-2024-03-05.html")


def test_a_page_of_two_diagrams_stays_as_it_was_written(lawful: Project) -> None:
    text = (lawful.path / PAGE).read_text(encoding="utf-8")
    lawful.write(PAGE, text.replace("```{atlas-timeline}", f"{SECOND.strip()}\n\n```{{atlas-timeline}}", 1))
    page = lawful.build().read("incidents/acme-2024-03-05.html")
    assert "How far this page is checked" not in page
    assert 'class="atlas-timeline' not in page.partition("Another")[0]
    assert "atlas-verdict" in page
