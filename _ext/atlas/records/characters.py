"""Characters that are not what they look like: control, direction, no width, letters that pass for others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import name, normalize

from .model import Finding, Place

# Control characters (C0 but tab and line breaks, DEL, C1), those that turn the direction of a line (UAX #9),
# those without width, line separators, tags. A joiner belongs between emoji, and beside no ASCII.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]|(?<=[!-~])[\u200c\u200d]|[\u200c\u200d](?=[!-~])"
)
_LOOKALIKES = str.maketrans(
    "\u0430\u0410\u0435\u0415\u043e\u041e\u0440\u0420"
    "\u0441\u0421\u0443\u0423\u0445\u0425\u0456\u0406"
    "\u0458\u0408\u0455\u0405\u043c\u041c\u0442\u0422"
    "\u043a\u041a\u043d\u041d\u0432\u0412\u0501\u043f"
    "\u0561\u0251\u03b1\u0391\u03b5\u0395\u03bf\u039f"
    "\u03c1\u03a1\u03c4\u03a4\u03bd\u039d\u03b9\u0399"
    "\u03ba\u039a\u039c\u0392\u0396\u0397\u03a7\u03a5"
    "\u04cf\u0433\u04c0\u029f",
    "aAeEoOpPcCyYxXiIjJsSmMtTkKnHbBdnaaaAeEoOpPtTvNiIkKMBZHXYlrll",
)
"""Cyrillic, Greek and other letters that are drawn as Latin ones are (confusables of UTS #39)."""


def unseen_in(text: str) -> Iterator[tuple[int, str]]:
    """The line (from 1) and the name of the first such character of each line that has one."""
    for number, line in enumerate(text.split("\n"), 1):
        if found := UNSEEN.search(line):
            yield number, named(found[0])


def named(character: str) -> str:
    """`U+202E RIGHT-TO-LEFT OVERRIDE`; control characters have no name."""
    return f"U+{ord(character):04X} {name(character, 'control character')}"


def without_unseen(text: str) -> str:
    """The text with U+FFFD for each such character."""
    return UNSEEN.sub("\ufffd", text)


def plain(text: str) -> str:
    """What a text looks like: compatibility forms and look-alikes as Latin letters, nothing unseen."""
    bare = re.sub("[\u200c\u200d]", "", UNSEEN.sub("", text))
    return normalize("NFKC", bare).translate(_LOOKALIKES)


def check_characters(rule: str, text: str, path: str) -> Iterator[Finding]:
    """A finding of `rule` for each line with a character that is not seen as it acts."""
    for line, what in unseen_in(text):
        message = f"{what} changes what follows, or hides in it"
        yield Finding(rule, message, Place(path, line), "delete it")
