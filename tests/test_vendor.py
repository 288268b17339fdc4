"""What is vendored has the bytes that were pinned, and its licence beside it."""

from __future__ import annotations

import hashlib

import pytest

import vendor

CONTENT, LICENCE = b"let x = 1;\n", b"Do as you please.\n"
FOLDER = "_static/vendor/x-1.0"


def pinned(content: bytes) -> vendor.Pinned:
    return vendor.Pinned("dist/file", hashlib.sha256(content).hexdigest())


@pytest.fixture
def library(tmp_path):
    files = {"x.js": pinned(CONTENT), "LICENSE": pinned(LICENCE)}
    library = vendor.Library("x", "1.0", "MIT", FOLDER, files)
    vendor.write(tmp_path / FOLDER / "x.js", CONTENT)
    vendor.write(tmp_path / FOLDER / "LICENSE", LICENCE)
    return library


def test_vendored_files_are_as_pinned(capsys):
    assert vendor.main(["--check"]) == 0, capsys.readouterr().err


def test_every_library_has_its_licence():
    assert all(any(name.startswith("LICENSE") for name in library.files) for library in vendor.LIBRARIES)


def test_untouched_files_pass(library, tmp_path):
    assert not [*vendor.check_library(library, tmp_path), *vendor.check_unlisted([library], tmp_path)]


def test_a_changed_byte_is_seen(library, tmp_path):
    (tmp_path / FOLDER / "x.js").write_bytes(CONTENT + b" ")
    [fault] = vendor.check_library(library, tmp_path)
    assert fault.startswith(f"{FOLDER}/x.js: SHA-256 is ")


def test_a_missing_file_is_seen(library, tmp_path):
    (tmp_path / FOLDER / "x.js").unlink()
    assert list(vendor.check_library(library, tmp_path)) == [
        f"{FOLDER}/x.js: missing; run python tools/vendor.py"
    ]


def test_an_unlisted_file_is_seen(library, tmp_path):
    (tmp_path / FOLDER / "y.js").write_bytes(CONTENT)
    assert list(vendor.check_unlisted([library], tmp_path)) == [
        f"{FOLDER}/y.js: not in LIBRARIES of tools/vendor.py"
    ]
