"""A slow service fills the limits of Envoy, which refuses the rest, until it is quick or has more room."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from box import Box, must

GUIDE = "debugging/circuit-breaker-open"
NEEDS = ("curl", "ss", "python3", "awk")
WHEELS = ("envoy",)
RECOVERY = "mend the dependency"
SHOWS = (
    "SYM SYM->WHICH WHICH WHICH->LIMIT LIMIT LIMIT->ASK ASK ASK->SICK SICK SICK->MEND MEND MEND->OK OK "
    "ASK->FINE FINE FINE->ROOM ROOM ROOM->OK"
).split()
ADMIN, PROXY = "127.0.0.1:19901", "127.0.0.1:18080"
TYPE = "type.googleapis.com/envoy.extensions"
SERVICE = """
    import http.server, sys, time

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            time.sleep(float(sys.argv[2]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
    """
CALLERS = f"for n in {{1..6000}}; do curl -s -m 9 http://{PROXY}/app/ >> callers.log & sleep 0.1; done"
"""Ten calls in a second; what they are told goes into their log."""


def version(box: Box) -> str:
    said: str = box.sh("site/envoy/_bin/envoy --version")
    return "Envoy " + said.split("/")[-4]


def run(box: Box) -> None:
    slow = _start(box)
    box.keep("the other service", lambda: box.sh(f"curl -s -w '%{{http_code}}' http://{PROXY}/other/"))
    box.begin(CALLERS)
    log = box.folder / "callers.log"
    box.until(lambda: log.exists() and "overflow" in log.read_text(), what="nothing is refused")
    box.sees(log.read_text())
    box.run("which", app_log=log)
    told = box.run("ask", dependency_url="http://127.0.0.1:9101/")
    must(all(float(line.split()[1]) >= 2 for line in told.splitlines()), f"it is slow, and told is {told}")
    must("max_connections::4" in box.run("limits", admin=ADMIN, cluster="app"), "the limit is not shown")
    must("rq_pending_open: 1" in box.run("refused", admin=ADMIN, cluster="app"), "no limit is full")
    box.run("proof", matches=False, admin=ADMIN, cluster="app")
    if box.does(RECOVERY):
        slow.kill()
        slow.wait()
        slow = _serve(box, 9101, 0.02)
    box.sh("sleep 3")
    box.run("proof", admin=ADMIN, cluster="app")
    _raise(box, slow)


def _raise(box: Box, quick: subprocess.Popen[str]) -> None:
    """Slower, with nothing wrong: it takes more places, and has them."""
    quick.kill()
    quick.wait()
    _serve(box, 9101, 1)
    box.sh("sleep 2")
    box.run("proof", matches=False, admin=ADMIN, cluster="app")
    box.run("raise", admin=ADMIN, cluster="app", number=20)
    must("max_connections::20" in box.run("limits", admin=ADMIN, cluster="app"), "the limit is as before")
    box.sh("sleep 1")
    box.run("proof", admin=ADMIN, cluster="app")


def _start(box: Box) -> subprocess.Popen[str]:
    box.write("service.py", SERVICE)
    slow = _serve(box, 9101, 2)
    _serve(box, 9102, 0)
    box.write("envoy.json", json.dumps(_settings()))
    envoy = "site/envoy/_bin/envoy -c envoy.json --concurrency 1 --disable-hot-restart"
    box.start("bash", "-c", f"exec {envoy}", ready=lambda: "LIVE" in box.sh(f"curl -s {ADMIN}/ready"))
    return slow


def _serve(box: Box, port: int, wait: float) -> subprocess.Popen[str]:
    listening = f"127.0.0.1:{port} "
    server: subprocess.Popen[str] = box.start(
        "python3", "service.py", str(port), str(wait), ready=lambda: listening in box.sh("ss -ltn")
    )
    return server


def _settings() -> dict[str, Any]:
    """Two clusters with room for four connections and two requests that wait."""
    routes = [{"match": {"prefix": f"/{name}/"}, "route": {"cluster": name}} for name in ("app", "other")]
    manager = {
        "@type": f"{TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "in",
        "http_filters": [
            {"name": "router", "typed_config": {"@type": f"{TYPE}.filters.http.router.v3.Router"}}
        ],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
    }
    chain = {"filters": [{"name": "http", "typed_config": manager}]}
    listener = {"name": "in", "address": _address(18080), "filter_chains": [chain]}
    resources = {"listeners": [listener], "clusters": [_cluster("app", 9101), _cluster("other", 9102)]}
    return {
        "admin": {"address": _address(19901)},
        "layered_runtime": {"layers": [{"name": "admin", "admin_layer": {}}]},
        "static_resources": resources,
    }


def _cluster(name: str, port: int) -> dict[str, Any]:
    hosts = [{"endpoint": {"address": _address(port)}}]
    return {
        "name": name,
        "connect_timeout": "1s",
        "circuit_breakers": {"thresholds": [{"max_connections": 4, "max_pending_requests": 2}]},
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": hosts}]},
    }


def _address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}
