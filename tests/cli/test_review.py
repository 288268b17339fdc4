"""Review: the queue, compliance, and mends that need no judgement."""

from __future__ import annotations

import json

import pytest

from atlas.rules.table import RULES

from .conftest import GUIDE, INCIDENT, PAGE

MENDED = ["CATALOGUE004", "FACT001", "GATE001", "LEDGER002", "LINK001", "MERMAID004", "PLANE002", "SOURCE002"]


def test_the_queue_by_priority(desk):
    desk.review()
    desk.change(PAGE, "at the peak" if "at the peak" in desk.read(PAGE) else "Order API", "Orders API")
    desk.change(GUIDE, ":version: 1.0\n", "")
    done = desk.run("review")
    assert done.out.startswith("0 of 2 diagrams comply\n")
    high, _, medium = done.out.partition("MEDIUM: 1 diagram")
    assert "HIGH: 1 diagram" in high
    assert "debugging/queue-full  destroys, and was not tried: drop" in high
    assert "incidents/acme-2024-03-05  changed since its review of" in medium


def test_who_complies(desk):
    desk.review()
    desk.review(id="debugging/queue-full")
    assert desk.run("review", "--priority", "low").out.startswith("0 of 0 diagrams comply\nNothing waits")
    rows = desk.run("review", INCIDENT, "--json").data["rows"]
    assert rows[0]["reviewed"].endswith("R. Reader")
    assert rows[0]["compliant"]
    assert "incidents/acme-2024-03-05  up to date  3am passed" in desk.run("review", INCIDENT).out


def test_who_read_a_page_that_has_changed(desk):
    desk.review()
    desk.change(PAGE, "Add workers.", "Add many workers.")
    words = " ".join(desk.run("review", INCIDENT, COLUMNS="200").out.split())
    assert "R. Reader, changed since" in words
    assert "0 never" in " ".join(desk.run("review", "debugging/queue-full").out.split())


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--category", "incidents"], {INCIDENT}),
        (["--system", "acme"], {INCIDENT}),
        (["--priority", "high"], {"debugging/queue-full"}),
        (["debugging/queue-full", INCIDENT, "--category", "debugging"], {"debugging/queue-full"}),
    ],
    ids=["category", "system", "priority", "both"],
)
def test_what_is_chosen(desk, options, ids):
    done = desk.run("review", *options, "--json")
    assert {row["id"] for row in done.data["rows"]} == ids


@pytest.mark.parametrize(
    ("name", "old", "new", "ids"),
    [
        (GUIDE, "inline, below", "inline, far below", {"debugging/queue-full"}),
        ("source/_data/sources/acme.toml", "at the peak", "at its peak", {INCIDENT}),
        ("source/_data/sources/queued.toml", "default limit", "limit", {INCIDENT, "debugging/queue-full"}),
        ("source/boards.md", "# Boards", "# Tables", set()),
    ],
    ids=["page", "facts", "shared-facts", "other-page"],
)
def test_what_a_revision_changed(desk, name, old, new, ids):
    desk.change(name, old, new)
    assert {r["id"] for r in desk.run("review", "--changed", "HEAD", "--json").data["rows"]} == ids
    desk.commit()
    assert {r["id"] for r in desk.run("review", "--changed", "HEAD~1", "--json").data["rows"]} == ids
    assert not desk.run("review", "--changed", "HEAD", "--json").data["rows"]


def test_a_page_that_git_does_not_know_has_changed(desk):
    text = desk.read(GUIDE).replace("debugging/queue-full", "debugging/slow-disk")
    desk.write("source/debugging/slow disk ä.md", text)
    rows = desk.run("review", "--changed", "HEAD", "--json").data["rows"]
    assert {row["id"] for row in rows} == {"debugging/slow-disk"}


def test_reports(desk):
    assert desk.run("review", "--report", "compliance").err == "wrote compliance.md\n"
    report = desk.read("compliance.md")
    assert "0 of 2 diagrams comply; 0 errors, 0 warnings." in report
    assert (
        f"| {INCIDENT} | needs_review | 3am passed, new-hire passed, incident passed | 0 |  | low | never"
        in report
    )
    assert report.endswith("## Findings\n\nNone.\n")
    desk.change(PAGE, "⚙️ Order API", "⚙️ Order API 50 ms")
    assert desk.run("review", "--report", "compliance.json").code == 1
    assert json.loads(desk.read("compliance.json"))["errors"] == 1


def test_findings_and_suggestions(desk):
    desk.change(PAGE, 'click Q "debugging/queue-full"', 'click Q "debugging/queue-fill"')
    done = desk.run("review", "--fix-suggestions")
    assert done.code == 1
    assert f"{PAGE}:30: error LINK001 node Q links to the unknown id" in done.out
    assert f"    why: {RULES['LINK001'].why}" in done.out
    assert '    +  click Q "debugging/queue-full"' in done.out


