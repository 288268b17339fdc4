"""Which plane a box may stand in, told by its words. A proposal: whoever knows the system decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from atlas.diagrams.planes import PSEUDO_STATES, assign
from atlas.records.model import Plane
from atlas.records.notes import Graph, Node

_TOLD = {
    Plane.EDGE: """
        alb balancer browser caller cdn client cloudflare cloudfront consumer-app customer device dns edge elb
        envoy external fastly firewall frontend haproxy ingress internet lb mobile network nginx nlb outside
        phone proxy request requester route53 router sensor switch traefik ui user varnish visitor vpn waf
        website
        """,
    Plane.SERVICE: """
        api app application authenticator backend builder consumer container engine executor function gateway
        handler job lambda library microservice middleware module parser pod processor producer publisher
        renderer repository-service runner sdk server service subscriber task thread transformer validator
        worker
        """,
    Plane.STATE: """
        archive backup bigquery blob broker bucket buffer cache cassandra clickhouse database dataset datalake
        db disk dynamodb elasticsearch etcd file filesystem hdfs index journal kafka kinesis lake ledger log
        mariadb memcached memory mongo mongodb mysql nats nfs opensearch partition postgres postgresql pulsar
        pvc queue rabbitmq record redis redshift registry replica repository s3 scylla shard snapshot
        snowflake sqlite sqs state storage store stream table topic volume wal warehouse zookeeper
        """,
    Plane.CONTROL: """
        admin administrator alert alertmanager ansible apiserver argocd autoscaler ci collector config
        configuration consul control controller coordinator crd dashboard datadog deploy deployer deployment
        developer engineer grafana helm hpa jaeger jenkins kubelet kubernetes leader manager metric monitor
        monitoring oncall operator orchestrator otel pipeline planner policy prometheus raft reconciler
        scheduler secret sre supervisor team telemetry terraform tracing vault watchdog
        """,
}
PLANES: Mapping[str, Plane] = {word: plane for plane, words in _TOLD.items() for word in words.split()}
"""Word to plane, in the singular."""
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plane for a box, and the word that tells it; none where the plane is only the likeliest."""

    node: Node
    plane: Plane
    word: str = ""


def propose(graph: Graph, given: Mapping[str, Plane]) -> list[Proposal]:
    """A plane for each box that stands in none; `given` are words of the team's own, which go first."""
    placed = assign(graph)
    waiting = (n for n in graph.nodes if n.id not in placed and n.shape not in PSEUDO_STATES)
    return [_propose(node, graph, given) for node in waiting]


def _propose(node: Node, graph: Graph, given: Mapping[str, Plane]) -> Proposal:
    said = f"{node.label} {node.id}".casefold()
    for word, plane in given.items():
        if re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", said):
            return Proposal(node, plane, word)
    for text in _texts(node, graph):
        told = [word for word in _words(text) if word in PLANES]
        if told:  # the head of a name stands last: a queue worker works, a database proxy passes on
            return Proposal(node, PLANES[told[-1]], told[-1])
    plane = Plane.STATE if node.shape == "cylinder" else Plane.SERVICE
    return Proposal(node, plane, node.shape if plane is Plane.STATE else "")


def _texts(node: Node, graph: Graph) -> Iterator[str]:
    """What is said of a box: the lines of its label, its id, the titles of the groups around it."""
    yield from node.label.split("\n")
    yield node.id
    groups = {group.id: group for group in graph.groups}
    group, seen = groups.get(node.group), set[str]()
    while group and group.id not in seen:
        seen.add(group.id)
        yield f"{group.id} {group.title}"
        group = groups.get(group.group)


def _words(text: str) -> Iterator[str]:
    """The words of a text in small letters and in the singular, whole and in parts: `OrderQueues` is both."""
    for token in _TOKEN.findall(text):
        parts: Iterable[str] = [token, *_PART.findall(token)]
        for part in parts:
            word = part.lower()
            yield word if word in PLANES else word.removesuffix("s")
