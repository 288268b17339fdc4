"""What a diagram is found by."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest

from atlas.records.model import Place, Role, Technology
from atlas.records.notes import CommandNote, Edge, Graph, Node
from atlas.records.plan import Entry, Ledgers
from atlas.rules.gates import Answer, Check, GateResult
from atlas.views import lookup

HERE = Place("x")


def ledgers(*names):
    technologies = {str(i): Technology(str(i), spelt, "", "", HERE) for i, spelt in enumerate(names)}
    return Ledgers(technologies=technologies)


def labelled(atlas, *labels):
    graph = Graph("flowchart", nodes=tuple(Node(str(i), t, 1) for i, t in enumerate(labels)))
    diagram = atlas.diagrams["incidents/acme"]
    return replace(diagram, note=replace(diagram.note, graph=graph))


@pytest.mark.parametrize(
    ("names", "label", "found"),
    [
        ([("Kafka",)], "💾 Kafka queue", ["0"]),
        ([("Kafka",)], "kafka queue", []),
        ([("Kafka",)], "Kafkaesque, Kafka-like, my-Kafka", []),
        ([("Kafka", "Apache\nKafka")], "Apache Kafka", ["0"]),
        ([("Kafka",), ("Kafka Connect",)], "Kafka Connect", ["1"]),
        ([("Kafka",), ("Kafka Connect",)], "Kafka Connect from Kafka", ["1", "0"]),
        ([("Amazon S3", "S3")], "Amazon\nS3 and S3", ["0"]),
        ([("C++",), (".NET",)], ".NET beside C++.", ["1", "0"]),
        ([("Node.js",)], "Nodexjs", []),
        ([("Redis",)], "Redis (cache)", ["0"]),
        ([("Größe",)], "Größe 数据库", ["0"]),
        ([], "anything", []),
    ],
)
def test_technologies(atlas, names, label, found):
    diagram = labelled(atlas, label)
    assert [t.id for t in lookup.technologies_of(diagram, ledgers(*names))] == found


def test_a_name_does_not_run_over_two_labels(atlas):
    diagram = labelled(atlas, "Amazon", "S3")
    assert lookup.technologies_of(diagram, ledgers(("Amazon S3",))) == ()


def test_labels_of_edges_and_groups_count(atlas):
    assert "full queue" in lookup.labels_of(atlas.diagrams["incidents/acme"])
    assert "TTL state" in lookup.labels_of(atlas.diagrams["incidents/acme"])
    assert lookup.labels_of(atlas.diagrams["incidents/broken"]) == []


def test_terms_by_label_and_by_link(atlas):
    find = lookup.find_terms(atlas.ledgers)
    assert find(atlas.diagrams["incidents/acme"]) == ["TTL", "BGP"]
    assert find(atlas.diagrams["incidents/broken"]) == []


def test_error_strings(atlas):
    assert lookup.error_strings(atlas.diagrams["incidents/acme"]) == ("ERR full",)
    assert lookup.error_strings(atlas.diagrams["incidents/ring"]) == ()


def test_error_strings_are_printed_and_tell_something(atlas):
    shown = atlas.diagrams["incidents/acme"]
    literals = ("ERR full", "overflow", "403", "src/server.c", "/var/log/x.log", "main.go", "OOMKilled")
    blocks = ("one line: bad\n\n  two lines: worse\n", "$ dmesg\nnot this")
    said = Check("Error messages", Answer.ANSWERED, "", "x", literals, blocks)
    diagram = replace(shown, gates=(GateResult("3am", (said,), shown.note.place),))
    found = ("ERR full", "OOMKilled", "one line: bad", "two lines: worse")
    assert lookup.error_strings(diagram) == found
    look = CommandNote("look", diagram.id, HERE, blocks[0], diagram.id)
    assert lookup.error_strings(replace(diagram, commands=(look,))) == found[:2]


LOGS = (
    "$ journalctl -u queue \\\n  | grep full\n… ERR queue … is full\nat …\nfull up\n",
    "WARN the queue of … grows\n[…] ERR queue is quite full\n",
)


@pytest.mark.parametrize(
    ("category", "errors", "found"),
    [
        ("debugging", (), ("the queue … waits", "… ERR queue … is full", "WARN the queue of … grows")),
        ("incidents", ("queue",), ()),
    ],
)
def test_lines_of_the_logs_of_a_guide_are_error_strings(atlas, category, errors, found):
    shown = atlas.diagrams["incidents/acme"]
    literals = ("kubectl logs -f queue", "the queue … waits", "queue --deep is on", "CONFIG GET dir | cat")
    logs = Check("Logs", Answer.ANSWERED, "", "x", literals, LOGS)
    said = [Check("Error messages", Answer.ANSWERED, "", "x", ("ERR queue is quite full", *errors))]
    checks = (*said[: bool(errors) or category == "debugging"], logs)
    gates = (GateResult("3am", checks, shown.note.place),)
    role = atlas.ledgers.house.role(category)
    strings = lookup.error_strings(replace(shown, role=role, gates=gates))
    assert strings == ("ERR queue is quite full", *found)


def test_logs_alone_are_enough(atlas):
    shown = atlas.diagrams["incidents/acme"]
    logs = Check("Logs", Answer.ANSWERED, "", "x", (), LOGS)
    gates = (GateResult("3am", (logs,), shown.note.place),)
    assert len(lookup.error_strings(replace(shown, role=Role.GUIDE, gates=gates))) == 3


@pytest.mark.parametrize(
    ("id", "gate"), [("incidents/acme", "3am"), ("incidents/ring", "incident"), ("strays/one", None)]
)
def test_answering_gate(atlas, id, gate):
    result = lookup.answering_gate(atlas.diagrams[id])
    assert (result.gate if result else None) == gate


def test_failing_nodes(atlas):
    failing = lookup.failing_nodes(atlas.diagrams["incidents/acme"])
    assert {plane: [n.id for n in nodes] for plane, nodes in failing.items()} == {"state": ["Q", "K"]}
    assert lookup.failing_nodes(atlas.diagrams["incidents/broken"]) == {}


@pytest.mark.parametrize(
    ("edges", "cause"),
    [
        ([Edge("LB", "API", dashed=True), Edge("API", "Q", dashed=True)], "edge plane"),
        ([Edge("Q", "API", dashed=True), Edge("API", "Q", dashed=True)], "state plane"),
        ([Edge("OUT", "Q", dashed=True)], "not classified"),
        ([Edge("LB", "API")], "not classified"),
    ],
)
def test_cause_begins_where_the_failure_path_begins(atlas, edges, cause):
    diagram = atlas.diagrams["debugging/queue-full"]
    graph = replace(diagram.note.graph, edges=tuple(edges))
    assert lookup.cause_of(replace(diagram, note=replace(diagram.note, graph=graph))) == cause


def test_cause_given_by_page_or_plan(atlas):
    assert lookup.cause_of(atlas.diagrams["incidents/acme"]) == "queue backlog"
    ring = atlas.diagrams["incidents/ring"]
    assert lookup.cause_of(replace(ring, note=replace(ring.note, kind="dns"))) == "dns"
    assert lookup.cause_of(replace(ring, entry=Entry(ring.id, "", "", 1, HERE))) == "edge plane"
    assert lookup.cause_of(atlas.diagrams["incidents/broken"]) == "not classified"


@pytest.mark.slow
def test_looking_for_technologies_grows_with_the_atlas_and_not_faster(crowd):
    seconds = []
    for count in (90, 900):
        atlas = crowd(count)
        begin = process_time()
        found = [lookup.technologies_of(d, atlas.ledgers) for d in atlas.diagrams.values()]
        seconds.append(process_time() - begin)
        assert all(len(technologies) == 5 for technologies in found)
    assert seconds[1] < 30 * seconds[0]  # ten times the pages; a quadratic search would take a hundred times
