"""Commands and timelines in a terminal: what to run with its effect, and what happened when."""

from __future__ import annotations

from textwrap import wrap

from .project import Record
from .terminal import Terminal, pad, width_of

_PAINTS = {"reads": "green", "changes": "yellow", "destroys": "red"}


def print_command(terminal: Terminal, command: Record, *, indent: int = 0) -> None:
    """A command with its effect ahead of it, so that what is lost is read before it is run."""
    from atlas.views.running import EFFECTS

    lead = " " * indent
    effect = command["effect"]
    mark = EFFECTS.get(effect, "Effect unknown")
    shown = terminal.style(mark, "bold", _PAINTS[effect]) if effect in _PAINTS else mark
    on = terminal.style(f" on {', '.join(command['on'])}", "dim") if command["on"] else ""
    terminal.say(f"{lead}{shown}{on}")
    if command["loses"]:
        look = f". Look first: {command['look']}" if command["look"] else ""
        _tell(terminal, f"loses {command['loses']}{look}", indent + 2)
    for line in command["text"].split("\n"):
        terminal.say(f"{lead}  {terminal.style(line, 'cyan')}")
    if command["expect"] == "nothing":
        terminal.say(f"{lead}  {terminal.style('prints nothing where it works', 'dim')}")
    for number, line in enumerate(command["prints"].split("\n") if command["prints"] else ()):
        terminal.say(f"{lead}  {terminal.style(('→ ' if not number else '  ') + line, 'dim')}")


def print_first(terminal: Terminal, diagram: Record, atlas: Record) -> None:
    """The commands that decide, each with what its outcomes mean; nothing where none is marked."""
    if not diagram["run_first"]:
        return
    known = {d["id"]: d for d in atlas["diagrams"]}
    guide = known[diagram["run_first"][0]["diagram"]]
    origin = "" if guide["id"] == diagram["id"] else f", from {guide['id']}"
    terminal.heading(f"Run first{origin}")
    for first in diagram["run_first"]:
        command = next(c for c in guide["commands"] if c["id"] == first["command"])
        print_command(terminal, command, indent=2)
        _tell(terminal, command["says"], 2)


def print_timeline(terminal: Terminal, diagram: Record) -> None:
    """Time, kind and event of each row; nothing where there is no timeline."""
    from atlas.rules.timelines import KINDS

    if not diagram["timeline"]:
        return
    terminal.heading("Timeline")
    rows = [(r["time"] or "–", KINDS.get(r["kind"], r["kind"]), r["event"]) for r in diagram["timeline"]]
    widths = [max(width_of(row[column]) for row in rows) + 2 for column in (0, 1)]
    for time, kind, event in rows:
        head = pad(time, widths[0]) + pad(kind, widths[1])
        first, *rest = wrap(event, max(terminal.width - sum(widths), 20)) or [""]
        terminal.say(f"{terminal.style(head, 'bold')}{first}".rstrip())
        for line in rest:
            terminal.say(" " * sum(widths) + line)


def _tell(terminal: Terminal, text: str, indent: int) -> None:
    for line in wrap(text.replace("`", ""), terminal.width - indent):
        terminal.say(" " * indent + line)
