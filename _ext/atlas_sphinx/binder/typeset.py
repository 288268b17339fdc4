"""One volume, set in a process of its own: `python typeset.py JOB.json`. The one door to Typst.

Typst keeps what it has laid out until its process ends, and a fault in it may end that process; so this file
is run, not imported, and knows nothing but its job and how to write a file:

    root, main   folder of the project, and the template in it
    output       the PDF to write, whole or not at all
    fonts        folders of fonts; no others are used
    inputs       strings that the template reads as `sys.inputs`
    images       tried alone where the volume fails; it is set again with those to blame in `broken`
    timestamp    seconds since 1970, which the PDF names as its date

It prints one JSON object: `error`, `standard` and the images `blamed` for either are empty where all is well;
`seconds`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import typst

from atlas.records.whole_file import replace_file

STANDARD = "ua-1"


def main(path: str) -> int:
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    started = time.perf_counter()
    answer: dict[str, Any] = {"error": "", "standard": "", "blamed": []}
    set_volume(job, answer)
    if answer["error"] or answer["standard"]:
        standards = [] if answer["error"] else [STANDARD]
        answer["blamed"] = [name for name in job["images"] if not is_drawable(job, name, standards)]
    if answer["error"] and answer["blamed"]:
        job["inputs"]["broken"] = json.dumps(answer["blamed"])
        set_volume(job, answer)
    print(json.dumps(answer | {"seconds": round(time.perf_counter() - started, 2)}))  # noqa: T201
    return int(bool(answer["error"]))


def set_volume(job: dict[str, Any], answer: dict[str, Any]) -> None:
    answer["error"] = ""
    try:
        replace_file(Path(job["output"]), compile_volume(job, answer))
    except BaseException as error:  # noqa: BLE001  a panic of the engine is no Exception
        answer["error"] = one_line(error)


def compile_volume(job: dict[str, Any], answer: dict[str, Any]) -> bytes:
    """The PDF as PDF/UA-1; tagged without that claim where the standard's checks refuse it."""
    try:
        return compile_to_pdf(job, job["main"], [STANDARD])
    except typst.TypstError as error:
        if "PDF/UA" not in str(error):
            raise
        answer["standard"] = one_line(error)
        return compile_to_pdf(job, job["main"], [])


def compile_to_pdf(job: dict[str, Any], source: str | bytes, standards: list[Any]) -> bytes:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(job["fonts"])
    )
    pdf, _ = typst.compile_with_warnings(
        source if isinstance(source, bytes) else Path(job["root"]) / source,
        root=job["root"],
        font_paths=fonts,
        sys_inputs=job["inputs"],
        format="pdf",
        pdf_standards=standards,
        timestamp=job["timestamp"],
    )
    assert isinstance(pdf, bytes)
    return pdf


def is_drawable(job: dict[str, Any], name: str, standards: list[str]) -> bool:
    alone = f'#set document(title: "alone")\n#image({json.dumps(name)}, alt: "alone")'
    try:
        compile_to_pdf(job, alone.encode(), standards)
    except BaseException:  # noqa: BLE001  as above
        return False
    return True


def one_line(error: BaseException) -> str:
    where = getattr(error, "diagnostic", "")
    return f"{type(error).__name__}: {' '.join((where or str(error)).split())}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
