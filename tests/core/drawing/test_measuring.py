"""The engine's questions for the room of texts: answered alike from bytes and from the binding's objects."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from atlas.diagrams import mermaid
from atlas.drawing import measuring, ruler
from atlas.drawing.measuring import Question, Room

merman = mermaid.load_engine()
OPERATIONS = tuple(operation.name for operation in merman.MermanTextMeasurementOperation)
TEXTS = (
    "",
    "a",
    "Redis 7.2 says “no”",
    "二つの 箱",
    "🔥 hot 👩‍💻",
    "one\ntwo lines",
    "a <pod> \ufdd0 \u202ex",
    "word " * 40,
)


def asked(operation: str, text: str, *, family: str | None = "Inter", width: float | None = None):
    return merman.MermanTextMeasureRequest(
        operation=merman.MermanTextMeasurementOperation[operation],
        phase=merman.MermanTextMeasurementPhase.LAYOUT,
        text=text,
        font_family=family,
        font_size=16.0,
        font_weight=family and "bold",
        font_style="normal",
        max_width=width,
        line_height=24.0,
        letter_spacing=0.0,
        word_spacing=0.0,
        wrap_mode=merman.MermanTextWrapMode.HTML_LIKE,
        direction=merman.MermanTextDirection.AUTO,
        white_space=merman.MermanTextWhiteSpace.NORMAL,
    )


def written(converter: str, value) -> bytes:
    """A value as the binding writes it."""
    builder = merman.merman_uniffi._UniffiRustBufferBuilder()
    getattr(merman.merman_uniffi, f"_UniffiFfiConverter{converter}").write(value, builder)
    buffer = builder.finalize()
    try:
        return bytes(buffer.data[: buffer.len])
    finally:
        buffer.free()


@pytest.mark.parametrize("width", [None, 120.0])
@pytest.mark.parametrize("family", [None, "Inter, sans-serif"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_bytes_and_objects_are_answered_alike(operation, family, width):
    for text in TEXTS:
        request = asked(operation, text, family=family, width=width)
        slow = written("OptionalTypeMermanTextMeasureResult", measuring._slow(merman).measure(request))
        quick = measuring.answer(written("TypeMermanTextMeasureRequest", request), OPERATIONS)
        assert quick == slow


def test_the_engine_is_asked_by_bytes_where_the_binding_is_the_pinned_one():
    request = written("TypeMermanTextMeasureRequest", asked("COMPUTED_LENGTH", "abc"))
    assert measuring.measurer(merman).measure(request) == measuring.answer(request, OPERATIONS)


def test_a_binding_with_other_names_is_asked_by_its_objects():
    names = ("MermanTextMeasurer", "MermanTextMeasureResult", "MermanTextMeasurementResultKind")
    other = SimpleNamespace(**{name: getattr(merman, name) for name in names})
    answer = measuring.measurer(other).measure(asked("COMPUTED_LENGTH", "abc"))
    assert answer.length == ruler.width("abc", 16.0)


@pytest.mark.parametrize(
    ("operation", "width", "room"),
    [
        ("MEASURE", 0.0, Room("METRICS", ruler.width("two lines", 16), 48.0, 2)),
        ("WRAPPED", 40.0, Room("METRICS", ruler.width("lines", 16), 72.0, 3)),
        ("MERMAID_CALCULATE_TEXT_DIMENSIONS", 0.0, Room("METRICS", 96.0, 19.0)),
        ("SIMPLE_B_BOX_HEIGHT", 0.0, Room("LENGTH", ruler.HEIGHT * 16)),
        ("CREATE_TEXT_B_BOX_Y_OFFSET", 0.0, None),
    ],
)
def test_room(operation, width, room):
    assert measuring.measure(Question(operation, "one\ntwo lines", 16.0, width, 24.0)) == room
