"""Redis is at its limit of memory: by a client that does not read, then by its keys; a cache may evict."""

from __future__ import annotations

from box import Box, must

GUIDE = "debugging/redis-oom"
NEEDS = ("redis-server", "redis-cli", "python3", "free")
RECOVERY = "cut-client"
PASSWORD = "open sesame"
EXPORT = f"""
    import socket, time

    link = socket.create_connection(("127.0.0.1", 6379))
    link.sendall(b'AUTH "{PASSWORD}"\\r\\nCLIENT SETNAME export\\r\\n' + b"GET cache:1\\r\\n" * 600)
    time.sleep(600)
    """


def version(box: Box) -> str:
    said: str = box.sh("redis-server --version")
    return "Redis " + said.split("v=")[1].split(maxsplit=1)[0]


def run(box: Box) -> None:
    box.write(
        "bin/redis-cli", '#!/bin/sh\nexec /usr/bin/redis-cli ${REDIS_PORT:+-p $REDIS_PORT} "$@"\n'
    ).chmod(0o755)
    for port in (6379, 6380):
        box.start(
            "redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--maxmemory", "20mb",
            "--requirepass", PASSWORD,
            ready=lambda port=port: "NOAUTH" in box.sh("redis-cli ping", REDIS_PORT=str(port)),
        )  # fmt: skip
    must("NOAUTH" in box.run("memory", matches=False), "a refused login is not told")
    box.env["REDISCLI_AUTH"] = PASSWORD
    box.sh("redis-cli set record keep; redis-cli -n 3 set other keep; redis-cli rpush queue a b c")
    box.keep("a record", lambda: box.sh("redis-cli get record; redis-cli lrange queue 0 -1"))
    box.keep("another database", lambda: box.sh("redis-cli -n 3 get other"))
    _client(box)
    _keys(box)
    _cache(box)


def _client(box: Box) -> None:
    """What a client does not fetch fills the memory."""
    box.sh("for n in $(seq 50); do head -c 65536 /dev/zero | redis-cli -x set cache:$n; done")
    box.write("export.py", EXPORT)
    box.start("python3", "export.py", ready=lambda: "OOM" in _write(box))
    box.sees(_write(box))
    box.run("memory")
    refused = box.run("refusals")
    box.run("policy")
    box.run("expiries")
    first = box.run("clients").splitlines()[0].split()
    must(first[3] == "export", f"the client that does not read does not stand first: {first}")
    box.run("cut-client", client_id=first[1])
    must("OK" in _write(box), "writes are still refused")
    must(box.run("refusals") == refused, "the counter did not stand still")


def _keys(box: Box) -> None:
    """The data itself."""
    box.sh("head -c 4000000 /dev/zero | redis-cli -x set dead")
    box.until(lambda: "OOM" in box.sh("head -c 900000 /dev/zero | redis-cli -x set cache:$RANDOM"))
    box.run("memory")
    box.run("host-memory")
    box.run("raise", new_limit="24mb")
    must("OK" in _write(box), "a higher limit does not let writes in")
    must('"dead"' in box.run("big-keys"), "the big key is not told")
    before = _used(box)
    box.run("drop-key", key="dead")
    box.until(lambda: _used(box) < before - 3_000_000, what="the memory does not come back")
    box.run("proof")


def _cache(box: Box) -> None:
    """Another server, of which every key can be built again."""
    box.env["REDIS_PORT"] = "6380"
    box.until(lambda: "OOM" in box.sh("head -c 900000 /dev/zero | redis-cli -x set cache:$RANDOM"))
    box.run("evict")
    box.run("proof")
    must("OK" in _write(box), "a cache that evicts refuses writes")
    del box.env["REDIS_PORT"]


def _write(box: Box) -> str:
    said: str = box.sh("head -c 65536 /dev/zero | redis-cli -x set probe")
    return said


def _used(box: Box) -> int:
    return int(box.sh("redis-cli info memory | grep ^used_memory:").split(":")[1])
