"""Writing files whole, and what each page showed when it was last written, kept beside the output.

Sphinx saves its environment before it writes. Digests kept in there would call a page written that an
interrupted build never wrote, and it would stay stale for good.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

NAME = ".atlas-written.json"


def write_whole(path: Path, text: str) -> None:
    """Write so that the file is there whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_digests(outdir: Path) -> dict[str, str]:
    """Docname to digest; empty where no build has ended here, so that all pages are written."""
    try:
        found: dict[str, str] = json.loads((outdir / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def keep_digests(outdir: Path, digests: Mapping[str, str]) -> None:
    """Call these pages written."""
    write_whole(outdir / NAME, json.dumps(digests, indent=0, sort_keys=True) + "\n")
