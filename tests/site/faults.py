"""The faults of `tests/cases/faults.toml`: how they are read, planted and judged."""

from __future__ import annotations

import json
import random
import shutil
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from atlas.records.checks import fact_key
from atlas.records.ledgers import read_ledgers
from atlas.records.trials import commands_key

from .conftest import DAY, Build, Project

CASES = Path(__file__).parents[1] / "cases/faults.toml"
FILES = {
    "incident": "source/incidents/acme-2024-03-05.md",
    "guide": "source/debugging/queue-full.md",
    "index": "source/index.md",
    "boards": "source/boards.md",
    "acme": "source/_data/sources/acme.toml",
    "docs": "source/_data/sources/queued.toml",
    "terms": "source/_data/glossary/terms.toml",
    "plan": "source/_data/catalogue/plan.toml",
    "conf": "conf.py",
}
GUIDE = FILES["guide"]
LEDGERS = {
    "@REVIEW@": """[[review]]
id = "debugging/queue-full"
hash = "@HASH@"
version = "1.0"
when = 2024-04-02T10:00:00+00:00
who = "second reader"
checked = "every figure against the manual"
sources = ["queued/manual"]
confirmed = 1
""",
    "@TRIAL@": """[trial]
guide = "debugging/queue-full"
software = "queued 2.1"
day = 2024-04-01
commands = ["depth"]
key = "@KEY@"
shows = ["S", "S->D"]
""",
    "@CHECK@": """"acme/outage:backlog" = { key = "@FACT@", on = 2024-04-02, by = "words", cited = "seen" }
""",
    "@LEAVE@": """[[exemption]]
rule = "FACT011"
diagram = "debugging/queue-full"
reason = "it is mended soon"
approver = "A. Lead"
expires = 2024-12-31
""",
}
"""Ledgers that the lawful example has not; each is lawful as it stands, but for leave that nothing needs."""


@dataclass(frozen=True)
class Fault:
    """What is done to the lawful example, and what ought to say so."""

    kind: str
    number: int
    edits: tuple[dict[str, Any], ...]
    rule: str
    missed: str

    @property
    def name(self) -> str:
        return f"{self.kind} {self.number}"

    def plant(self, project: Project, words: dict[str, str]) -> None:
        for edit in self.edits:
            file = project.path / FILES.get(edit["in"], edit["in"])
            if edit.get("gone"):
                file.unlink()
                continue
            text = file.read_text("utf-8") if file.exists() else ""
            new = _edited(text, edit, words)
            assert new != text, f"{self.name} changes nothing in {file.name}"
            project.write(str(file.relative_to(project.path)), new)

    def is_said(self, built: Build) -> bool:
        """Whether the build is red and says so by the rule, or one of the family, that ought to say it."""
        return built.code != 0 and any(
            tag[1:-1] in built.log if tag[0] == "<" else any(rule.startswith(tag) for rule in built.rules)
            for tag in self.rule.split()
        )


def _edited(text: str, edit: dict[str, Any], words: dict[str, str]) -> str:
    if "write" in edit:
        text = str(edit["write"])
        for name, ledger in LEDGERS.items():
            text = text.replace(name, ledger)
        if "swap" in edit:
            assert edit["swap"][0] in text, edit
            text = text.replace(*edit["swap"])
        for name, word in words.items():
            text = text.replace(name, word)
    if "body" in edit:
        head, _, rest = text.partition("flowchart TB\n")
        text = head + edit["body"] + rest[rest.index("```") :]
    if "old" in edit:
        assert edit["old"] in text, f"{edit['old']!r} is not in {edit['in']}"
        text = text.replace(edit["old"], edit["new"], 1)
    return f"{text}{edit.get('add', '')}"


def read_faults() -> list[Fault]:
    """All faults, in their order. An edit takes from its kind what it leaves out."""
    faults = []
    for kind in tomllib.loads(CASES.read_text("utf-8"))["kind"]:
        given = {key: kind[key] for key in ("in", "old", "rule") if key in kind}
        for number, own in enumerate(kind["faults"], 1):
            first = {"rule": "", **given, **own}
            edits = first.pop("also", [])
            if "new" not in first:
                first.pop("old", None)
            if "body" in first:
                first["in"] = "guide"
            rule, missed = first.pop("rule"), first.pop("missed", "")
            faults.append(Fault(kind["name"], number, (first, *edits), rule, missed))
    return faults


def sample(faults: list[Fault], size: int, seed: int) -> list[Fault]:
    """Some of the faults, of each kind in turn, in their order."""
    chance = random.Random(seed)
    kinds: dict[str, list[Fault]] = {}
    for fault in faults:
        kinds.setdefault(fault.kind, []).append(fault)
    for of_kind in kinds.values():
        chance.shuffle(of_kind)
    drawn: list[Fault] = []
    while len(drawn) < min(size, len(faults)):
        left = [of_kind for of_kind in kinds.values() if of_kind]
        drawn += [of_kind.pop() for of_kind in chance.sample(left, min(size - len(drawn), len(left)))]
    return sorted(drawn, key=faults.index)


def words_of(project: Project) -> dict[str, str]:
    """What ledgers hold of the built example: the hash of the guide, the keys of a trial and of a check."""
    record = json.loads((project.path / "build/html/atlas.json").read_text("utf-8"))
    (guide,) = [d for d in record["diagrams"] if d["id"] == "debugging/queue-full"]
    source = read_ledgers(project.path / "source", today=date.fromisoformat(DAY)).sources["acme/outage"]
    (fact,) = [fact for fact in source.facts if fact.id.endswith(":backlog")]
    depth = ("depth", "queuectl depth --host <host>", r"(?m)^depth \d+ of \d+$")
    return {"@HASH@": guide["hash"], "@KEY@": commands_key([depth]), "@FACT@": fact_key(source, fact)}


def restore(project: Project, kept: Path) -> None:
    """Put the project back as it was kept, with its times."""
    shutil.rmtree(project.path)
    shutil.copytree(kept, project.path)
