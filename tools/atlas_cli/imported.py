"""What a block that comes in is written as: the directive, open gates, and rows of a ledger that wait."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from atlas.records.house import House

from .bringing import Taken, slug
from .stubs import open_checks, owed_gates

LEDGER = "sources/imported.toml"
_HEAD = """\
# Figures of imported diagrams, which wait for a source each. Write what you read, delete the #, list
# "imported/KEY" in :sources: of the diagram, and write ${name} for the figure in its label.
"""


def replace_blocks(text: str, taken: Sequence[Taken], house: House) -> str:
    """The page with each block as a directive, its lines and their endings otherwise as they were."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split("\n")
    for one in sorted(taken, key=lambda one: one.block.start, reverse=True):
        block = one.block
        first = lines[block.start - 1]
        at = first.index(block.fence or "..")
        lead, rest = first[:at], re.sub(r"[^>\s]", " ", first[:at])
        written = list(_in_markdown(one, block.fence, house) if block.fence else _in_rst(one, house))
        shown = [(rest + line).rstrip() for line in written]
        shown[0] = lead + written[0]
        tail = "" if block.end == len(lines) and not lines[-1].endswith("\r") else end[:-1]
        lines[block.start - 1 : block.end] = [*(line + end[:-1] for line in shown[:-1]), shown[-1] + tail]
    return "\n".join(lines)


def render_page(one: Taken, house: House, *, rst: bool) -> str:
    """A page of its own for a file of Mermaid."""
    written = "\n".join(_in_rst(one, house) if rst else _in_markdown(one, "```", house))
    title = f"{one.title}\n{'=' * max(len(one.title), 4)}" if rst else f"# {one.title}"
    return f"{title}\n\n{written}\n"


def _in_markdown(one: Taken, fence: str, house: House) -> Iterator[str]:
    if name := one.block.options.get("name"):
        yield from (f"({name})=", "")
    yield f"{fence}{{atlas-diagram}} {one.id}"
    yield from (*_options(one), "", *one.text.split("\n"), fence)
    for gate in _gates(one, house):
        yield from ("", f"{fence}{{quality-gate}} {gate}", *open_checks(house, gate, ""), fence)


def _in_rst(one: Taken, house: House) -> Iterator[str]:
    if name := one.block.options.get("name"):
        yield from (f".. _{name}:", "")
    yield f".. atlas-diagram:: {one.id}"
    yield from (f"   {line}" for line in (*_options(one), "", *one.text.split("\n")))
    for gate in _gates(one, house):
        yield from ("", f".. quality-gate:: {gate}", "")
        for line in open_checks(house, gate, ""):
            yield f"   {line.replace(': ', '   ', 1)}" if line.startswith(":") else f"   {line}"


def _gates(one: Taken, house: House) -> list[str]:
    return owed_gates(house, one.id.partition("/")[0], "")


def _options(one: Taken) -> Iterator[str]:
    yield f":title: {one.title}"
    yield ":sources:"
    if caption := one.block.options.get("caption"):
        yield f":caption: {caption}"
    yield f":alt: {one.alt}"


def add_rows(ledger: str, taken: Sequence[Taken]) -> str:
    """The ledger with a table for each diagram that it has none for, all of it comments."""
    known = set(re.findall(r"^(?:# )?\[([\w.-]+)\]$", ledger, re.MULTILINE))
    parts = [ledger.rstrip("\n") or _HEAD.rstrip("\n")]
    parts += ["\n".join(_rows(one)) for one in taken if _key(one) not in known]
    return "\n\n".join(parts) + "\n"


def _key(one: Taken) -> str:
    return slug(one.id)


def _rows(one: Taken) -> Iterator[str]:
    key = _key(one)
    yield f"# {one.id}, {one.path}"
    yield f"# [{key}]"
    yield f"# title = {json.dumps(one.title, ensure_ascii=False)}"
    yield '# url = "https://…"'
    yield '# publisher = "…"'
    yield '# tier = "docs"  # or operator, paper, code, filing, talk'
    yield '# of = "…"  # product and version, or product and month'
    yield "# read = …  # the day on which you read it"
    yield '# extent = "full"'
    yield f"# [{key}.facts]"
    for number, (word, label) in enumerate(one.figures, 1):
        value = json.dumps(word, ensure_ascii=False)
        says = json.dumps(label, ensure_ascii=False)
        yield f'# figure{number} = {{ value = {value}, where = "…", says = {says}, as_of = … }}'
