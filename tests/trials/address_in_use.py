"""A port is taken by an heir of an old instance, an outgoing connection, remains: told apart, and freed."""

from __future__ import annotations

import re
import socket
import subprocess

import nginx_server
from box import Box, must

GUIDE = "debugging/address-in-use"
NEEDS = ("curl", "ip", "nginx", "ps", "python3", "ss", "sysctl")
RECOVERY = "stop"
SHOWS = (
    "SYM SYM->SS SS SS->WHO WHO WHO->OLD OLD OLD->STOP STOP STOP->OK OK SS->OUT OUT OUT->RESERVE RESERVE "
    "RESERVE->OK SS->WAIT WAIT WAIT->REUSE REUSE"
).split()
HERE, NEIGHBOUR, INHERITED, LENT, LINGERS, BOTH = "192.0.2.10", 9330, 9332, 9334, 9333, 9335
OLD = """
    import os, socket, subprocess

    listener = socket.create_server(("192.0.2.10", 9332))
    os.set_inheritable(listener.fileno(), True)
    subprocess.Popen(["sleep", "600"], close_fds=False)
    """
CLIENTS = """
    import socket, struct, time

    # They end with a reset, so that nothing lingers.
    kept = [socket.create_connection(("192.0.2.10", 9330)) for _ in range(2)]
    for caller in kept:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    time.sleep(600)
    """
BINDS = """
    import socket, sys

    with socket.socket() as listener:
        if sys.argv[3:]:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((sys.argv[1], int(sys.argv[2])))
        listener.listen()
        print("bound")
    """


def version(box: Box) -> str:
    return f"Linux {box.sh('uname -r').split('-')[0]}"


def run(box: Box) -> None:
    subprocess.run(["ip", "addr", "add", f"{HERE}/32", "dev", "lo"], check=True)
    box.write("old.py", OLD)
    box.write("clients.py", CLIENTS)
    box.write("binds.py", BINDS)
    _serve(box, NEIGHBOUR)
    box.keep(
        "a neighbour", lambda: box.sh(f"curl -s -o /dev/null -w '%{{http_code}}' http://{HERE}:{NEIGHBOUR}")
    )
    _inherited(box)
    _both_families(box)
    _lent(box)
    _lingers(box)
    _left_behind(box)


def _inherited(box: Box) -> None:
    """The old instance has ended, and its helper has the listener."""
    box.sh("python3 old.py >/dev/null 2>&1")
    box.sees(_binds(box, INHERITED, reuse=True))
    box.sees(_nginx(box))
    told = box.run("port", as_root=True, port=INHERITED)
    must('"sleep"' in told and "LISTEN" in told, f"the heir is not told: {told}")
    pid = int(re.findall(r"pid=(\d+)", told)[0])
    must("sleep 600" in box.run("owner", as_root=True, pid=pid), "its command is not told")
    box.run("stop", as_root=True, pid=pid)
    if box.does("stop"):
        box.until(lambda: "LISTEN" not in box.run("port", port=INHERITED), what="the port is not free")
    started = _serve(box, INHERITED)
    must(f"pid={started.pid}," in box.run("proof", port=INHERITED), "the new process does not listen")


def _both_families(box: Box) -> None:
    """A listener on all addresses of IPv6 has those of IPv4, too."""
    with socket.create_server(("::", BOTH), family=socket.AF_INET6, dualstack_ipv6=True):
        must("LISTEN" in box.run("port", port=BOTH), "the listener on all addresses is not told")
        must("Address already in use" in _binds(box, BOTH, reuse=True), "the address of IPv4 is free")


def _lent(box: Box) -> None:
    """An outgoing connection has the port, whose client did not set SO_REUSEADDR."""
    box.sh(f"sysctl -w net.ipv4.ip_local_port_range='{LENT} {LENT + 1}'", as_root=True)
    must(str(LENT) in box.run("range"), "the range is not told")
    clients = box.start("python3", "clients.py", ready=lambda: "ESTAB" in box.run("port", port=LENT))
    must("LISTEN" not in box.run("port", port=LENT), "somebody listens")
    must("Address already in use" in _binds(box, LENT, reuse=True), "the port is free")
    box.run("reserve", as_root=True, ports=LENT)
    clients.kill()
    clients.wait()
    box.sh("sysctl -w net.ipv4.ip_local_port_range='9334 9399'", as_root=True)
    again = box.start("python3", "clients.py", ready=lambda: _outgoing(box) >= 2)
    must("ESTAB" not in box.run("port", port=LENT), "a reserved port is lent out")
    must("bound" in _binds(box, LENT, reuse=True), "the reserved port is not free")
    again.kill()


def _lingers(box: Box) -> None:
    with socket.create_server((HERE, LINGERS)) as listener:
        caller = socket.create_connection((HERE, LINGERS))
        called = listener.accept()[0]
        called.close()
        caller.close()
    must("TIME-WAIT" in box.run("port", port=LINGERS), "what lingers is not told")
    must("timewait" in box.run("lingering", port=LINGERS), "its timer is not told")
    must("Address already in use" in _binds(box, LINGERS, reuse=False), "the port is free")
    must("bound" in _binds(box, LINGERS, reuse=True), "reuse does not help")


def _left_behind(box: Box) -> None:
    path = box.folder / "left.sock"
    bind = f"python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"{path}\")'"
    box.sh(bind)
    must("Address already in use" in box.sh(bind), "a path that was left behind is free")
    must(str(path) not in box.run("socket-owner", socket=path), "somebody listens at the path")
    box.run("remove-socket", as_root=True, socket=path)
    must(box.sh(bind) == "", "the path is not free")


def _serve(box: Box, port: int) -> subprocess.Popen[str]:
    server: subprocess.Popen[str] = box.start(
        "python3", "-m", "http.server", str(port), "--bind", HERE,
        ready=lambda: bool(box.sh(f"ss -ltnpH 'sport = :{port}' | grep python3")),
    )  # fmt: skip
    return server


def _binds(box: Box, port: int, *, reuse: bool) -> str:
    address = "0.0.0.0" if port == BOTH else HERE
    said: str = box.sh(f"python3 binds.py {address} {port} {'reuse' * reuse}")
    return said.splitlines()[-1]


def _nginx(box: Box) -> str:
    nginx_server.configure(box, f"server {{ listen {HERE}:{INHERITED}; }}")
    said: str = box.sh(f"nginx -p {box.folder} -e stderr -c {box.folder}/nginx.conf -g 'error_log stderr;'")
    must("still could not bind()" in said, f"nginx does not give up: {said}")
    return said


def _outgoing(box: Box) -> int:
    listed: str = box.sh(f"ss -tanH state established 'dport = :{NEIGHBOUR}'")
    return listed.count("\n")
