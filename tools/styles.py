"""The stylesheet, put together from its parts: `python tools/styles.py`, or `--check` to see whether it is.

The parts stand in `tools/styles`, one for each thing that a reader sees, in the order of the cascade. One
file is shipped, `_static/atlas.css`, since whoever uses the engine may put another in its place.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ROOT / "tools" / "styles"
SHEET = ROOT / "_static" / "atlas.css"


def join_parts() -> str:
    """The parts in the order of their names, an empty line between them."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(PARTS.glob("*.css")))


def main(argv: list[str]) -> int:
    """0, or 1 where `--check` finds the sheet stale."""
    sheet = join_parts()
    if argv == ["--check"]:
        stale = SHEET.read_text(encoding="utf-8") != sheet
        if stale:
            print(f"{SHEET.relative_to(ROOT)} is stale: run python tools/styles.py")
        return int(stale)
    SHEET.write_text(sheet, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
