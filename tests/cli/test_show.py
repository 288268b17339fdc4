"""Show: the drawing along the flow, its figures and gates, in Unicode and ASCII."""

from __future__ import annotations

import pytest

from atlas_cli.sketch import sketch, to_ascii
from atlas_cli.terminal import pad, shorten, width_of
from atlas_cli.verbs.show import split_code

from .conftest import INCIDENT, PAGE


def test_all_that_a_responder_needs_without_a_browser(desk):
    done = desk.run("show", INCIDENT)
    assert done.code == 0
    assert done.out.startswith("Acme, 5 March 2024: the order queue filled\n")
    assert "incidents/acme-2024-03-05 · needs review · source/incidents/acme-2024-03-05.md" in done.out
    for line in (
        "╭─ state ────────────╮",
        "│ 💾 Order queue     │",
        "│ 1.4 M jobs waiting │",
        "│ limit 1 M jobs     │",
        "3 AM gate: What do I look at, and what do I run?  passed, 5 of 5",
        "    ERR queue is full",
        "Run first, from debugging/queue-full",
        "    queuectl depth --host <host>",
        "09:23 UTC  all clear  orders flow again, 1,400 s later",
        "    Changes on queued >= 1.0\n      queuectl workers add 2\n      → added 2",
        "not published: the report names no lost order",
        "1,400 s       until orders flowed again (Acme, operator, 2024-03-05)",
        "  https://engineering.acme.example/2024/03/queue-outage",
    ):
        assert line in done.out, line


def test_references_in_answers_are_told(desk):
    done = desk.run("show", INCIDENT, "--gates")
    assert "Recovery time\n  1,400 s\n" in done.out
    assert "Runbook\n  “Which end of the queue is slow”\n" in done.out
    assert "Figures" not in done.out


def test_ascii_is_ascii(desk):
    done = desk.run("show", INCIDENT, "--ascii")
    assert done.out.isascii()
    assert "+- state ------------+\n| Order queue     |" in done.out.replace("|  Order", "| Order")


def test_lines_keep_within_the_width(desk):
    done = desk.run("show", INCIDENT, "--width", "60", "--drawing", "--facts")
    lines = [line for line in done.out.splitlines()[2:] if "://" not in line and "(read " not in line]
    assert max(map(width_of, lines)) <= 60


def test_tables(desk):
    done = desk.run("show", INCIDENT, "--tables")
    assert "state    💾 Order queue 1.4 M jobs waiting limit 1 M jobs  debugging/queue-full" in done.out
    assert "failure" in done.out


def test_findings_are_shown_first(desk):
    desk.change(PAGE, "⚙️ Order API", "⚙️ Order API 50 ms")
    done = desk.run("show", INCIDENT, "--drawing")
    assert done.out.splitlines()[2].startswith("FACT003 typed digit '50'")


def test_what_does_not_parse_is_shown_as_it_is(desk):
    desk.change(PAGE, "flowchart LR", "flowchart LR\n  A[")
    assert "A[" in desk.run("show", INCIDENT, "--drawing").out


def test_a_pager_only_on_a_terminal(desk):
    assert "╭─ state" in desk.run("show", INCIDENT, "--pager", PAGER="false").out


# Sketches --------------------------------------------------------------------------------------------


def node(id, label="", plane="state", **more):
    return {
        "id": id,
        "label": label or id,
        "plane": plane,
        "group": plane,
        "shape": "square",
        "link": "",
    } | more


def edge(tail, head, label="", dashed=False):
    return {"tail": tail, "head": head, "label": label, "dashed": dashed, "directed": True, "facts": []}


def drawn(nodes, edges, kind="flowchart", groups=(), width=100):
    diagram = {"diagram_type": kind, "nodes": nodes, "edges": edges, "groups": list(groups)}
    return "\n".join(sketch(diagram, width=width, style=lambda text, _: text))


def test_a_chain_goes_down():
    assert drawn([node("A"), node("B", plane="edge")], [edge("A", "B", "asks")]) == (
        "╭─ state ╮\n│ A      │\n╰────────╯\n│ asks\n▼\n╭─ edge ╮\n│ B     │\n╰───────╯"
    )


