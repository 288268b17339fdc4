"""Envoy answers HTTP 503 for many reasons, each in its own cluster; a service that was down is up again."""

from __future__ import annotations

from pathlib import Path

import envoy_server as server
from box import Box, must
from envoy_server import ADMIN, PROXY

GUIDE = "debugging/envoy-upstream-503"
NEEDS = ("curl", "ss", "python3")
WHEELS = ("envoy",)
RECOVERY = "start the service"
SHOWS = (
    "SYM SYM->LOG LOG LOG->UO UO LOG->UF UF LOG->UC UC LOG->UH UH LOG->NR NR LOG->OWN OWN UO->BREAK "
    "BREAK UF->FAIL UH->HOSTS HOSTS NR->ROUTES ROUTES PORT PORT->OK OK"
).split()
BREAKERS = f"'{ADMIN}/stats?filter=cluster.slow.circuit_breakers'"
CLUSTERS = {
    "app": 9101, "app-next": 9102, "slow": 9103, "closes": 9104, "sick": 9105, "own": 9106, "panic": 9105,
}  # fmt: skip
"""Cluster and path to port. Nothing listens at the first one's while the fault lasts."""
SERVICES = """
    import socket, sys, threading, time

    OK = b"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\nConnection: close\\r\\n\\r\\nok\\n"
    BUSY = b"HTTP/1.1 503 Service Unavailable\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n"

    def serve(port, answer, wait=0):
        listener = socket.create_server(("127.0.0.1", port))
        def one(link):
            link.recv(65536)
            time.sleep(wait)
            link.sendall(answer)
            link.close()
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    known = {9101: (OK,), 9102: (OK,), 9103: (OK, 3), 9104: (b"",), 9105: (BUSY,), 9106: (BUSY,)}
    for port in map(int, sys.argv[1:]):
        threading.Thread(target=serve, args=(port, *known[port]), daemon=True).start()
    time.sleep(600)
    """
version = server.version


def run(box: Box) -> None:
    log = _start(box)
    box.keep("the next service", lambda: _ask(box, "app-next"))
    box.keep("its host", lambda: box.sh(f"curl -s {ADMIN}/clusters | grep app-next.*health"))
    said = [_ask(box, name) for name in ("app", "closes", "sick", "own", "nowhere", "panic", "app")]
    box.sees(said[0])
    asks = f"for n in 1 2 3 4; do curl -s {PROXY}/slow/ & done"
    box.sees(box.sh(f"{asks}; sleep 1; curl -s -o open {BREAKERS}; wait"))
    _flags(box, log)
    box.run("counters", admin=ADMIN)
    _hosts(box)
    box.run("breakers", admin=ADMIN, cluster="slow")
    must("rq_pending_open: 1" in (box.folder / "open").read_text(), "the limit was not seen open")
    refused = box.run("connect", upstream=f"127.0.0.1:{CLUSTERS['app']}")
    must("refused" in refused, f"nothing is refused: {refused}")
    box.run("routes", admin=ADMIN)
    if box.does(RECOVERY):
        _serve(box, "app")
    box.run("connect", upstream=f"127.0.0.1:{CLUSTERS['app']}")
    box.sh(f"curl -s '{PROXY}/app/?[1-210]'; sleep 1.5")
    now = box.run("flags-now", access_log=log)
    must(
        [line.split()[1:] for line in now.splitlines()] == [['"', "200", "-"]], f"not only the service: {now}"
    )


def _flags(box: Box, log: Path) -> None:
    """All five, and what the service itself answers; also where all hosts are out, and asked all the same."""
    box.sh("sleep 1.5")
    told = {tuple(line.split()[2:]) for line in box.run("flags", access_log=log).splitlines()}
    wanted = {("503", "UF"), ("503", "UC"), ("503", "UH"), ("503", "UO"), ("503", "-"), ("404", "NR")}
    must(told >= wanted, f"flags are lacking: {sorted(wanted - told)}")
    box.sees(log.read_text())
    must('/panic/ HTTP/1.1" 503 - ' in log.read_text(), "with all hosts out Envoy asks none")


def _hosts(box: Box) -> None:
    mixed = "app-next" in box.run("hosts", admin=ADMIN, cluster="app")
    must(not mixed, "the hosts of a cluster are mixed with those of the next")
    for name in ("sick", "panic"):
        out = "/failed_active_hc" in box.run("hosts", admin=ADMIN, cluster=name)
        must(out, f"the failed health check of {name} is not told")


def _start(box: Box) -> Path:
    box.write("services.py", SERVICES)
    for name in CLUSTERS.keys() - {"app", "panic"}:
        _serve(box, name)
    log: Path = box.folder / "access.log"
    clusters = [_cluster(name, port) for name, port in CLUSTERS.items()]
    server.start(box, clusters, domains=("app.example", PROXY), flush=1000)
    box.until(lambda: "failed_active_hc" in box.sh(f"curl -s {ADMIN}/clusters"), what="no health check fails")
    return log


def _serve(box: Box, name: str) -> None:
    port = CLUSTERS[name]
    box.start("python3", "services.py", str(port), ready=lambda: f":{port}" in box.sh("ss -ltn"))


def _ask(box: Box, name: str) -> str:
    host = "elsewhere.example" if name == "nowhere" else "app.example"
    said: str = box.sh(f"curl -s -H 'Host: {host}' {PROXY}/{name}/")
    return said


def _cluster(name: str, port: int) -> server.Settings:
    found = server.cluster(name, port)
    if name == "slow":
        found["circuit_breakers"] = server.limits(max_connections=1, max_pending_requests=1)
    if name in ("sick", "panic"):
        check = {"timeout": "1s", "interval": "1s", "unhealthy_threshold": 1, "healthy_threshold": 1}
        found["health_checks"] = [check | {"http_health_check": {"path": "/"}}]
    if name == "sick":
        found["common_lb_config"] = {"healthy_panic_threshold": {"value": 0}}
    return found
