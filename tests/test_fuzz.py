"""Made-up texts for whatever reads text: never a traceback, never silence where something is wrong.

`FUZZ_EXAMPLES` says how many texts each test is given: `tox -e fuzz` gives many, CI a few. What was found
stands in `tests/cases/fuzz.json` and is tried first each time.
"""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.diagrams.mermaid import parse
from atlas.records import quantity
from atlas.records.house import HOUSE
from atlas.records.ledgers import read_ledgers
from atlas.records.model import Place
from atlas.records.notes import CheckNote, DiagramNote, GateNote, PageNote
from atlas.rules import figures, gates
from atlas.rules.digits import typed_digits
from atlas.rules.spelt import typed_figures
from atlas.rules.table import RULES

ROOT = Path(__file__).parents[1]
FOUND = json.loads((ROOT / "tests/cases/fuzz.json").read_text("utf-8"))
HERE = Place("source/page.md", 3)
MANY = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
PIECES = st.sampled_from(
    """flowchart stateDiagram-v2 sequenceDiagram subgraph end edge state class style click note participant
    box A B --> -.-> ->> : ; [ ] ( ) { } | " ' ` % %% %%{ }%% # & < > <br/> ${ } ${a} \\ / $$ * _ ~ ! ? @ , .
    - + = ½ ٣ 三 43 1,400 2.5 seconds ms million half a third of twenty dozen under at least UTC PST users
    \u200b \u202e \ufffe \x1b \x00""".split()
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=40).map(" ".join) | st.text(max_size=200)


def mermaid(text: str) -> None:
    """There is a drawing or a finding, and findings are of known rules on lines of the text."""
    graph, findings = parse(text, HERE)
    assert graph is not None or findings
    last = HERE.line + text.count("\n")
    assert all(f.rule in RULES and HERE.line <= f.place.line <= last for f in findings)


def ledger(text: str) -> None:
    """A ledger that does not parse is said; what is read comes back as facts with places."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "source/_data/sources/acme.toml"
        path.parent.mkdir(parents=True)
        path.write_bytes(text.encode(errors="surrogatepass"))
        ledgers = read_ledgers(Path(folder) / "source", today=date(2026, 11, 24))
    try:
        whole = bool(tomllib.loads(text.encode(errors="surrogatepass").decode()))
    except ValueError:
        assert ledgers.findings
    else:
        assert bool(ledgers.sources or ledgers.findings) is whole


def digits(text: str) -> None:
    """What is found stands in the text, and a bare figure is found."""
    assert all(word in text for word in typed_digits(text))
    assert list(typed_figures(f"{text} 1,400,000 users"))


def words(text: str) -> None:
    """Prose and labels have one rule."""
    line = " ".join(text.replace(figures.SHOWN, " ").split())
    page = PageNote("page", "P", f"3\t{line}", HERE)
    note = DiagramNote("x/y", "page", HERE, "", 4, None, title=line)
    prose = {f.message.split("'")[1] for f in figures.check_prose(page, []) if "at a figure" not in f.message}
    labels = {f.message.split("'")[1] for f in figures.check_labels(note, []) if "at a ${" not in f.message}
    if (
        "${" not in line
        and "'" not in line
        and '"' not in line
        and "\\" not in line
        and not line[:1].isdigit()
    ):
        assert prose == labels


def number(text: str) -> None:
    """A quantity is itself, and its value agrees with it."""
    for found in (quantity.parse(text), *quantity.find_all(text)):
        assert found is None or (found.low <= found.high and quantity.show(found))


def gate(text: str) -> None:
    """An answer is judged, and one that nobody sees is none."""
    note = GateNote("3am", "x/y", "page", HERE, (CheckNote("Logs", text, 4),))
    answer = gates.read_answer(note.checks[0]).answer
    assert answer.settled or any(f.rule == "GATE005" for f in gates.check_gate(note, HOUSE.gates))
    assert not gates.read_answer(CheckNote("Logs", "\u200b" * len(text), 4)).answer.settled


READERS: dict[str, Callable[[str], None]] = {
    "mermaid": mermaid, "ledger": ledger, "digits": digits, "words": words, "number": number, "gate": gate,
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in FOUND.items() for text in texts])
def test_what_was_found_stays_mended(name: str, text: str) -> None:
    READERS[name](text)


@pytest.mark.parametrize("name", READERS)
def test_made_up_text(name: str) -> None:
    @MANY
    @given(TEXTS)
    def read(text: str) -> None:
        READERS[name](text)

    read()