def test_findings_of_the_ledgers_are_shown_too(desk):
    desk.change("source/_data/sources/acme.toml", 'tier      = "operator"', 'tier      = "opperator"')
    assert "acme.toml:5: error LEDGER002" in desk.run("review").out


def test_findings_of_a_figure_are_those_of_the_diagrams_that_show_it(desk):
    desk.review()
    desk.review(id="debugging/queue-full")
    desk.change("source/_data/sources/acme.toml", 'text = "1.4 million jobs"', 'text = "1.5 million jobs"')
    done = desk.run("review", INCIDENT)
    assert (done.code, "acme.toml:11: error FACT002" in done.out) == (1, True), done.out
    [row] = desk.run("review", INCIDENT, "--json").data["rows"]
    assert (row["findings"], row["compliant"]) == (1, False)
    assert desk.run("review", "debugging/queue-full").code == 0


@pytest.mark.parametrize("rule", MENDED)
def test_a_planted_fault_is_mended(desk, rule):
    planted = RULES[rule]
    desk.change(planted.path, planted.good, planted.bad)
    broken = desk.read(planted.path)
    shown = desk.run("review", "--fix")
    assert desk.read(planted.path) == broken
    assert "nothing was changed; --yes writes without asking" in shown.err
    assert f"--- a/{planted.path}" in shown.out
    done = desk.run("review", "--fix", "--yes")
    assert "mended 1 line in 1 file" in done.err
    after = desk.run("review", "--json")
    assert rule not in {finding["rule"] for finding in after.data["findings"]}


def test_mends_as_data(desk):
    desk.change(PAGE, 'click Q "debugging/queue-full"', 'click Q "debugging/queue-fill"')
    shown = desk.run("review", "--fix", "--json").data["fix"]
    assert '+  click Q "debugging/queue-full"' in shown["diff"]
    assert shown["written"] == []
    assert "queue-fill" in desk.read(PAGE)
    assert desk.run("review", "--fix", "--yes", "--json").data["fix"]["written"] == [PAGE]
    assert "queue-fill" not in desk.read(PAGE)


def test_a_report_and_data_in_one_call(desk):
    done = desk.run("review", "--report", "compliance.md", "--json")
    assert done.data["diagrams"] == 2
    assert desk.read("compliance.md").startswith("# Compliance")


def test_a_colour_becomes_the_planes(desk):
    desk.change(PAGE, '  API -->|"orders"| Q', '  API -->|"orders"| Q\n  style API fill:#0066CD')
    desk.run("review", "--fix", "--yes")
    assert "style API fill:#00AA00" in desk.read(PAGE)


def test_a_sum_is_recomputed(desk):
    desk.change("source/_data/sources/acme.toml", "1,000 jobs/s", "1,100 jobs/s")
    desk.run("review", "--fix", "--yes")
    assert 'value = "1,000 jobs/s"' in desk.read("source/_data/sources/acme.toml")


def test_what_needs_judgement_is_left_alone(desk):
    desk.change(PAGE, "⚙️ Order API", "⚙️ Order API 50 ms")
    before = desk.read(PAGE)
    done = desk.run("review", "--fix", "--yes")
    assert "nothing here can be mended mechanically" in done.err
    assert desk.read(PAGE) == before


def test_line_ends_are_kept_when_mending(desk):
    file = desk.path / PAGE
    text = desk.read(PAGE).replace('click Q "debugging/queue-full"', 'click Q "debugging/queue-fill"')
    file.write_bytes(text.replace("\n", "\r\n").encode())
    desk.run("review", "--fix", "--yes")
    mended = file.read_bytes()
    assert b'click Q "debugging/queue-full"\r\n' in mended
    assert mended.count(b"\r\n") == mended.count(b"\n")


def test_links(desk):
    done = desk.run("links")
    assert (done.code, "1 to diagrams" in done.out) == (0, True)
    desk.change(PAGE, 'click Q "debugging/queue-full"', 'click Q "debugging/queue-fill"')
    broken = desk.run("links")
    assert (broken.code, "LINK001" in broken.out) == (1, True)
    assert [f["rule"] for f in desk.run("links", "--json").data["broken"]] == ["LINK001"]


def test_urls_for_the_claim_checker(desk):
    done = desk.run("links", "--urls")
    assert (
        "https://engineering.acme.example/2024/03/queue-outage#:~:text=1.4%20million%20jobs\tfact\tacme/outage:backlog"
        in done.out
    )
    kinds = {row["kind"] for row in desk.run("links", "--urls", "--json").data}
    assert kinds == {"source", "fact"}
