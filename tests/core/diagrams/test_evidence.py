"""Evidence lines: what they stand under, and what is no evidence line."""

from __future__ import annotations

import pytest

from atlas.diagrams.evidence import broken_nodes, check_form, drawn_lines, read_evidence
from atlas.diagrams.mermaid import parse
from atlas.records.model import Place
from atlas.records.notes import Evidence

PAGE = Place("source/x.md", 10)
FLOW = """flowchart TB
  subgraph edge
    HUB["🌐 Hub"]:::broken
    %% = github/oct21 "routine maintenance work"
  end
  A["a"] --> HUB
  %% a remark
  %% = github/oct21 "promoted the US West"
  %%= slack/other   "two  blanks"

  HUB -.-> A"""


def test_a_line_belongs_to_what_stands_above_it():
    assert read_evidence(FLOW) == (
        Evidence("github/oct21", "routine maintenance work", 4, 3),
        Evidence("github/oct21", "promoted the US West", 8, 6),
        Evidence("slack/other", "two blanks", 9, 6),
    )


def test_the_engine_skips_them_and_knows_what_broke():
    graph, findings = parse(FLOW, PAGE)
    assert graph is not None
    assert not findings
    assert broken_nodes(graph) == ("HUB",)
    assert drawn_lines(graph) == {3, 6, 11}


@pytest.mark.parametrize(
    "kind",
    [
        'sequenceDiagram\n  A->>B: x\n  %% = a/b "w"\n  B-->>A: y',
        'stateDiagram-v2\n  S1 --> S2: x\n  %% = a/b "w"',
    ],
)
def test_they_stand_in_sequences_and_states_too(kind):
    graph, findings = parse(kind, PAGE)
    assert graph is not None
    assert not findings
    (evidence,) = read_evidence(kind)
    assert evidence.under in {edge.line for edge in graph.edges}


@pytest.mark.parametrize(
    "line", ["%% =", "%% = a/b", '%% = "words"', '%% = a/b ""', '%% = a/b "…"', '%% = a/b "w', "%%=a/b w"]
)
def test_what_is_not_well_formed_is_said(line):
    text = f"flowchart TB\n  A --> B\n  {line}"
    assert read_evidence(text) == ()
    (finding,) = check_form(text, PAGE)
    assert (finding.rule, finding.place) == ("FACT012", Place("source/x.md", 12))


def test_plain_comments_and_settings_are_none():
    text = 'flowchart TB\n  %% a = b\n  %%{init: {"x": "="}}%%\n  A --> B\n  %% == not one =='
    assert [f.rule for f in check_form(text, PAGE)] == ["FACT012"]
    assert not [*check_form('flowchart TB\n  %% a = b\n  A --> B\n  %% = a/b "w"', PAGE)]
