"""Internal links and ids: what leads nowhere. --claims asks whether the words of figures still stand there.

--claims needs the network: it asks each publication once. It exits with 1 where words were not seen, and with
2 where nothing could be read at all. --urls lists every outside address, for another checker.

Examples:
  atlas links
  atlas links --claims
  atlas links --urls | cut -f1 | sort -u
  atlas links --urls --json > urls.json
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from atlas_cli.claims import Verdict, check_claims, count
from atlas_cli.layouts import find_project
from atlas_cli.project import Record, read_atlas
from atlas_cli.terminal import Terminal, counted

from .review import print_finding

_RULES = ("LINK001", "LINK002", "FACT001", "FACT006", "SOURCE002", "GATE004", "DIAGRAM001", "REVIEW003")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--claims", action="store_true", help="ask whether words still stand where facts say")
    parser.add_argument("--urls", action="store_true", help="list addresses: URL, kind, id, text at the spot")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 1 where something leads nowhere."""
    atlas = read_atlas(find_project(args.where), terminal)
    if args.urls:
        _print_urls(terminal, list(read_urls(atlas)), json=args.json)
        return 0
    if args.claims:
        return _check(atlas, terminal, json=args.json)
    broken = [f for f in atlas["findings"] if f["rule"] in _RULES]
    if args.json:
        terminal.give({"links": count_links(atlas), "broken": broken})
    else:
        for finding in broken:
            print_finding(terminal, finding)
        told = ", ".join(f"{n:,} to {what}" for what, n in count_links(atlas).items())
        terminal.say(f"Links of nodes: {told}. {counted(len(broken), 'reference')} leading nowhere.")
    return 1 if broken else 0


def _check(atlas: Record, terminal: Terminal, *, json: bool) -> int:
    with terminal.working("atlas: asking publications") as work:
        verdicts = list(check_claims(atlas, work.step))
    counts = count(verdicts)
    if json:
        terminal.give({"counts": counts, "claims": [v.record() for v in verdicts]})
    else:
        _print_verdicts(terminal, verdicts)
        terminal.say(", ".join(f"{n:,} {state}" for state, n in counts.items()))
    if verdicts and counts["unread"] == len(verdicts):
        return 2
    return int(counts["missing"] > 0)


def _print_verdicts(terminal: Terminal, verdicts: list[Verdict]) -> None:
    """Each claim whose words were not seen, and once each publication that could not be read."""
    for verdict in verdicts:
        if verdict.state == "missing":
            terminal.say(f"missing: {verdict.id}: “{verdict.words}” was not seen in {verdict.url}")
    for url, why in dict.fromkeys((v.url.partition("#")[0], v.why) for v in verdicts if v.state == "unread"):
        terminal.say(f"unread: {url}: {why}")


def count_links(atlas: Record) -> dict[str, int]:
    """The links of nodes by what they lead to."""
    known = {
        "diagrams": {d["id"] for d in atlas["diagrams"]},
        "sources": {s["id"] for s in atlas["sources"]},
        "terms": {t["id"] for t in atlas["terms"]},
    }
    links = [n["link"] for d in atlas["diagrams"] for n in d["nodes"] if n["link"]]
    counts = {what: sum(link in ids for link in links) for what, ids in known.items()}
    return counts | {"addresses": sum(link.startswith("https://") for link in links)}


def read_urls(atlas: Record) -> Iterator[Record]:
    """Every outside address once for each claim that rests on it."""
    for source in atlas["sources"]:
        yield {"url": source["url"], "kind": "source", "id": source["id"], "text": ""}
        if source["archive"]:
            yield {"url": source["archive"], "kind": "archive", "id": source["id"], "text": ""}
    for id, fact in atlas["facts"].items():
        yield {"url": fact["url"], "kind": "fact", "id": id, "text": fact["text"]}
    for technology in atlas["technologies"]:
        yield {"url": technology["home"], "kind": "technology", "id": technology["id"], "text": ""}
    for diagram in atlas["diagrams"]:
        for node in diagram["nodes"]:
            if node["link"].startswith("https://"):
                yield {"url": node["link"], "kind": "node", "id": f"{diagram['id']}#{node['id']}", "text": ""}


def _print_urls(terminal: Terminal, urls: list[Record], *, json: bool) -> None:
    if json:
        terminal.give(urls)
        return
    for url in urls:
        terminal.say("\t".join(url[key] for key in ("url", "kind", "id", "text")))
