"""Drawings in characters, by the engine."""

from __future__ import annotations

import pytest

from atlas.diagrams.mermaid import EngineError, draw_text

FLOW = 'flowchart LR\n  A["Client"] -->|"asks"| B["API"]'


def test_a_small_flow():
    assert draw_text(FLOW).splitlines()[2] == "│ Client ├──asks──►│ API │"


def test_plain_is_ascii():
    assert draw_text(FLOW, plain=True).isascii()


def test_settings_do_not_count():
    assert draw_text('%%{init: {"theme": "dark"}}%%\n' + FLOW) == draw_text(FLOW)


@pytest.mark.parametrize("text", ["", "flowchart LR\n  A["])
def test_what_cannot_be_drawn(text):
    with pytest.raises(EngineError):
        draw_text(text)
