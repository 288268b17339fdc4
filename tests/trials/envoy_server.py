"""Envoy in a box: one listener, a path for each cluster, an access log in its default form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from box import Box

ADMIN, PROXY = "127.0.0.1:19901", "127.0.0.1:18080"
_TYPE = "type.googleapis.com/envoy.extensions"

Settings = dict[str, Any]


def version(box: Box) -> str:
    said: str = box.sh("site/envoy/_bin/envoy --version")
    return "Envoy " + said.split("/")[-4]


def start(
    box: Box,
    clusters: Iterable[Settings],
    *,
    routes: Mapping[str, Settings] | None = None,
    domains: Sequence[str] = ("*",),
    flush: int = 500,
) -> None:
    """Each of the `clusters` is reached at `/NAME/`; `routes` add to its route. The log lags `flush` ms."""
    box.write("envoy.json", json.dumps(_settings(list(clusters), routes or {}, domains)))
    envoy = "site/envoy/_bin/envoy -c envoy.json --concurrency 1 --disable-hot-restart"
    box.start(
        "bash", "-c", f"exec {envoy} --file-flush-interval-msec {flush}",
        ready=lambda: "LIVE" in box.sh(f"curl -s {ADMIN}/ready"),
    )  # fmt: skip


def cluster(name: str, port: int, **more: object) -> Settings:
    """One host on loopback."""
    hosts = [{"endpoint": {"address": _address(port)}}]
    assignment = {"cluster_name": name, "endpoints": [{"lb_endpoints": hosts}]}
    return {"name": name, "connect_timeout": "1s", "load_assignment": assignment, **more}


def limits(**thresholds: int) -> Settings:
    """What a cluster's circuit breakers allow."""
    return {"thresholds": [thresholds]}


def _settings(
    clusters: Sequence[Settings], routes: Mapping[str, Settings], domains: Sequence[str]
) -> Settings:
    paths = [
        {"match": {"prefix": f"/{name}/"}, "route": {"cluster": name, **routes.get(name, {})}}
        for name in (cluster["name"] for cluster in clusters)
    ]
    hosts = {"name": "all", "domains": [*domains], "routes": paths}
    file = {"@type": f"{_TYPE}.access_loggers.file.v3.FileAccessLog", "path": "access.log"}
    router = {"@type": f"{_TYPE}.filters.http.router.v3.Router"}
    manager = {
        "@type": f"{_TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "in",
        "access_log": [{"name": "file", "typed_config": file}],
        "http_filters": [{"name": "router", "typed_config": router}],
        "route_config": {"name": "all", "virtual_hosts": [hosts]},
    }
    chain = {"filters": [{"name": "http", "typed_config": manager}]}
    listener = {"name": "in", "address": _address(18080), "filter_chains": [chain]}
    return {
        "admin": {"address": _address(19901)},
        "layered_runtime": {"layers": [{"name": "admin", "admin_layer": {}}]},
        "static_resources": {"listeners": [listener], "clusters": [*clusters]},
    }


def _address(port: int) -> Settings:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}
