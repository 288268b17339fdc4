"""The atlas in short: a line a diagram and the titles of the plan, which is all that counting verbs need."""

from __future__ import annotations

from .project import Project, Record, read_derived
from .terminal import Terminal

_KEPT = (
    "id",
    "title",
    "category",
    "system",
    "kind",
    "version",
    "status",
    "priority",
    "hash",
    "sourced",
    "review",
)


def read_overview(project: Project, terminal: Terminal) -> Record:
    """`diagrams`, and the titles of `categories`, `systems` and `phases` by id."""
    overview: Record = read_derived(project, terminal, "overview.json", summarise)
    return overview


def summarise(atlas: Record) -> Record:
    plan = atlas["catalogue"]
    planned = {e["id"]: e["phase"] for e in plan["entries"]}
    phases = {c["id"]: c["phase"] for c in plan["categories"]}
    return {
        "today": atlas["build"]["date"],
        "diagrams": [
            {key: d[key] for key in _KEPT}
            | {
                "path": d["place"]["path"],
                "phase": planned.get(d["id"], phases.get(d["category"], 0)),
                "findings": len(d["findings"]),
                "facts": len(d["facts"]),
            }
            for d in atlas["diagrams"]
        ],
        "categories": {c["id"]: c["title"] for c in plan["categories"]},
        "systems": {s["id"]: s["name"] for s in plan["systems"]},
        "tiers": {s["id"]: s["tier"] for s in plan["systems"]},
        "phases": {str(p["number"]): p["title"] for p in plan["phases"]},
    }
