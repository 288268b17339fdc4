"""The binder: set whole, then each of its volumes alone, against their budgets; and by another typesetter."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from .measuring import Cost, run, sphinx
from .sites import ROOT, write_site

_TYPST, _SYSTEM = 30.0, 1.0
_WHOLE, _VOLUME = 2500.0, 600.0
"""Seconds of Typst for the binder and for one system; MB of a build's largest process and of one volume's."""
_TYPESETTER: Final = ROOT / "_ext" / "atlas_sphinx" / "binder" / "typeset.py"


def bind(pages: int) -> None:
    """The whole binder, then each volume by Typst alone."""
    folder = Path(tempfile.mkdtemp(prefix="atlas-bench-"))
    write_site(folder, pages, "atlas")
    whole = sphinx(folder, "atlas-pdf")
    print(f"binder of {pages} pages, reading and drawing included {whole.wall:8.1f} s")
    _budget("peak of the largest process", whole.peak, _WHOLE, "MB")
    print(f"nothing changed {sphinx(folder, 'atlas-pdf').wall:.1f} s")
    jobs = sorted((folder / "trees-atlas-pdf").glob("typst/*/*.job.json"))
    _budget("Typst, all volumes one after the other", sum(map(_volume, jobs)), _TYPST, "s")
    shutil.rmtree(folder)


def _volume(job: Path) -> float:
    """The seconds of Typst alone for one volume, printed with its memory and size."""
    cost: Cost = run([sys.executable, str(_TYPESETTER), str(job)], job.parent)
    output = Path(json.loads(job.read_text(encoding="utf-8"))["output"])
    print(f"{output.stem:40} {cost.wall:8.2f} s {output.stat().st_size / 1e6:8.1f} MB", flush=True)
    _budget(f"  memory of {output.stem}", cost.peak, _VOLUME, "MB")
    if output.stem.startswith("system-"):
        _budget(f"  time of {output.stem}", cost.wall, _SYSTEM, "s")
    return cost.wall


def _budget(what: str, measured: float, most: float, unit: str) -> None:
    verdict = "met" if measured < most else "missed"
    print(f"{what:40} {measured:8.1f} {unit} (budget {most:g}: {verdict})", flush=True)


def rival(python: str, pages: int = 100) -> None:
    """The same pages by sphinx-simplepdf (WeasyPrint), in the environment of `python`."""
    folder = Path(tempfile.mkdtemp(prefix="atlas-bench-"))
    write_site(folder, pages, "atlas")
    print(f"{pages} pages by atlas-pdf, all volumes {sphinx(folder, 'atlas-pdf').wall:8.1f} s")
    conf = folder / "conf.py"
    text = conf.read_text(encoding="utf-8").replace('"atlas_sphinx"', '"atlas_sphinx", "sphinx_simplepdf"')
    conf.write_text(text.replace("furo", "basic"), encoding="utf-8")
    print(f"{pages} pages by simplepdf, one volume {sphinx(folder, 'simplepdf', python=python).wall:8.1f} s")
    for found in sorted([*folder.glob("atlas-pdf/atlas.pdf"), *folder.glob("simplepdf/*.pdf")]):
        print(f"{found.relative_to(folder)} {found.stat().st_size / 1e6:.1f} MB")
    shutil.rmtree(folder)
