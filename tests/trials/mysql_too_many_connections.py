"""A pool of sleeping sessions fills MariaDB: an administrator gets in, ends them, binds the pool."""

from __future__ import annotations

import mariadb_server as server
from box import Box, must

GUIDE = "debugging/mysql-too-many-connections"
NEEDS = server.NEEDS
RECOVERY = "end-session"
PORT, LIMIT = 3306, 12
WHERE = {"host": "127.0.0.1", "port": PORT}
version = server.version


def run(box: Box) -> None:
    server.start(box, PORT, f"--max-connections={LIMIT}")
    for user in ("app", "report"):
        server.add_user(box, PORT, user)
    server.ask(box, PORT, "CREATE TABLE app.t (i int) AS SELECT 1 AS i")
    other = server.stay(box, PORT, "report", "SELECT 1")
    box.keep("the session of another", lambda: _session(box, other))
    forgot = server.stay(box, PORT, "app", "BEGIN; UPDATE t SET i = 2")
    box.keep("an open transaction of the pool", lambda: _session(box, forgot))
    pool = [server.stay(box, PORT, "app", "SELECT 1") for _ in range(LIMIT - 4)]
    box.until(lambda: "Too many connections" in _crowd(box), what="the limit is never reached")
    box.sees(_refused(box))
    box.run("counts", **WHERE)
    must("app" in box.run("sessions", **WHERE).splitlines()[1], "the pool does not stand first")
    told = [line.split("\t") for line in box.run("sleepers", user="app", **WHERE).splitlines()[1:]]
    asleep = {row[0]: row[4] for row in told}
    must(asleep.pop(str(forgot)) != "NULL", "an open transaction is not told")
    must(
        {*asleep.values()} == {"NULL"} and {*asleep} >= {*map(str, pool)},
        f"other sessions are told: {asleep}",
    )
    for number in asleep:
        box.run("end-session", session_id=number, **WHERE)
    box.run("proof", user="app", **WHERE)
    box.run("cap-user", account="app@127.0.0.1", limit=1, **WHERE)
    server.stay(box, PORT, "app", "SELECT 1")
    must("ERROR 1226" in _refused(box), "the pool is not bound")
    box.run("raise", new_limit=LIMIT + 8, **WHERE)
    must(f"max_connections\t{LIMIT + 8}" in box.run("counts", **WHERE), "the limit is not raised")


def _crowd(box: Box) -> str:
    """One more session of the pool, and what the next is told."""
    box.begin(f"(echo 'SELECT 1;'; sleep 600) | mysql -n -h 127.0.0.1 -P {PORT} -u app")
    box.sh("sleep 0.2")
    return _refused(box)


def _refused(box: Box) -> str:
    said: str = server.ask(box, PORT, "SELECT 1", user="app")
    return said


def _session(box: Box, number: int) -> str:
    asked = f"SELECT id, user, command FROM information_schema.processlist WHERE id = {number}"
    said: str = server.ask(box, PORT, asked)
    return said
