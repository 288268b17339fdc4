"""Atlases of other projects: ids that `sphinx.ext.intersphinx` knows, and this project does not."""

from __future__ import annotations

from dataclasses import replace

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.environment import BuildEnvironment

from atlas.records.notes import Notes
from atlas.records.plan import Ledgers
from atlas.rules.atlas import Atlas

from .pages.nodes import atlas_ref


def is_elsewhere(role: str, target: str, atlas: Atlas, env: BuildEnvironment) -> bool:
    """Whether a reference leads to another project: what is known here is taken from here."""
    return not _is_here(role, target, set(atlas.diagrams), atlas.ledgers) and _is_known(role, target, env)


def without_elsewhere(notes: Notes, ledgers: Ledgers, env: BuildEnvironment) -> Notes:
    """The notes without the references to other projects, which no rule of this one judges."""
    here = {note.id for note in notes.diagrams}
    pages = [
        replace(page, uses=tuple(
            use for use in page.uses
            if _is_here(use.role, use.target, here, ledgers) or not _is_known(use.role, use.target, env)
        ))
        for page in notes.pages
    ]  # fmt: skip
    return replace(notes, pages=tuple(pages))


def _is_here(role: str, target: str, diagrams: set[str], ledgers: Ledgers) -> bool:
    match role:
        case "diagram":
            return target in diagrams
        case "source":
            return target in ledgers.sources
        case "term":
            return target in ledgers.terms
    return ledgers.fact(target) is not None


def names_elsewhere(env: BuildEnvironment) -> list[str]:
    """All that the atlases of other projects name, as `ROLE NAME`."""
    known = getattr(env, "intersphinx_inventory", {}).items()
    return sorted(f"{role} {name}" for role, names in known if role.startswith("atlas:") for name in names)


def _is_known(role: str, target: str, env: BuildEnvironment) -> bool:
    return target in getattr(env, "intersphinx_inventory", {}).get(f"atlas:{role}", {})


def ask_others(ref: atlas_ref, docname: str) -> pending_xref:
    """The reference as Sphinx's own, which asks the inventories."""
    words = ref.astext()
    return pending_xref(
        ref.rawsource,
        nodes.inline("", words or ref["target"]),
        refdomain="atlas",
        reftype=ref["role"],
        reftarget=ref["target"],
        refexplicit=bool(words),
        refwarn=True,
        refdoc=docname,
    )
