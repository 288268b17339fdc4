"""Ask every link of the site through Sphinx's linkcheck, and say plainly what is known afterwards.

A link is `ok`, `blocked` (a server that answers, but not to robots) or `dead`. Exit codes: 0 no link is
dead, 1 some are or the build failed, 2 no network: nothing was asked, so nothing is known.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PROBES = 5
BLOCKED = re.compile(r"(401|403|406|429|451|999) |unauthorized|service unavailable")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--root", type=Path, default=Path(), help="the folder of conf.py")
    root = parser.parse_args(argv).root
    hosts = read_hosts(root / "source/_data/sources")
    if hosts and not any(map(answers, hosts)):
        print(
            f"no network: none of {', '.join(hosts)} answers. No external link was checked.", file=sys.stderr
        )
        return 2
    built = build(root)
    results = root / "build/linkcheck/output.json"
    if not results.exists():
        return built or 1
    return report(json.loads(line) for line in results.read_text().splitlines())


def read_hosts(ledgers: Path) -> list[str]:
    """A few of the servers that the ledgers name: whom to ask whether there is a network."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(ledgers.glob("*.toml")))
    hosts = (host for text in texts for host in re.findall(r'^url\s*=\s*"(https?://[^/"]+)', text, re.M))
    return list(dict.fromkeys(hosts))[:PROBES]


def answers(url: str) -> bool:
    """True where a server answers at all, be it with an error."""
    try:
        urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=10).close()
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError):
        return False
    return True


def build(root: Path) -> int:
    """Run the linkcheck builder with doctrees of its own; its exit code."""
    command = [sys.executable, "-m", "sphinx", "--keep-going", "-j", "auto", "-q", "-b", "linkcheck"]
    paths = ["-d", "build/doctrees/linkcheck", "-c", ".", "source", "build/linkcheck"]
    (root / "build/linkcheck/output.json").unlink(missing_ok=True)
    return subprocess.run([*command, *paths], cwd=root, stdout=subprocess.DEVNULL, check=False).returncode


def report(links: Iterable[Mapping[str, str]]) -> int:
    """Print what is not ok and a closing count; 1 where a link is dead."""
    states: Counter[str] = Counter()
    for state, line in sorted(classify(links)):
        states[state] += 1
        if state != "ok":
            print(f"{state}: {line}")
    total = sum(states.values())
    print(f"{total} links: {states['ok']} ok, {states['blocked']} blocked, {states['dead']} dead")
    return int(bool(states["dead"]))


def classify(links: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """State and a line for each link of Sphinx's `output.json` that was asked."""
    for link in links:
        line = f"{link['filename']}:{link['lineno']}: {link['uri']} {link['info']}".rstrip()
        if link["status"] in {"working", "redirected"}:
            yield "ok", line
        elif BLOCKED.match(link["info"]):
            yield "blocked", line
        elif link["status"] in {"broken", "timeout"}:
            yield "dead", line


if __name__ == "__main__":
    sys.exit(main())
