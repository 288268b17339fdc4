"""Impact: what a change touches, and what has to be read again."""

from __future__ import annotations

import pytest

from .conftest import GUIDE, INCIDENT, PAGE

ACME = "source/_data/sources/acme.toml"


def touched(desk, *words):
    return {change["id"]: change for change in desk.run("impact", *words, "--json").data["diagrams"]}


def test_nothing_changed(desk):
    done = desk.run("impact")
    assert (done.code, "0 diagrams touched, 0 to be read again" in done.out) == (0, True)


@pytest.mark.parametrize(
    ("edit", "id", "kinds", "line"),
    [
        (
            (PAGE, 'API -->|"orders"| Q', 'API -->|"many orders"| Q'),
            INCIDENT,
            ["drawing"],
            "~ edge API → Q: label “orders” is now “many orders”",
        ),
        (
            (PAGE, '  click Q "debugging/queue-full"', '  Q -->|"more"| API'),
            INCIDENT,
            ["drawing"],
            "~ node Q: link “debugging/queue-full” is now nothing",
        ),
        (
            (
                ACME,
                'value = "1,400 s", text = "1,400 seconds"',
                'value = "1,400 s", text = "for 1,400 seconds"',
            ),
            INCIDENT,
            ["facts"],
            "~ fact acme/outage:outage: text “1,400 seconds” is now “for 1,400 seconds”",
        ),
        (
            (ACME, 'extent    = "full"', 'extent    = "opening"'),
            INCIDENT,
            ["sources"],
            "~ source acme/outage: extent “full” is now “opening”",
        ),
        (
            (GUIDE, ": inline, below", ": inline, far below"),
            "debugging/queue-full",
            ["gates"],
            "~ gate 3am · Runbook: text “inline, below” is now “inline, far below”",
        ),
        (
            (GUIDE, ":expect: nothing", ":expect: ^gone"),
            "debugging/queue-full",
            ["commands"],
            "~ command drop: expect “nothing” is now “^gone”",
        ),
        (
            (PAGE, "acme/outage | detected |", "acme/outage | escalated |"),
            INCIDENT,
            ["timeline"],
            "~ row on call is paged; the report gives no time: kind “detected” is now “escalated”",
        ),
    ],
    ids=["edge", "link", "fact", "source", "gate", "command", "row"],
)
def test_what_changed_is_named(desk, edit, id, kinds, line):
    desk.change(*edit)
    change = touched(desk)[id]
    assert change["kinds"] == kinds
    assert change["read_again"] == (kinds != ["sources"])
    assert f"  {line}" in desk.run("impact", COLUMNS="200").out


def test_nodes_edges_and_facts_come_and_go(desk):
    desk.change(PAGE, '  OPS -->|"adds workers"| Q\n', "")
    desk.change(PAGE, '    OPS["🎛️ On-call engineer<br/>drains ${rate}"]', '    BOT["🎛️ Robot"]')
    done = desk.run("impact", COLUMNS="200")
    assert done.code == 1
    for line in (
        "+ node BOT: 🎛️ Robot",
        "- node OPS: 🎛️ On-call engineer drains 1,000 jobs/s",
        "- edge OPS → Q: adds workers",
        "- fact acme/outage:rate: 1,000 jobs/s",
    ):
        assert f"  {line}\n" in done.out


def test_new_and_removed_pages(desk):
    desk.write("source/debugging/slow-disk.md", desk.read(GUIDE).replace("queue-full", "slow-disk"))
    (desk.path / PAGE).unlink()
    kinds = {id: change["kinds"] for id, change in touched(desk).items()}
    assert kinds == {"debugging/slow-disk": ["added"], INCIDENT: ["removed"]}


def test_spec_pages_touch_their_categories(desk):
    desk.review()
    desk.commit("reviewed")
    desk.write("source/spec/incidents.md", "---\norphan: true\n---\n\n# Incidents\n")
    changes = touched(desk)
    assert {id: c["kinds"] for id, c in changes.items()} == {INCIDENT: ["spec"]}
    assert changes[INCIDENT]["status"] == ["up_to_date", "outdated"]
    assert "The spec pages of incidents changed." in desk.run("impact").out


def test_what_was_read_after_the_change_need_not_be_read_again(desk):
    desk.change(GUIDE, ": inline, below", ": inline, far below")
    assert touched(desk)["debugging/queue-full"]["read_again"]
    desk.review(id="debugging/queue-full")
    assert not touched(desk)["debugging/queue-full"]["read_again"]
    assert desk.run("impact").code == 0


def test_an_earlier_revision_and_a_category(desk):
    desk.change(GUIDE, ": inline, below", ": inline, far below")
    desk.commit()
    desk.change(PAGE, ": All orders.", ": Every order.")
    assert set(touched(desk)) == {INCIDENT}
    assert set(touched(desk, "HEAD~1")) == {INCIDENT, "debugging/queue-full"}
    assert set(touched(desk, "HEAD~1", "--category", "debugging")) == {"debugging/queue-full"}


def test_the_past_is_read_once(desk):
    desk.change(GUIDE, ": inline, below", ": inline, far below")
    desk.run("impact")
    [kept] = (desk.path / "build/atlas/past").iterdir()
    before = kept.stat().st_mtime_ns
    desk.run("impact")
    assert kept.stat().st_mtime_ns == before


def test_markdown_for_review_comments(desk):
    desk.change(PAGE, 'API -->|"orders"| Q', 'API -->|"*many* <orders>"| Q')
    lines = desk.run("impact", "--markdown").out.splitlines()
    assert lines[0].startswith("**Since HEAD (")
    assert lines[2] == f"- `{INCIDENT}`: drawing · **read again**"
    assert lines[3].startswith(r"  - changed edge API → Q: label “orders” is now “")
    assert "<orders>" not in lines[3].replace(r"\<", "")


def test_a_project_in_a_folder_of_the_repository(desk, tmp_path):
    import shutil

    outer = tmp_path / "outer"
    shutil.copytree(desk.path, outer / "docs", ignore=shutil.ignore_patterns(".git", "build"))
    inner = type(desk)(outer / "docs")
    inner.git("init", "-q", str(outer))
    inner.commit("first")
    inner.change(GUIDE, ": inline, below", ": inline, far below")
    assert set(touched(inner)) == {"debugging/queue-full"}


def test_without_git(desk):
    (desk.path / ".git").rename(desk.path / "no-git")
    done = desk.run("impact", GIT_CEILING_DIRECTORIES=str(desk.path.parent))
    assert (done.code, "is no revision of a git repository here" in done.err) == (2, True)
    assert "cannot run git" in desk.run("impact", PATH="/nowhere").err
