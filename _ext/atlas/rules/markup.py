"""Raw HTML on pages: what runs, what loads, what leads elsewhere, and what is no HTML that can be told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlas.records.addresses import fault_of_link
from atlas.records.model import Finding, Place

CHOICES = ("pass", "judge", "refuse")
"""What raw HTML is to a project: left alone but for its links, searched for what acts, or words alone."""

# As the HTML standard has it, a comment also ends at `--!>`, and at `>` or `->` right behind its start.
_COMMENT = re.compile(r"<!--(?!-?>)")
_COMMENT_END = re.compile(r"--!?>")
_NAME = r"[A-Za-z_:@][\w:@.-]*"
_VALUE = r"""\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+"""
_TAG = re.compile(rf"</?([A-Za-z][A-Za-z0-9-]*)((?:\s+{_NAME}(?:\s*=\s*(?:{_VALUE}))?)*)\s*/?>")
_ATTRIBUTE = re.compile(rf"({_NAME})(?:\s*=\s*({_VALUE}))?")
_BEGINS = re.compile(r"<(?=[A-Za-z/!?])")
_ACTIVE = frozenset(
    """script style iframe frame frameset object embed applet portal base link meta form template slot
    foreignobject animate animatemotion animatetransform set handler listener xml math""".split()
)
_WORDS = frozenset(
    """abbr b bdi bdo br cite code del details dfn em hr i ins kbd li mark ol p q s samp small span strong sub
    summary sup u ul var wbr a""".split()
)
_ACTING = frozenset("srcdoc formaction action http-equiv ping is slot srcset".split())
_PLAIN = frozenset("title lang dir href id cite datetime open".split())
_LINKS = frozenset("href src xlink:href data poster background cite longdesc action formaction".split())
_PICTURES = frozenset(("img", "image", "source", "video"))
_MEND = "write it in MyST: a link, a picture, a note; scripts of the project belong in html_js_files"


def check_markup(text: str, place: Place, choice: str) -> Iterator[Finding]:
    """PAGE001 of a piece of raw HTML, and LINK002 of each link in it."""
    position = 0
    while begins := _BEGINS.search(text, position):
        start = begins.start()
        if tag := _TAG.match(text, start):
            position = tag.end()
            yield from _check_tag(tag[1].lower(), tag[2], place, choice)
            continue
        position, whole = _skip_comment(text, start)
        if not whole and choice != "pass":
            cut = ascii(text[start : start + 20])
            yield Finding("PAGE001", f"raw HTML that is no whole tag: {cut}", place, _MEND)


def _skip_comment(text: str, start: int) -> tuple[int, bool]:
    """Behind the comment that begins here, else behind its first sign; whether it is a lawful one."""
    begins = _COMMENT.match(text, start)
    if not begins:
        return start + 1, False
    ends = _COMMENT_END.search(text, begins.end())
    return (ends.end(), ends[0] == "-->") if ends else (len(text), False)


def _check_tag(name: str, attributes: str, place: Place, choice: str) -> Iterator[Finding]:
    lawful = name not in _ACTIVE if choice == "judge" else choice == "pass" or name in _WORDS
    if not lawful:
        yield Finding("PAGE001", f"raw HTML <{name}>", place, _MEND)
    for found in _ATTRIBUTE.finditer(attributes):
        key, value = found[1].lower(), (found[2] or "").strip("\"'")
        acts = key.startswith("on") or key in _ACTING
        plain = not acts and (choice == "judge" or key in _PLAIN)
        if lawful and choice != "pass" and not plain:
            yield Finding("PAGE001", f"raw HTML <{name}> with the attribute {key}", place, _MEND)
        if key in _LINKS and (fault := fault_of_link(value, picture=name in _PICTURES)):
            yield refuse_link(value, fault, place)


def refuse_link(link: str, fault: str, place: Place, diagram: str = "") -> Finding:
    """LINK002."""
    shown = ascii(link[:80])[1:-1]
    return Finding("LINK002", f"the link {shown} {fault}", place, "use https, or an id of the atlas", diagram)
