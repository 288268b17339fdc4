"""Gates: what is owed, what an answer is worth, and the computed gate."""

from __future__ import annotations

import pytest
from tests.core.conftest import fact, note

from atlas.records.house import HOUSE
from atlas.records.model import Place, Quantity, Technology, Term
from atlas.records.notes import CheckNote, Edge, GateNote, Graph, Group, Node
from atlas.records.plan import Ledgers
from atlas.rules import gates
from atlas.rules.gates import Answer

HERE = Place("source/page.md", 30)


def answer(text: str, *commands: str) -> Answer:
    return gates.read_answer(CheckNote("Logs", text, 31, (), commands)).answer


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("look into the log", Answer.ANSWERED),
        ("not published: the post names none", Answer.NOT_PUBLISHED),
        ("Not applicable — nothing was deployed", Answer.NOT_APPLICABLE),
        ("not published", Answer.UNANSWERED),
        ("not published: ", Answer.UNANSWERED),
        ("", Answer.UNANSWERED),
        ("TODO", Answer.UNANSWERED),
        ("TBD: ask someone", Answer.UNANSWERED),
        ("n/a", Answer.UNANSWERED),
        ("None.", Answer.UNANSWERED),
        ("-", Answer.UNANSWERED),
        ("???", Answer.UNANSWERED),
        ("not published: TODO", Answer.UNANSWERED),
        ("to be done", Answer.UNANSWERED),
        ("Coming soon!", Answer.UNANSWERED),
        ("pending", Answer.UNANSWERED),
        ("unknown", Answer.UNANSWERED),
        ("N.A.", Answer.UNANSWERED),
        ("x", Answer.UNANSWERED),
        ("Yes", Answer.UNANSWERED),
        ("\u200b\ufeff", Answer.UNANSWERED),
        ("\u3164 \u2800", Answer.UNANSWERED),
        ("xx", Answer.UNANSWERED),
        ("xxxxx.", Answer.UNANSWERED),
        ("see above", Answer.UNANSWERED),
        ("See below!", Answer.UNANSWERED),
        ("as described above", Answer.UNANSWERED),
        ("same as above", Answer.UNANSWERED),
        ("words words words", Answer.UNANSWERED),
        ("word salad word salad", Answer.UNANSWERED),
        ("lorem ipsum dolor", Answer.UNANSWERED),
        ("not published: see above", Answer.UNANSWERED),
        ("\u200bnot published: xx", Answer.UNANSWERED),
        ("the steps above", Answer.ANSWERED),
        ("see above all the log of the queue", Answer.ANSWERED),
        ("acme/outage:outage", Answer.ANSWERED),
        ("pending orders are lost", Answer.ANSWERED),
        ("Yes: the last hour of writes", Answer.ANSWERED),
        ("none of the orders was lost", Answer.ANSWERED),
    ],
)
def test_what_an_answer_is_worth(text: str, wanted: Answer) -> None:
    assert answer(text) == wanted


def test_a_command_alone_is_an_answer() -> None:
    assert answer("", "kubectl get pods") is Answer.ANSWERED


@pytest.mark.parametrize(
    ("category", "kind", "owed"),
    [
        ("incidents", "", [{"3am"}, {"incident"}]),
        ("debugging", "", [{"3am"}]),
        ("costs", "", [{"cfo"}, {"3am", "incident"}]),
        ("patterns", "", [{"3am", "incident"}]),
        ("systems", "storage", [{"3am", "incident"}]),
        ("systems", "cost-breakdown", [{"cfo"}, {"3am", "incident"}]),
        ("systems", "failure-domains", [{"3am"}, {"incident"}]),
    ],
)
def test_what_is_owed(category: str, kind: str, owed: list[set[str]]) -> None:
    assert [set(choice) for choice in HOUSE.owed(category, kind)] == owed


def written(gate: str, **answers: str) -> GateNote:
    checks = tuple(
        CheckNote(t.replace("_", " "), text, 31 + n) for n, (t, text) in enumerate(answers.items())
    )
    return GateNote(gate, "x/y", "page", HERE, checks)


def test_every_fault_of_a_gate_is_named_on_its_line() -> None:
    note = written("3am", Error_massages="x", Logs="not published", Metrics="the lag", Runbook="the steps")
    found = [(f.rule, f.place.line, f.hint) for f in gates.check_gate(note, HOUSE.gates)]
    assert ("GATE001", 31, "did you mean Error messages?") in found
    assert [(rule, line) for rule, line, _ in found if rule != "GATE001"] == [
        ("GATE005", 32),
        ("GATE002", 30),
        ("GATE002", 30),
    ]


def test_a_check_is_answered_once_and_a_computed_one_is_not_attested() -> None:
    twice = GateNote("new-hire", "x/y", "page", HERE, 2 * (CheckNote("Scale shown", "it is", 31),))
    assert [(f.rule, f.place.line) for f in gates.check_gate(twice, HOUSE.gates)] == [
        ("GATE009", 31),
        ("GATE010", 31),
    ]
    assert not list(
        gates.check_gate(written("new-hire", Scale_shown="not published: no figure"), HOUSE.gates)
    )


def test_a_misspelt_gate_is_offered_the_nearest() -> None:
    (finding,) = gates.check_gate(written("incidnet"), HOUSE.gates)
    assert (finding.rule, finding.hint) == ("GATE001", "did you mean incident?")


def judge_written(note: GateNote) -> gates.GateResult:
    return gates.judge_written(note, HOUSE.gates[note.gate])


def test_verdicts() -> None:
    full = {t.replace(" ", "_"): "said above" for t in HOUSE.gates["incident"].checks}
    assert judge_written(written("incident", **full)).verdict == "passed"
    opened = judge_written(written("incident", Blast_radius="all"))
    assert (opened.verdict, opened.settled) == ("open", 1)


