"""The typesetter alone, as the builder runs it: one job, one answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parents[2]
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
TITLED = '#set document(title: "t")\n#set text(lang: "en", font: "Inter")\n'


@pytest.fixture
def typeset(tmp_path):
    def run(source: str, **files: str) -> dict[str, Any]:
        (tmp_path / "main.typ").write_text(source)
        for name, text in files.items():
            (tmp_path / f"{name}.svg").write_text(text)
        job = {
            "root": str(tmp_path),
            "main": "main.typ",
            "output": str(tmp_path / "out.pdf"),
            "fonts": [str(ROOT / "_ext/atlas/drawing/fonts")],
            "inputs": {"volume": "x"},
            "images": [f"/{name}.svg" for name in files],
            "timestamp": 0,
        }
        (tmp_path / "job.json").write_text(json.dumps(job))
        command = [
            sys.executable,
            str(ROOT / "_ext/atlas_sphinx/binder/typeset.py"),
            str(tmp_path / "job.json"),
        ]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "_ext")}
        ran = subprocess.run(command, env=env, capture_output=True, text=True)
        answer: dict[str, Any] = json.loads(ran.stdout)
        assert bool(ran.returncode) == bool(answer["error"])
        assert (tmp_path / "out.pdf").exists() != bool(answer["error"])
        return answer

    return run


def test_a_lawful_volume_has_nothing_to_say(typeset):
    answer = typeset(TITLED + "= One\n#sys.inputs.volume")
    assert answer["error"] == answer["standard"] == ""


def test_what_the_standard_refuses_is_set_without_it(typeset):
    answer = typeset(TITLED + '#image("one.svg")', one=DRAWING)
    assert answer["error"] == ""
    assert "alt text" in answer["standard"]
    assert answer["blamed"] == []


def test_an_image_that_the_standard_refuses_is_named(typeset):
    written = DRAWING.replace("<path", '<text font-family="Inter">\u6f22</text><path')
    answer = typeset(
        TITLED + '#image("one.svg", alt: "1")\n#image("two.svg", alt: "2")', one=DRAWING, two=written
    )
    assert answer["error"] == ""
    assert answer["standard"]
    assert answer["blamed"] == ["/two.svg"]


def test_a_broken_image_is_named_and_the_template_told(typeset):
    source = '#let broken = json(bytes(sys.inputs.at("broken", default: "[]")))\n'
    source += '#for name in ("/one.svg", "/two.svg") { if name not in broken { image(name, alt: name) } }'
    answer = typeset(TITLED + source, one=DRAWING, two="<svg")
    assert answer["error"] == ""
    assert answer["blamed"] == ["/two.svg"]


def test_a_fault_that_no_image_has_is_told(typeset):
    answer = typeset(TITLED + "#panic()", one=DRAWING)
    assert "panicked" in answer["error"]
    assert answer["blamed"] == []


def test_no_font_of_the_machine_is_used(typeset, tmp_path):
    assert not typeset(TITLED.replace("Inter", "DejaVu Sans") + "text")["error"]
    resources: Any = PdfReader(tmp_path / "out.pdf").pages[0]["/Resources"]
    fonts = resources["/Font"]
    assert [font.get_object()["/BaseFont"].partition("+")[2] for font in fonts.values()] == ["Inter-Regular"]
