"""The words of a Mermaid text, so that the engine draws and reads what is written and nothing else.

The engine reads labels as HTML, as Markdown, as entities and as its own syntax, in other places each, and may
lose a word or all of them on the way. So it never meets any of that: `shelter` resolves entities, takes away
formatting, and puts a stand-in, a code point that no text may hold, for each character that could mean more
than itself. `bare` takes them back. Line breaks stay where they are, so that lines are counted alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Final

_RISKY: Final = "<>\"'`#;&|[]{}()\\:%=-~@*_^$,"
_FIRST: Final = 0xFDD0
STAND_INS: Final = {chr(_FIRST + i): character for i, character in enumerate(_RISKY)}
"""The characters that could mean more than themselves, by what stands in for them."""
_SHELTERED: Final = {ord(character): stand_in for stand_in, character in STAND_INS.items()}
_STRESS: Final = {ord(character): character.translate(_SHELTERED) for character in "*_`\\"}
NONCHARACTERS: Final = f"{chr(_FIRST)}-{chr(0xFDEF)}"
"""All stand-ins, as a range of a regular expression."""
_STAND_IN: Final = re.compile(f"[{''.join(STAND_INS)}]")

_BREAK = re.compile(r"(?<![^\S\n])[^\S\n]*+(?:<br/>|\n\s*+(?:<br/>)?)\s*+")
_HTML_BREAK = re.compile(r"(?<![^\S\n])[^\S\n]*+(?:<br\s*+/*+>|\n\s*+(?:<br\s*+/*+>)?)\s*+", re.IGNORECASE)
_ANY_BREAK = re.compile(r"</?(?:br|hr)\s*/*>", re.IGNORECASE)
# Lines without a word to be drawn, in which `#` begins a colour and `&` joins parts of an address.
_WORDLESS = re.compile(r"\s*(?:%%|(?:style|classDef|linkStyle|click|links?)\s(?!.*>>))")
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*+>(?:(?!<\1\b).)*?</\1\s*+>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp;(#?\w+)|(#?\w+));|#(\w+);")
_LAST_BREAKS = re.compile(r"(?<![ \t])(?<!<br/>)(?:[ \t]*+<br/>)++$")
_FORMAT = re.compile(
    r"<(a|b|i|u|s|em|strong|del|ins|small|big|sub|sup|span|font|div|p|center|code|tt|kbd|mark|pre|li|ul|ol)"
    r"(?:\s[^<>]*)?>((?:(?!<\1\b)[^\"])*?)</\1\s*>",
    re.IGNORECASE,
)
_OPENING = re.compile(r"<<(?:fork|join|choice)>>|<br/>|<(?=[^\W\d_]|[/!?])")
_COLON = re.compile(r"((?<!:):(?!:))")
_QUOTED = re.compile(r'"[^"]*"')
ICON = re.compile(r"\bfa[a-z]?:fa-[\w-]+[ \t]*")
_DOUBLED = re.compile(r'(?<=[\[({|])""([^"\n]*[^"\n\[({|])""(?=[\])}|])')
_MARKDOWN = re.compile(r'"`([^`"]*)`"')
_STRESSED = re.compile(r"(\*\*|\*)(\S(?:.*?\S)?)\1|(?<!\w)(__|_)(\S(?:.*?\S)?)\3(?!\w)", re.DOTALL)
_COMMENT = re.compile(r"^[ \t]*+%%.*\n", re.MULTILINE)
_FLOWCHART = re.compile(r"\s*(?:flowchart|graph)\b")
_TOLD = re.compile(
    r"""\s(?:title|alt|label|summary|value|placeholder|content|aria-\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)
_NOTE_WRAP = re.compile(r"^(\s*note\s[^:\n]*:\s*)(?:no)?wrap:[ \t]*", re.IGNORECASE)
_TAGS_IN_WORDS: Final = 8  # how deep formatting may be nested