def judge(
    graph: Graph | None, ledgers: Ledgers | None = None, prose: str = "", **answers: str
) -> gates.GateResult:
    own = written("new-hire", **answers) if answers else None
    facts = [fact("a/b:c", "1 s", quantity=Quantity(1, 1, "s"))]
    return gates.judge_new_hire(
        note("x/y", graph), own, prose=prose, code="VACUUM", facts=facts, ledgers=ledgers or Ledgers()
    )


def failed(result: gates.GateResult) -> dict[str, str]:
    return {c.term: c.reason for c in result.checks if c.answer is Answer.FAILED}


GRAPH = Graph(
    "flowchart",
    nodes=(Node("A", "BGP and VACUUM, TTLs", 2, "edge"), Node("B", "Kafka log", 3), Node("C", "loose", 4),
           Node("S", "", 5, shape="start")),
    edges=(Edge("A", "B", "routes", 6), Edge("A", "B", "", 7), Edge("B", "A", "x", 8, directed=False)),
    groups=(Group("edge", "edge", 1),),
)  # fmt: skip
KAFKA = Technology("kafka", ("Kafka", "Apache Kafka"), "log", "https://kafka.apache.org/x", HERE)
S3 = Technology("s3", ("loose",), "store", "https://aws.amazon.com/s3", HERE, hosted=True)


def test_the_computed_gate_says_what_is_amiss() -> None:
    result = judge(GRAPH, Ledgers(technologies={"kafka": KAFKA, "s3": S3}))
    assert result.verdict == "failed"
    assert failed(result) == {
        "Acronyms explained": "BGP, TTL",
        "Technologies versioned": "Kafka",
        "Flow directional": "A to B, B to A",
        "Dependencies explicit": "C",
    }


def test_glossary_prose_and_answers_mend_it() -> None:
    ledgers = Ledgers(
        terms={"BGP": Term("BGP", "Border Gateway Protocol", "Routes.", HERE)}, technologies={"kafka": KAFKA}
    )
    prose = "The time to live (TTL) of Kafka 3.8 messages"
    assert set(failed(judge(GRAPH, ledgers, prose))) == {"Flow directional", "Dependencies explicit"}
    mended = judge(
        GRAPH,
        ledgers,
        prose,
        Flow_directional="not applicable: it is a ring",
        Dependencies_explicit="not published: so",
    )
    assert mended.verdict == "passed"
    assert mended.place == HERE


@pytest.mark.parametrize("text", ["it is", "not published", "not applicable: TBD", ""])
def test_an_authors_word_does_not_overrule_a_computation(text: str) -> None:
    result = judge(GRAPH, Ledgers(technologies={"kafka": KAFKA}), Dependencies_explicit=text)
    assert failed(result)["Dependencies explicit"] == "C"
    assert result.verdict == "failed"


def test_a_version_in_the_label_counts() -> None:
    graph = Graph(
        "flowchart",
        nodes=(Node("A", "Kafka 3.8", 2), Node("B", "Kafka ${version}", 3)),
        edges=(Edge("A", "B", "x", 4),),
    )
    assert judge(graph, Ledgers(technologies={"kafka": KAFKA})).verdict == "passed"


@pytest.mark.parametrize(
    ("label", "versioned"),
    [
        ("Kafka via a proxy", False),
        ("Kafka versions differ", False),
        ("Kafka and MyKafka 3", False),
        ("Kafka v3", True),
        ("Kafka version 3.8", True),
        ("Kafka version ${version}", True),
        ("Kafka/3.8", True),
    ],
)
def test_what_a_version_is(label: str, versioned: bool) -> None:
    written = note("x/y", Graph("flowchart", nodes=(Node("A", label, 2),)))
    found = gates.unversioned_technologies(written, "", Ledgers(technologies={"kafka": KAFKA}))
    assert found == ([] if versioned else ["Kafka"])


def test_an_edge_to_a_group_touches_its_nodes() -> None:
    graph = Graph(
        "flowchart", nodes=(Node("A", "a", 2), Node("B", "b", 3, "g")), edges=(Edge("A", "g", "x", 4),)
    )
    assert gates.loose_nodes(graph) == []


def test_scale_needs_a_unit() -> None:
    assert not gates.shows_scale(
        [fact("a/b:c", "x", quantity=None), fact("a/b:d", "08:45 PST", quantity=Quantity(1, 1, "clock"))]
    )
    assert judge(None).verdict == "passed"


def test_every_gate_has_five_checks() -> None:
    assert {len(g.checks) for g in HOUSE.gates.values()} == {5}


@pytest.mark.parametrize("label", ["", " ", "\u00a0", "\u200b", "\u3164", "\u2060 \u00ad"])
def test_a_label_that_nobody_sees_says_nothing(label: str) -> None:
    graph = Graph("flowchart", edges=(Edge("A", "B", label, 1), Edge("B", "C", "orders", 2)))
    assert gates.undirected_edges(graph) == ["A to B"]


def test_head_is_a_method_and_no_acronym() -> None:
    graph = Graph("flowchart", nodes=(Node("A", "HEAD request", 1), Node("B", "HEAP", 2)))
    assert gates.unexplained_acronyms(note("x/y", graph), "", "", Ledgers()) == ["HEAP"]


def test_a_gate_without_definitions_is_one_finding_that_names_the_extension() -> None:
    [finding] = gates.check_gate(GateNote("3am", "a/b", "a/b", HERE, ()), HOUSE.gates)
    assert finding.rule == "GATE002"
    assert "deflist" in finding.hint
    assert list(gates.check_gate(GateNote("new-hire", "a/b", "a/b", HERE, ()), HOUSE.gates)) == []
