"""A pool fills PostgreSQL behind one forgotten lock, and the reserve with it: two sessions are ended."""

from __future__ import annotations

import postgresql_server as server
from box import Box, must

GUIDE = "debugging/postgresql-connections"
NEEDS = ("psql", "ps")
RECOVERY = "end-head"
version = server.version
SETTINGS = "max_connections = 14\nsuperuser_reserved_connections = 3\nautovacuum = off\n"
WHO = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"


def run(box: Box) -> None:
    server.create(box, SETTINGS)
    server.start(box)
    for role in ("app", "report"):
        box.sh(
            f"psql -X -c \"CREATE ROLE {role} LOGIN PASSWORD '{server.PASSWORD}'\"; createdb -O {role} {role}"
        )
    box.sh("psql -X -U app -d app -c 'CREATE TABLE t AS SELECT 1 AS i'")
    other = _stay(box, "report", "SELECT 1")
    box.keep("the idle session of another", lambda: _told(box, other))
    head = _stay(box, "app", "BEGIN; UPDATE t SET i = 2")
    for _ in range(3):
        _stay(box, "app", "UPDATE t SET i = 3")
    idle = _stay(box, "app", "SELECT 1")
    box.until(lambda: "remaining connection slots" in _crowd(box, "app"), what="slots are never used up")
    box.sees(_crowd(box, "app"))
    box.run("limits")
    _get_in(box, idle)
    box.run("sessions")
    _unlock(box, head)
    _bind(box)
    box.sees((box.folder / "log").read_text())
    box.run("proof", role="app")


def _crowd(box: Box, role: str) -> str:
    """One more session of the role, and what the next is told."""
    box.begin(f"(echo 'SELECT 1;'; sleep 600) | PGAPPNAME=web psql -X -U {role} -d app")
    box.sh("sleep 0.2")
    return str(box.sh(f"psql -X -U {role} -d app -c 'SELECT 1'"))


def _get_in(box: Box, idle: str) -> None:
    """The reserve is taken, too: a superuser ends one session from the host."""
    box.until(lambda: "too many clients" in _crowd(box, "keeper"), what="a superuser still gets in")
    box.run("limits", matches=False)
    must(f"{idle} " in box.run("processes"), "the idle session is not listed")
    box.run("free-one", backend_pid=idle)
    box.until(lambda: "max_connections" in box.sh("psql -X -c 'SHOW max_connections'"), what="nobody gets in")


def _unlock(box: Box, head: str) -> None:
    """The session for which the others wait."""
    told = [line.split()[0] for line in box.run("blockers").splitlines()[2:-2]]
    must(told == [head], f"the head of the queue is {head}, and told are {told}")
    box.run("end-head", head_pid=head)
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    box.until(lambda: _ask(box, waits) == "0", what="sessions still wait for a lock")
    must(_ask(box, "SELECT i FROM t", "app") == "3", "the work that waited is not done")


def _bind(box: Box) -> None:
    """Idle sessions of the pool go, and it gets a limit."""
    box.sh("sleep 1.5")
    idle = _ask(box, "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle' AND usename = 'app'")
    ended = box.run("end-idle", role="app", age="1 second").strip()
    must(ended == idle, f"{ended} sessions were ended of {idle} that idled")
    box.run("cap", role="app", limit=2)
    for _ in range(2):
        _stay(box, "app", "SELECT 1")
    refused = box.sh("psql -X -U app -d app -c 'SELECT 1'")
    must('too many connections for role "app"' in refused, f"the pool is not bound: {refused}")
    box.run("end-idle", role="app", age="0 seconds")


def _stay(box: Box, role: str, sql: str) -> str:
    """A session that runs something and stays open; its process."""
    before = _pids(box, role)
    box.begin(f"(echo '{sql};'; sleep 600) | PGAPPNAME=web psql -X -U {role} -d {role}")
    box.until(lambda: len(_pids(box, role) - before) == 1, what=f"{role} does not get in")
    [pid] = _pids(box, role) - before
    return pid


def _pids(box: Box, role: str) -> set[str]:
    return {*_ask(box, f"{WHO} AND usename = '{role}'").split()}


def _told(box: Box, pid: str) -> str:
    return _ask(box, f"SELECT usename, state, query FROM pg_stat_activity WHERE pid = {pid}")


def _ask(box: Box, sql: str, database: str = "postgres") -> str:
    said: str = box.sh(f'psql -XAt -d {database} -c "{sql}"')
    return said.strip()
