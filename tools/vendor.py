"""Third-party files that pages ship: from npm packages, pinned by version and SHA-256, not fetched at build.

`python tools/vendor.py` fetches what is missing (needs npm, and fontTools with brotli for fonts); `--check`
proves what is there, offline. To move a version, change it in LIBRARIES, run once, read the new files, and
pin the hashes that were printed.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
SHELVES = ("_static/vendor", "_ext/atlas/drawing/fonts", "tests/browser/vendor")

# Latin, Greek, Cyrillic, punctuation, arrows, mathematics, technical signs, shapes and dingbats.
EMOJI = "2190-21FF,2300-23FF,2460-24FF,25A0-27BF,2900-2BFF,1F300-1F5FF,1F680-1F6FF,1F7E0-1F7FF,1F9E0-1F9FF"
BOXES = "2500-259F"
CHARACTERS = "20-17F,18F,192,1A0-1A1,1AF-1B0,218-21B,2B0-45F,490-491,1E00-1EFF,2000-20BF,2100-23CF,25A0-2788"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]


@dataclass(frozen=True, slots=True)
class Pinned:
    """One file: where it stands in the package, and the SHA-256 of the bytes that we ship.

    A `font` is cut down to `characters` and written as said: `woff2` for pages, `ttf` for measuring and PDF.
    """

    member: str
    sha256: str
    font: str = ""
    characters: str = CHARACTERS


@dataclass(frozen=True, slots=True)
class Library:
    """A package at a version; `files` maps names in `folder` to what they are. `licence` is an SPDX id."""

    package: str
    version: str
    licence: str
    folder: str
    files: Mapping[str, Pinned]


LIBRARIES = (
    Library(
        "inter-ui",
        "4.1.1",
        "OFL-1.1",
        "_static/vendor/inter-4.1",
        {
            "Inter-Regular.woff2": Pinned(
                "web/Inter-Regular.woff2",
                "a445d0de7916fd5bc5634aedd81316c129a2782fd06abc958629a25b8be574ba",
                "woff2",
            ),
            "Inter-SemiBold.woff2": Pinned(
                "web/Inter-SemiBold.woff2",
                "a3ff67881cc59ef321b12a35e8f0a81433cb0b102388ce489bf4f00581bdedc6",
                "woff2",
            ),
            "LICENSE": Pinned(
                "LICENSE.txt", "cc36dd53b88f8c7f138b9708e0c4b598816e4e52c7e252859e67e1e7edbcf117"
            ),
        },
    ),
    Library(
        "inter-ui",
        "4.1.1",
        "OFL-1.1",
        "_ext/atlas/drawing/fonts",
        {
            "Inter-Regular.ttf": Pinned(
                "web/Inter-Regular.woff2",
                "099a167fa9dd5277e17a16d4f8d884b471e6835a18c306dc16c00a9ff40536b7",
                "ttf",
            ),
            "Inter-SemiBold.ttf": Pinned(
                "web/Inter-SemiBold.woff2",
                "bd331dab5a8cee7e04b47e34d2ff0d386f0b99d03984c39d6ff4644ae0c55f0f",
                "ttf",
            ),
            "LICENSE": Pinned(
                "LICENSE.txt", "cc36dd53b88f8c7f138b9708e0c4b598816e4e52c7e252859e67e1e7edbcf117"
            ),
        },
    ),
    Library(
        "@expo-google-fonts/jetbrains-mono",
        "0.4.1",
        "OFL-1.1",
        "_ext/atlas/drawing/fonts",
        {
            "JetBrainsMono-Regular.ttf": Pinned(
                "400Regular/JetBrainsMono_400Regular.ttf",
                "bf827c513ba80e7872d63f46f482a97f2f0f0eba69200a2ea799d2772b72cd61",
                "ttf",
                f"{CHARACTERS},{BOXES}",
            ),
            "LICENSE-JetBrainsMono": Pinned(
                "LICENSE_FONT", "b2fe5e8987594e9ffd1d2ca52a2f5d73eb8335243893c5d6254b5ad69269591d"
            ),
        },
    ),
    Library(
        "@expo-google-fonts/noto-emoji",
        "0.4.7",
        "OFL-1.1",
        "_ext/atlas/drawing/fonts",
        {
            "NotoEmoji-Regular.ttf": Pinned(
                "400Regular/NotoEmoji_400Regular.ttf",
                "a9c90f852b04135c493216d27c20aa2682ba67d9df68480731bdb8bfd31ab159",
                "ttf",
                EMOJI,
            ),
            "LICENSE-NotoEmoji": Pinned(
                "LICENSE_FONT", "500bb1ccf43df7bbb522112f9133a52b16e1c35e809632f5d8609b179152de5b"
            ),
        },
    ),
    Library(
        "@panzoom/panzoom",
        "4.6.2",
        "MIT",
        "_static/vendor/panzoom-4.6.2",
        {
            "panzoom.min.js": Pinned(
                "dist/panzoom.min.js", "3ce354ef7b493efb62a4d4acaaf86fa2d6027eb629857a4e144041de1a112c1e"
            ),
            "LICENSE": Pinned(
                "MIT-License.txt", "db74524b3ab3853bcfc7300dade1f5e0176e59ed3c0cff43848a2c300091a22c"
            ),
        },
    ),
    Library(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        "tests/browser/vendor/axe-core-4.14.1",
        {
            "axe.min.js": Pinned(
                "axe.min.js", "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
            ),
            "LICENSE": Pinned("LICENSE", "af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e"),
        },
    ),
)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="fetch nothing; say what is not as pinned")
    checking = parser.parse_args(argv).check
    faults = list(check_unlisted(LIBRARIES, ROOT))
    for library in LIBRARIES:
        found = list(check_library(library, ROOT))
        faults += fetch(library, ROOT) if found and not checking else found
    for fault in faults:
        print(fault, file=sys.stderr)
    return int(bool(faults))


def check_library(library: Library, root: Path) -> Iterator[str]:
    """One line for each file of `library` that is missing or has other bytes than were pinned."""
    for name, pinned in library.files.items():
        path = root / library.folder / name
        if path.is_file():
            yield from check_bytes(path.read_bytes(), pinned, f"{library.folder}/{name}")
        else:
            yield f"{library.folder}/{name}: missing; run python tools/vendor.py"


def check_bytes(content: bytes, pinned: Pinned, name: str) -> Iterator[str]:
    found = hashlib.sha256(content).hexdigest()
    if found != pinned.sha256:
        yield f"{name}: SHA-256 is {found}, pinned is {pinned.sha256}"


def check_unlisted(libraries: Iterable[Library], root: Path) -> Iterator[str]:
    """One line for each file on the shelves that no library lists."""
    listed = {root / library.folder / name for library in libraries for name in library.files}
    found = sorted(path for shelf in SHELVES for path in (root / shelf).rglob("*") if path.is_file())
    for path in found:
        if path not in listed:
            yield f"{path.relative_to(root)}: not in LIBRARIES of tools/vendor.py"


def fetch(library: Library, root: Path) -> Iterator[str]:
    """Write the files of `library` that have the pinned bytes; one line for each that has others.

    Raises `CalledProcessError` where npm cannot serve the package, `KeyError` where it lacks a file.
    """
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(pack(library, scratch)) as archive:
        for name, pinned in library.files.items():
            packed = archive.extractfile(f"package/{pinned.member}")
            assert packed, f"{pinned.member} is a folder"
            content = cut_font(packed, pinned) if pinned.font else packed.read()
            faults = list(check_bytes(content, pinned, f"{library.folder}/{name}"))
            yield from faults
            if not faults:
                write(root / library.folder / name, content)


def pack(library: Library, folder: str) -> Path:
    """The package of `library` as a tarball in `folder`."""
    command = ["npm", "pack", "--silent", "--ignore-scripts", f"{library.package}@{library.version}"]
    packed = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return Path(folder) / packed.stdout.split()[-1]


def cut_font(packed: IO[bytes], pinned: Pinned) -> bytes:
    """The font with its characters only, as `woff2` or `ttf`: the same outlines and widths in both."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(packed, recalcTimestamp=False, recalcBBoxes=False)
    options = subset.Options(layout_features=FEATURES, name_IDs=NAMES, notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(pinned.characters))
    cutter.subset(font)
    font.flavor = "woff2" if pinned.font == "woff2" else None
    content = io.BytesIO()
    font.save(content, reorderTables=None)
    return content.getvalue()


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


if __name__ == "__main__":
    sys.exit(main())
