"""Gates as readers meet them: sections with a reader's names; verdicts and reviews at the foot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from docutils import nodes

from atlas.rules.atlas import Diagram
from atlas.rules.gates import GateResult
from atlas.rules.trials import tell
from atlas.views.blocks import counted, slug
from atlas.views.standing import of_diagram
from atlas_sphinx.pages.connections import part_id
from atlas_sphinx.pages.nodes import atlas_disclosure
from atlas_sphinx.pages.tables import Cell, Word, paragraph, table

_RECOVERY, _RUNBOOK = "Recovery", "Runbook"
TEXTS = "Error texts, logs, metrics, alerts"


def card(result: GateResult, children: Sequence[nodes.Node], id: str, *, html: bool) -> nodes.Node:
    """A gate where it is written, for pages that are not put in order."""
    box = nodes.container("", classes=["atlas-gate", f"atlas-gate-{result.gate}"], ids=[id])
    head = nodes.paragraph("", "", classes=["atlas-gate-head"])
    head += [nodes.strong("", result.asks.name), nodes.Text(f" {result.asks.question} ")]
    head += verdict(result).node()
    box += head
    box += _computed(result, html=html)
    box += children
    return box


def sections(result: GateResult, children: Sequence[nodes.Node], diagram: Diagram) -> list[nodes.section]:
    """A gate as sections; that of 3am is two: what to do, and how to recognise it."""
    gate, name = result.gate, result.asks.name
    id = part_id(diagram, gate)
    if gate != "3am":
        return [_section(name, children, id, gate)]
    items = {
        _term(item): item
        for child in children
        for item in child.findall(nodes.definition_list_item)
        if item.parent is child
    }
    recovery = items.pop(_RECOVERY, None)
    runbook = items.pop(_RUNBOOK, None)
    steps = [part for part in children if not isinstance(part, nodes.definition_list)]
    steps += [part for said in (recovery.children[1:] if recovery else ()) for part in said.children]
    steps += [_list([runbook])] if runbook else []
    texts = [*items.values(), *_alerts(diagram)]
    found = [_section(name, steps, id, gate)]
    return [*found, _section(TEXTS, [_list(texts)], f"{id}-texts", gate)] if texts else found


def _section(title: str, children: Sequence[nodes.Node], id: str, gate: str) -> nodes.section:
    classes = ["atlas-gate", f"atlas-gate-{gate}"]
    return nodes.section("", nodes.title("", title), *children, ids=[id], classes=classes)


def _list(items: Sequence[nodes.Node]) -> nodes.definition_list:
    return nodes.definition_list("", *items, classes=["simple", "myst"])


def _term(item: nodes.definition_list_item) -> str:
    return str(item.children[0].astext().strip())


def _alerts(diagram: Diagram) -> list[nodes.Node]:
    """The alerts by which the page is found, as one more entry."""
    names: list[str | Word] = []
    for alert in diagram.note.alerts:
        names += [", "] if names else []
        names.append(Word(alert, code=True))
    said = nodes.definition("", paragraph(names))
    return [nodes.definition_list_item("", nodes.term("", "Alerts"), said)] if names else []


# The foot --------------------------------------------------------------------------------------------


def verdict(result: GateResult) -> Word:
    words = f"{result.verdict}, {result.settled} of {len(result.checks)}"
    return Word(words, classes=("atlas-verdict", f"atlas-verdict-{result.verdict}"))


def verdicts(diagram: Diagram) -> nodes.paragraph:
    """What each gate of a diagram came to, by the gate's own name."""
    words: list[str | Word] = []
    for result in diagram.gates:
        words += [f"{' · ' if words else ''}{result.asks.title}: ", verdict(result)]
    return paragraph(words, classes=["atlas-standing"])


def computed(result: GateResult, children: Iterable[nodes.Node], *, html: bool, id: str) -> nodes.Node:
    """A computed gate behind its question, with what its author declined."""
    question = f"{result.asks.question} {result.verdict}, {result.settled} of {len(result.checks)}"
    parts = [*_computed(result, html=html), *children]
    return atlas_disclosure("", *parts, summary=question, opened=False, ids=[id])


def _computed(result: GateResult, *, html: bool) -> list[nodes.Node]:
    """What was found of each check. The reasons of the author follow as they were written."""
    if not result.asks.computed:
        return []
    rows: list[Sequence[Cell]] = [
        [c.term, [Word(c.answer, classes=(f"atlas-{slug(c.answer)}",)), f": {c.amiss}" if c.amiss else ""]]
        for c in result.checks
    ]
    return [table(("Check", "Verdict"), rows, html=html)]


def standing(diagram: Diagram, today: date) -> nodes.paragraph:
    """Status, version, review, age of the figures, what boxes rest on, trials."""
    status = str(diagram.status)
    shown = Word(status.replace("_", " "), classes=("atlas-status", f"atlas-{status.replace('_', '-')}"))
    years = (today - diagram.dates[0]).days // 365 if diagram.dates else 0
    age = f", the oldest {counted(years, 'year')} old" if years else ""
    words: list[str | Word] = [shown, " · " + " · ".join(of_diagram(diagram)) + age + _resting(diagram)]
    return paragraph(words, classes=["atlas-standing"])


def _resting(diagram: Diagram) -> str:
    """How many boxes and arrows rest on what, as readers are told."""
    number_of = diagram.count_standing()
    words = ", ".join(f"{number} {kind}" for kind, number in number_of.items() if number)
    tried = tell(diagram.trial, diagram.commands)
    return (f" · boxes and arrows: {words}" if words else "") + (f" · {tried}" if tried else "")