def shelter(text: str) -> str:
    """A Mermaid text as the engine is to see it: the same lines, without what it could misread."""
    text = _UNSEEN.sub(_line_breaks, text)
    text = _without_format(_on_lines(_resolved, text))
    if _FLOWCHART.match(_COMMENT.sub("", text)):
        text = _MARKDOWN.sub(lambda found: f'"{_unstressed(found[1])}"', _DOUBLED.sub(r'"\1"', text))
        return _on_lines(_plain_quotes, text)
    return _on_lines(_plain_ends, text)


def _on_lines(change: Callable[[str], str], text: str) -> str:
    """A change on each line that has words; no line keeps blanks at its end."""
    lines = (line.rstrip() for line in text.split("\n"))
    return "\n".join(line if _WORDLESS.match(line) else change(line) for line in lines)


def said(label: str) -> str:
    """A label of the engine's model as a reader sees it: lines parted by a newline.

    Entities that still stand in it are those of the engine, which escapes a lone `<`.
    """
    return bare(unescape(_BREAK.sub("\n", label))).strip()


def bare(text: str) -> str:
    """A text of the engine with the characters themselves for their stand-ins."""
    return replace_stand_ins(text, STAND_INS)


def replace_stand_ins(text: str, by: Mapping[str, str]) -> str:
    """A text of the engine with something for each of its stand-ins; the rest of it is not even looked at."""
    return text if text.isascii() else _STAND_IN.sub(lambda found: by[found[0]], text)


def words_of_html(text: str) -> str:
    """The words of HTML, lines parted by a newline."""
    text = _HTML_BREAK.sub("\n", _UNSEEN.sub("", text))
    return unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", text)).strip()


def told_by_html(text: str) -> list[str]:
    """What the attributes of HTML tell readers and listeners: tooltips, alternatives, labels."""
    return [unescape(quoted or single or bare) for quoted, single, bare in _TOLD.findall(text)]


def _line_breaks(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _resolved(line: str) -> str:
    """A line with its entities resolved; without icons, which no font of ours has, and breaks in vain."""
    line = _ANY_BREAK.sub("<br/>", ICON.sub("", line).replace("\\n", "<br/>"))
    return _ENTITY.sub(_character, _NOTE_WRAP.sub(r"\1", _LAST_BREAKS.sub("", line)))


def _character(found: re.Match[str]) -> str:
    """The character of an entity, sheltered; what is no entity, as it is written."""
    escaped, name, short = found.groups()
    name = name or (f"#{short}" if short and short.isdigit() else short)
    known = f"&{escaped};" if escaped else unescape(f"&{name};")
    return (found[0] if known == f"&{name};" else known).translate(_SHELTERED)


def _without_format(text: str) -> str:
    """The text without pairs of tags that only format; others are words, such as the `<pod>` of a command."""
    for _ in range(_TAGS_IN_WORDS):
        text, count = _FORMAT.subn(r"\2", text)
        if not count:
            break
    return text


def _plain_quotes(line: str) -> str:
    return _without_tags(_QUOTED.sub(_plain, line))


def _plain_ends(line: str) -> str:
    """A line of a sequence or of states, where words stand behind a colon or in quotes."""
    head, colon, words = _COLON.split(line, maxsplit=1) if _COLON.search(line) else (line, "", "")
    return _without_tags(f"{_QUOTED.sub(_plain, head)}{colon}{words.translate(_STRESS)}")


def _plain(found: re.Match[str]) -> str:
    return found[0].translate(_STRESS)


def _without_tags(line: str) -> str:
    return _OPENING.sub(lambda found: found[0] if len(found[0]) > 1 else "<".translate(_SHELTERED), line)


def _unstressed(words: str) -> str:
    """Markdown without its emphasis and the blanks around its lines."""
    plain = _STRESSED.sub(lambda found: found[2] or found[4], words)
    return re.sub(r"[ \t]*\n[ \t]*", "\n", plain).strip(" \t")
