"""The planted faults of `tests/cases/faults.toml`: each is red twice with the rule that ought to say it.

The lawful example is built once; a fault is planted in it as an author would, and it is built twice, the
second time with nothing touched. CI tries a sample of each kind; `FAULTS=all` tries all (`tox -e faults`, and
CI weekly), `FAULTS=120` more. A fault that is known to get through says why in `missed`, and fails here once
it is caught.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import SphinxBuild

from atlas.rules.table import RULES

from .conftest import LAWFUL, ROOT, Project
from .faults import Fault, read_faults, restore, sample, words_of

FAULTS = read_faults()
ASKED = os.environ.get("FAULTS", "60")
TRIED = FAULTS if ASKED == "all" else sample(FAULTS, int(ASKED), seed=16)
STRICT = ("-nW", "--keep-going")


@dataclass(frozen=True)
class Standing:
    """The lawful example in one folder, as its first build left it, and what its ledgers would hold."""

    project: Project
    kept: Path
    words: dict[str, str]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, sphinx_build: SphinxBuild) -> Standing:
    root = tmp_path_factory.mktemp("standing")
    project = Project(root / "atlas", sphinx_build)
    shutil.copytree(LAWFUL, project.path)
    built = project.build(*STRICT)
    assert built.code == 0, built.log
    shutil.copytree(project.path, root / "kept")
    return Standing(project, root / "kept", words_of(project))


@pytest.mark.slow
@pytest.mark.parametrize("fault", TRIED, ids=lambda fault: fault.name)
def test_a_fault_is_red_twice(standing: Standing, fault: Fault) -> None:
    restore(standing.project, standing.kept)
    fault.plant(standing.project, standing.words)
    builds = [standing.project.build(*STRICT) for _ in range(2)]
    said = [fault.is_said(built) for built in builds]
    if fault.missed:
        assert said != [True, True], f"it is caught now: delete missed = {fault.missed!r}"
    else:
        assert said == [True, True], builds[said.index(False)].log
        assert builds[0].findings == builds[1].findings


def test_the_set_is_large_and_nearly_all_is_caught() -> None:
    missed = [fault.name for fault in FAULTS if fault.missed]
    assert len(FAULTS) >= 300
    assert len({fault.kind for fault in FAULTS}) >= 15
    assert len(missed) <= 0.02 * len(FAULTS), missed


def test_a_fault_names_rules_and_stands_once() -> None:
    for fault in FAULTS:
        families = [tag for tag in fault.rule.split() if tag[0] != "<"]
        assert fault.rule, fault.name
        assert all(any(rule.startswith(tag) for rule in RULES) for tag in families), fault.name
    edits = Counter(repr(fault.edits) for fault in FAULTS)
    assert max(edits.values()) == 1, edits.most_common(1)
    examples = {rule.bad for rule in RULES.values() if rule.bad}
    alone = [fault.edits[0] for fault in FAULTS if len(fault.edits) == 1]
    assert not examples.intersection(edit.get("new", "") for edit in alone)


def kinds_table() -> str:
    """The kinds as the reference shows them: how many faults of each are planted, and how many are missed."""
    rows = ["| kind | planted | missed |", "|---|---|---|"]
    for kind in dict.fromkeys(fault.kind for fault in FAULTS):
        faults = [fault for fault in FAULTS if fault.kind == kind]
        rows.append(f"| {kind} | `{len(faults)}` | `{sum(bool(fault.missed) for fault in faults)}` |")
    missed = sum(bool(fault.missed) for fault in FAULTS)
    return "\n".join([*rows, f"| all | `{len(FAULTS)}` | `{missed}` |"])


def test_the_reference_counts_them() -> None:
    page = (ROOT / "source/reference/planted.md").read_text("utf-8")
    assert kinds_table() in page, f"write into source/reference/planted.md:\n{kinds_table()}"


if __name__ == "__main__":
    print(kinds_table())  # noqa: T201
