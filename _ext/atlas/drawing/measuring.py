"""Answers to the engine's questions for the room that a text takes: some four hundred a drawing.

The engine's binding makes an object of fourteen fields of each question and checks every field of each
answer, which costs five times what our ruler does. So where it is the version that is pinned, questions are
read as the bytes that they come in, and answered with bytes from a dictionary; else by its own objects.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from atlas.diagrams.wording import bare

from . import ruler

_KINDS: Final = ("METRICS", "LENGTH")
_HEAD, _SIZE, _NUMBER = struct.Struct(">ii"), struct.Struct(">i"), struct.Struct(">d")
_ANSWER: Final = struct.Struct(">BidddQ3x")
_FALL_BACK: Final = b"\0"
_PRIVATE: Final = (
    "_UniffiFfiConverterTypeMermanTextMeasureRequest",
    "_UniffiFfiConverterOptionalTypeMermanTextMeasureResult",
    "_UniffiRustBuffer",
)
"""Names of the binding that only the pinned version is known to have."""


class Question(NamedTuple):
    """What the engine asks: the room of a text at a size, in lines of a height and width in px (0: free)."""

    operation: str
    text: str
    size: float
    width: float
    line_height: float


class Room(NamedTuple):
    """A kind of `_KINDS`, a width or length, a height, all in px, and the number of lines."""

    kind: str
    width: float
    height: float = 0.0
    lines: int = 1


def measure(question: Question) -> Room | None:
    """How much room a text takes, in px; None where the engine is to fall back on its own tables."""
    operation, text, size = question.operation, bare(question.text), question.size
    if operation in ("WRAPPED", "MEASURE"):
        lines = ruler.wrap(text, size, question.width) if question.width else text.split("\n")
        width = max(ruler.width(line, size) for line in lines)
        return Room("METRICS", width, question.line_height * len(lines), len(lines))
    if operation == "MERMAID_CALCULATE_TEXT_DIMENSIONS":
        return Room("METRICS", float(round(ruler.width(text, size))), float(round(ruler.HEIGHT * size)))
    if operation.endswith(("_WIDTH", "_LENGTH")):
        return Room("LENGTH", ruler.width(text, size))
    return Room("LENGTH", ruler.HEIGHT * size) if operation.endswith("_HEIGHT") else None


def measurer(merman: Any) -> Any:
    """What the module `merman` asks for the room of texts."""
    return _quick(merman) or _slow(merman)


def _slow(merman: Any) -> Any:
    class Measurer(merman.MermanTextMeasurer):  # type: ignore[misc]
        def measure(self, asked: Any) -> Any:
            question = Question(
                asked.operation.name, asked.text, asked.font_size, asked.max_width or 0.0, asked.line_height
            )
            room = measure(question)
            return room and _result(merman, room)

    return Measurer()


def _result(merman: Any, room: Room) -> Any:
    return merman.MermanTextMeasureResult(
        result_kind=merman.MermanTextMeasurementResultKind[room.kind],
        width=room.width,
        height=room.height,
        length=room.width,
        line_count=room.lines,
        bbox_left=None,
        bbox_right=None,
        raw_width=None,
    )


# The quick way ---------------------------------------------------------------------------------


def _quick(merman: Any) -> Any:
    """A measurer that takes and gives bytes; None where the binding has not the names for that."""
    try:
        binding = merman.merman_uniffi
        asked, answered, buffers = (getattr(binding, name) for name in _PRIVATE)
    except AttributeError:
        return None

    def lift(buffer: Any) -> bytes:
        taken = ctypes.string_at(buffer.data, buffer.len)
        buffer.free()
        return taken

    def lower(given: bytes) -> Any:
        buffer = buffers.alloc(len(given))
        ctypes.memmove(buffer.data, given, len(given))
        buffer.len = len(given)
        return buffer

    asked.lift, answered.lower = staticmethod(lift), staticmethod(lower)
    operations = tuple(operation.name for operation in merman.MermanTextMeasurementOperation)

    class Measurer(merman.MermanTextMeasurer):  # type: ignore[misc]
        def measure(self, request: Any) -> Any:
            return answer(request, operations)

    return Measurer()


@lru_cache(maxsize=65_536)
def answer(request: bytes, operations: Sequence[str]) -> bytes:
    """The answer to a question, both as the binding writes them; `operations` are named from 1 on."""
    room = measure(read_question(request, operations))
    if room is None:
        return _FALL_BACK
    kind = _KINDS.index(room.kind) + 1
    return _ANSWER.pack(1, kind, room.width, room.height, room.width, room.lines)


def read_question(request: bytes, operations: Sequence[str]) -> Question:
    """A question of the bytes that the binding makes of it: operation, phase, text, family?, size, weight?,
    style, width?, line height, and more that is not read. What has a `?` may be left out.
    """
    operation, _ = _HEAD.unpack_from(request)
    fields = _Fields(request, _HEAD.size)
    text = fields.text()
    fields.skip_optional()
    size = fields.number()
    fields.skip_optional()
    fields.text()
    width = fields.number() if fields.present() else 0.0
    return Question(operations[operation - 1], text, size, width, fields.number())


class _Fields:
    """Bytes, read field by field."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def number(self) -> float:
        self._at += _NUMBER.size
        value: float = _NUMBER.unpack_from(self._data, self._at - _NUMBER.size)[0]
        return value

    def text(self) -> str:
        (size,) = _SIZE.unpack_from(self._data, self._at)
        start = self._at + _SIZE.size
        self._at = start + size
        return self._data[start : self._at].decode()

    def present(self) -> bool:
        self._at += 1
        return self._data[self._at - 1] == 1

    def skip_optional(self) -> None:
        if self.present():
            self.text()
