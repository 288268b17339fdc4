"""Name servers that are silent, fail, deny or answer; a search list that leads nowhere: all are mended."""

from __future__ import annotations

import subprocess
from pathlib import Path

from box import Box, must

GUIDE = "debugging/dns-resolution-failed"
NEEDS = ("dig", "getent", "curl", "ss", "python3", "awk", "etcdctl")
RECOVERY = "start the name server"
SHOWS = (
    "SYM SYM->EACH EACH EACH->DEAD DEAD EACH->SERV SERV EACH->NX NX EACH->GET GET GET->OWN OWN "
    "DEAD->START START START->OK SERV->UP OWN->FULL FULL FULL->OK OK"
).split()
SERVER = """
    import socket, struct, sys

    KNOWN = dict(pair.split("=") for pair in sys.argv[2:])
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind((sys.argv[1], 53))
    while True:
        asked, who = door.recvfrom(4096)
        at, labels = 12, []
        while asked[at]:
            labels.append(asked[at + 1 : at + 1 + asked[at]].decode())
            at += asked[at] + 1
        name, kind = ".".join(labels).lower(), asked[at + 2]
        unchecked = asked[3] & 0x10
        fails = name.endswith(".fails") or (name.endswith(".unsigned") and not unchecked)
        code = 2 if fails else 0 if name in KNOWN else 3
        address = socket.inet_aton(KNOWN[name]) if code == 0 and kind == 1 else b""
        head = asked[:2] + struct.pack(">HHHHH", 0x8180 | unchecked | code, 1, int(bool(address)), 0, 0)
        answer = b"\\xc0\\x0c" + struct.pack(">HHIH", 1, 1, 5, 4) + address if address else b""
        door.sendto(head + asked[12 : at + 5] + answer, who)
    """
NAME, ADDRESS, OTHER = "app.corp.example", "127.0.0.9", "other.corp.example"
FILE = Path("/etc/resolv.conf")


def version(box: Box) -> str:
    said: str = box.sh("getconf GNU_LIBC_VERSION")
    return "glibc " + said.split()[1]


def run(box: Box) -> None:
    _prepare(box)
    _serve(box, "127.0.0.2", f"{OTHER}=127.0.0.7")
    _ask(box, "nameserver 127.0.0.2\n")
    box.keep("another name", lambda: box.sh(f"getent ahosts {OTHER}"))
    _silence(box)
    _denial(box)
    _failure(box)
    _search(box)


def _silence(box: Box) -> None:
    """Nobody listens at the address in the file."""
    _ask(box, "nameserver 127.0.0.1\n")
    for said in (
        box.sh(f"python3 -c 'import socket; socket.getaddrinfo(\"{NAME}\", 80)' 2>&1 | tail -1"),
        box.sh(f"curl -sS http://{NAME}/"),
        box.sh(f"etcdctl --endpoints=http://{NAME}:1 --command-timeout=9s endpoint status", ETCDCTL_API="3"),
    ):
        box.sees(said)
    words = {"resolver_file": FILE, "name": NAME}
    must("connection refused" in box.run("each-server", **words), "the silent server is not told")
    box.run("as-programs-do", matches=False, name_as_configured=NAME)
    must(len(box.run("listens").splitlines()) == 2, "not only the other server listens")
    box.run("who-writes", resolver_file=FILE)
    if box.does(RECOVERY):
        _serve(box, "127.0.0.1", f"{NAME}={ADDRESS}", "app.unsigned=127.0.0.6", f"{OTHER}=127.0.0.7")
    must("NOERROR" in box.run("each-server", **words), "the server does not answer")
    must(ADDRESS in box.run("as-programs-do", name_as_configured=NAME), "the name does not resolve")
    box.start(
        "python3", "-m", "http.server", "8080", "-b", ADDRESS, ready=lambda: ":8080" in box.sh("ss -ltn")
    )
    box.run("resolves", url=f"http://{NAME}:8080/")


def _denial(box: Box) -> None:
    """A name that is not there; a first server that does not have the zone is believed."""
    said = box.sh("python3 -c 'import socket; socket.getaddrinfo(\"no.corp.example\", 80)' 2>&1 | tail -1")
    must("Name or service not known" in said, f"no such name is told as {said}")
    box.sees(said)
    _ask(box, "nameserver 127.0.0.2\nnameserver 127.0.0.1\n")
    told = box.run("each-server", resolver_file=FILE, name=NAME)
    must("127.0.0.2 status: NXDOMAIN" in told and "127.0.0.1 status: NOERROR" in told, f"told is {told}")
    box.run("as-programs-do", matches=False, name_as_configured=NAME)
    must("NOERROR" in box.run("at-its-source", zone_server="127.0.0.1", name=NAME), "it is not at its source")
    _ask(box, "nameserver 127.0.0.1\n")
    box.run("as-programs-do", name_as_configured=NAME)


def _failure(box: Box) -> None:
    """A server that answers SERVFAIL: for all, or only where it checks."""
    said = box.sh("python3 -c 'import socket; socket.getaddrinfo(\"app.fails\", 80)' 2>&1 | tail -1")
    must("Temporary failure" in said, f"SERVFAIL is told as {said}")
    must("SERVFAIL" in box.run("each-server", resolver_file=FILE, name="app.fails"), "no failure is told")
    must("SERVFAIL" in box.run("unchecked", name_server="127.0.0.1", name="app.fails"), "+cd mends it")
    must("NOERROR" in box.run("unchecked", name_server="127.0.0.1", name="app.unsigned"), "+cd does nothing")


def _search(box: Box) -> None:
    """A short name whose suffix is not in the list."""
    _ask(box, "nameserver 127.0.0.1\nsearch wrong.example\noptions ndots:5\n")
    box.run("as-programs-do", matches=False, name_as_configured="app")
    must("NXDOMAIN" in box.run("with-search", name_as_configured="app"), "the search list leads to it")
    must("NOERROR" in box.run("each-server", resolver_file=FILE, name=NAME), "the server does not have it")
    box.run("as-programs-do", name_as_configured=NAME)
    _ask(box, "nameserver 127.0.0.1\nsearch corp.example\n")
    must("NOERROR" in box.run("with-search", name_as_configured="app"), "the mended list leads nowhere")
    box.run("as-programs-do", name_as_configured="app")


def _prepare(box: Box) -> None:
    """Port 53 for everybody in the box's own network, and a resolver file of its own."""
    Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").write_text("53")
    box.write("server.py", SERVER)
    subprocess.run(["mount", "--bind", str(box.write("resolv.conf", "")), str(FILE)], check=True)


def _ask(box: Box, text: str) -> None:
    (box.folder / "resolv.conf").write_text(text)


def _serve(box: Box, address: str, *names: str) -> None:
    at = f"{address}:53 "
    box.start("python3", "server.py", address, *names, ready=lambda: at in box.sh("ss -lun"))
