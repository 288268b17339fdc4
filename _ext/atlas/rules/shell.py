"""Reading a shell command: its statements, the programs that it runs, the files that it writes.

The door to tree-sitter, whose grammar of Bash knows quotes, heredocs and loops. Nothing is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import tree_sitter
import tree_sitter_bash

PLACEHOLDER: Final = re.compile(r"<([a-z][a-z0-9]*(?:-[a-z0-9]+)*)>")
"""`<host>`: what a reader fills in. A parser would take its brackets for redirections."""
_STATEMENTS: Final = frozenset(
    """command pipeline redirected_statement negated_command for_statement c_style_for_statement
    while_statement if_statement case_statement compound_statement subshell variable_assignment
    variable_assignments declaration_command unset_command test_command function_definition""".split()
)
_WRITES: Final = frozenset((">", ">>", ">|", "&>", "&>>", "<>"))
_NO_FILE: Final = re.compile(r"/dev/(?:null|stdout|stderr|tty|fd/\d)|\d|-")
_WRAPPERS: Final = frozenset(
    """busybox chroot chrt command crictl ctr doas docker env exec find flock ionice ip kubectl microk8s
    nerdctl nice nohup nsenter numactl oc podman runuser setpriv setsid ssh stdbuf strace sudo systemd-run
    taskset time timeout unshare xargs""".split()
)
"""Programs whose arguments may be another program."""
SHELLS: Final = frozenset(("bash", "dash", "ksh", "sh", "zsh"))
_SCRIPTED: Final = SHELLS.union(("eval", "parallel", "ssh", "su", "watch"))
"""Programs that take a script in one word."""
_AROUND: Final = ("pipeline", "redirected_statement", "heredoc_redirect")
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class Call:
    """A program with its arguments, unquoted.

    `fed` is what a heredoc, or `echo` in a pipe, gives it to read; `piped` where a program or a file does.
    """

    program: str
    words: tuple[str, ...]
    fed: str = ""
    piped: bool = False

    @property
    def line(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Script:
    """What a text is as a script: how many statements stand in it, what they call, where they write."""

    statements: int
    calls: tuple[Call, ...]
    writes: tuple[str, ...]
    broken: bool = False


def placeholders(text: str) -> list[str]:
    """The names of the placeholders of a command, in order, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


@lru_cache(maxsize=4096)
def read(text: str, depth: int = 0) -> Script:
    """A command as a script. Placeholders count as words, and calls within calls are listed as well."""
    root = _parser().parse(PLACEHOLDER.sub(_word_of, text).encode()).root_node
    calls = [call for node in _every(root) for call in _calls(node)]
    inner = [found for call in calls for found in _inside(call, depth)] if depth < _DEEPEST else []
    return Script(
        statements=sum(_count(child) for child in root.named_children),
        calls=(*calls, *(c for script in inner for c in script.calls)),
        writes=(*_writes(root), *(w for script in inner for w in script.writes)),
        broken=root.has_error,
    )


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


def _word_of(found: re.Match[str]) -> str:
    """A word of the same length, since places are counted in it."""
    return f"_{found[1].replace('-', '_')}_"


def _every(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    yield node
    for child in node.named_children:
        yield from _every(child)


def _count(node: tree_sitter.Node) -> int:
    """Statements that are chained; what stands in a loop or a pipe is one."""
    if node.type == "list":
        return sum(_count(child) for child in node.named_children)
    return 1 if node.type in _STATEMENTS else 0


def _writes(root: tree_sitter.Node) -> Iterator[str]:
    """The files that are redirected to, devices that keep nothing apart."""
    for node in _every(root):
        if node.type == "file_redirect":
            signs = {child.type for child in node.children if not child.is_named}
            target = node.child_by_field_name("destination")
            name = _plain(target) if target else ""
            if signs & _WRITES and not _NO_FILE.fullmatch(name):
                yield name


def _calls(node: tree_sitter.Node) -> Iterator[Call]:
    if node.type != "command":
        return
    words = [_plain(part) for part in node.children if part.is_named and _is_word(part)]
    fed, piped = _fed(node)
    yield from (Call(_name(word), tuple(words[1:]), fed, piped) for word in words[:1])


def _name(word: str) -> str:
    r"""The program that a word names: `/bin/rm` and `\rm`, which is no alias, are `rm`."""
    return word.replace("\\", "").rpartition("/")[2]


def _is_word(node: tree_sitter.Node) -> bool:
    return not (node.type.endswith("redirect") or node.type == "variable_assignment")


def _fed(node: tree_sitter.Node) -> tuple[str, bool]:
    """What a call is given to read, as far as it is written there, and whether a program writes it."""
    texts = [_plain(n.named_children[0]) for n in _every(node) if n.type == "herestring_redirect"]
    piped = False
    child = node
    parent = node.parent
    while parent is not None and parent.type in _AROUND:
        if parent.type == "pipeline":
            ahead = [c for c in parent.named_children if c.end_byte <= child.start_byte]
            said = _said(ahead[-1]) if ahead else ""
            piped = piped or bool(ahead and not said)
            texts.append(said)
        redirects = (n for n in parent.named_children if n.type == "file_redirect")
        piped = piped or any(map(_reads, redirects))
        texts += [_text(n) for n in _every(parent) if n.type == "heredoc_body"]
        child = parent
        parent = child.parent
    return "\n".join(filter(None, dict.fromkeys(texts))), piped


def _reads(redirect: tree_sitter.Node) -> bool:
    """True of `< file`, which is not shown; false where there is nothing to read."""
    return any(part.type == "<" for part in redirect.children) and "/dev/null" not in _text(redirect)


def _said(node: tree_sitter.Node) -> str:
    """What `echo` or `printf` prints, word for word; nothing of any other program."""
    words = [_plain(part) for part in node.children if part.is_named and _is_word(part)]
    return " ".join(words[1:]) if node.type == "command" and words[0] in ("echo", "printf") else ""


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode(errors="replace")


def _plain(node: tree_sitter.Node) -> str:
    """A word without its quotes."""
    if node.type in ("raw_string", "string", "ansi_c_string"):
        return _text(node).removeprefix("$")[1:-1]
    if node.type in ("concatenation", "command_name"):
        return "".join(_plain(child) for child in node.named_children) or _text(node)
    return _text(node)


def _inside(call: Call, depth: int) -> Iterator[Script]:
    """What a wrapper runs: a script in one word, or the rest of its words from any of them on."""
    if call.program in _SCRIPTED:
        scripts = [word for word in call.words if re.search(r"\s", word)]
        scripts += [call.fed] if call.fed and call.program in SHELLS else []
        yield from (read(script, depth + 1) for script in scripts)
    if call.program in _WRAPPERS:
        tails = (call.words[at:] for at, word in enumerate(call.words) if not word.startswith("-"))
        runs = tuple(Call(_name(tail[0]), tail[1:], call.fed, call.piped) for tail in tails)
        yield Script(1, runs, ())
        yield from (script for run in runs if run.program in _SCRIPTED for script in _inside(run, depth))
