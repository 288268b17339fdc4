"""The bill of materials (CycloneDX 1.6) of what a site is built with: packages of a lock, vendored files.

`python tools/sbom.py` prints it; `-o FILE` writes it. It is made of the lock alone, so that the same lock
gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vendor

ROOT = Path(__file__).parents[1]
_PIN = re.compile(r"^([a-z0-9.-]+)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^ +# +(?:via +)?([a-z0-9.-]+)(?: \(.*\))?$")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pin:
    """A package of a lock: the SHA-256 of its files, and the packages that ask for it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    via: tuple[str, ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def read_lock(text: str) -> list[Pin]:
    """The pins of a lock that uv wrote, in its order."""
    pins = []
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE):
        if found := _PIN.match(block):
            via = tuple(v[1] for line in block.split("\n") if (v := _VIA.match(line)) and v[1] != "via")
            pins.append(Pin(found[1], found[2], tuple(_HASH.findall(block)), via))
    return pins


def make_sbom(pins: Sequence[Pin], libraries: Iterable[vendor.Library]) -> Record:
    """The bill. Its serial number is a hash of what it lists."""
    components = [_package(pin) for pin in pins] + [_vendored(library) for library in libraries]
    listed = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, listed)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "production-atlas", "bom-ref": "atlas"}},
        "components": components,
        "dependencies": _dependencies(pins, components),
    }


def _package(pin: Pin) -> Record:
    files = [{"name": "lock:sha256", "value": value} for value in pin.hashes]
    known = {"type": "library", "name": pin.name, "version": pin.version, "purl": pin.purl}
    return {**known, "bom-ref": pin.purl, "properties": files}


def _vendored(library: vendor.Library) -> Record:
    purl = f"pkg:npm/{library.package.replace('@', '%40', 1)}@{library.version}"
    return {
        "type": "library",
        "name": library.package,
        "version": library.version,
        "purl": purl,
        "bom-ref": f"{purl}#{library.folder}",
        "licenses": [{"expression": library.licence}],
        "components": [
            {
                "type": "file",
                "name": f"{library.folder}/{name}",
                "hashes": [{"alg": "SHA-256", "content": pinned.sha256}],
            }
            for name, pinned in library.files.items()
        ],
    }


def _dependencies(pins: Sequence[Pin], components: Iterable[Mapping[str, Any]]) -> list[Record]:
    """What each package asks for; the project itself for what no package does, and for what is vendored."""
    refs = {pin.name: pin.purl for pin in pins}
    asks: dict[str, set[str]] = defaultdict(set)
    for pin in pins:
        for who in {refs[name] for name in pin.via if name in refs} or {"atlas"}:
            asks[who].add(pin.purl)
    asks["atlas"] |= {c["bom-ref"] for c in components if c["purl"].startswith("pkg:npm/")}
    return [{"ref": who, "dependsOn": sorted(asks[who])} for who in ("atlas", *refs.values())]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lock", nargs="?", type=Path, default=ROOT / "requirements" / "docs.lock")
    parser.add_argument("-o", "--output", type=Path, help="the file to write")
    args = parser.parse_args(argv)
    bill = make_sbom(read_lock(args.lock.read_text(encoding="utf-8")), vendor.LIBRARIES)
    text = json.dumps(bill, indent=1, ensure_ascii=False) + "\n"
    if args.output:
        args.output.parent.mkdir(parents=True, exist_ok=True)
        args.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