def test_a_branch_hangs_off_and_a_failure_comes_last():
    out = drawn(
        [node(id, plane=None) for id in "ABCDE"],
        [edge("A", "D", "breaks", True), edge("A", "B", "main"), edge("B", "C"), edge("A", "E", "side")],
    )
    assert out == (
        "╭───╮\n│ A │\n╰───╯\n├─▶ side\n│   ╭───╮\n│   │ E │\n│   ╰───╯\n"
        "├┄▶ breaks\n│   ╭───╮\n│   │ D │\n│   ╰───╯\n"
        "│ main\n▼\n╭───╮\n│ B │\n╰───╯\n│\n▼\n╭───╮\n│ C │\n╰───╯"
    )


def test_ways_that_meet_are_drawn_once():
    out = drawn(
        [node(id, f"node {id}", None) for id in "ABCD"],
        [edge("A", "B"), edge("A", "C", "no"), edge("B", "D", "ok"), edge("C", "D", "also")],
    )
    assert out.count("│ node D │") == 1
    assert "└─▶ also: node D ↓" in out


def test_circles_end():
    out = drawn([node("A"), node("B")], [edge("A", "B"), edge("B", "A", "again"), edge("B", "B", "self")])
    assert "├─▶ again: A ↑" in out
    assert "└─▶ self: B ↑" in out


def test_loose_nodes_and_groups_as_ends():
    out = drawn(
        [node("A"), node("B")], [edge("A", "zone")], groups=[{"id": "zone", "title": "Zone", "group": ""}]
    )
    assert "│ Zone │" in out
    assert "│ B      │" in out


@pytest.mark.parametrize(("shape", "sign"), [("start", "●"), ("end", "◎"), ("choice", "◇"), ("fork", "━")])
def test_pseudo_states_are_signs(shape, sign):
    assert drawn([node("S", shape=shape)], []) == sign


def test_a_group_that_says_more_than_its_plane_is_named():
    groups = [{"id": "state-west", "title": "US West", "group": ""}]
    assert "╭─ state · US West ╮" in drawn([node("A", group="state-west")], [], groups=groups)


def test_a_long_label_is_wrapped():
    out = drawn([node("A", "word " * 40)], [], width=50)
    assert max(map(len, out.splitlines())) <= 50


def test_a_sequence_is_a_list_in_order():
    out = drawn(
        [node("A", "Client"), node("B", "API", None), node("N", "told twice", shape="note")],
        [edge("A", "B", "asks"), edge("B", "A", dashed=True)],
        kind="sequence",
    )
    assert out == (
        "│ Client  (state)\n│ API\n\n"
        "  1 Client ──▶ API\n               asks\n  2 API    ┄┄▶ Client\nnote: told twice"
    )


def test_forty_nodes_that_all_lead_to_each_other_end():
    ids = [f"N{n}" for n in range(40)]
    out = drawn([node(id) for id in ids], [edge(a, b) for a in ids for b in ids])
    assert all(out.count(f"│ {id} ") >= 1 for id in ids)


# Words -----------------------------------------------------------------------------------------------


def test_code_is_parted_from_words():
    parts = list(split_code("Run $ a b and then c d.", ["$ a\n b", "zzz", "c d"]))
    assert parts == [(False, "Run"), (True, "$ a\n b"), (False, "and then"), (True, "c d"), (False, ".")]


def test_widths():
    assert [width_of(text) for text in ("ab", "💾", "é", "e\u0301", "⚙\ufe0f", "\033[1mab\033[0m")] == [
        2,
        2,
        1,
        1,
        1,
        2,
    ]
    assert pad("💾", 4) == "💾  "
    assert pad("\033[1ma\033[0m", 3, right=True) == "  \033[1ma\033[0m"
    assert shorten("a  b\nc", 9) == "a b c"
    assert shorten("a" * 9, 5) == "aaaa…"
    assert to_ascii("╭─▶ “µ” … 💾×3") == "+-> 'u' ... x3"
