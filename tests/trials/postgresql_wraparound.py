"""PostgreSQL refuses new transactions: a forgotten prepared one holds the horizon, and goes."""

from __future__ import annotations

import postgresql_server as server
from box import Box, must

GUIDE = "debugging/postgresql-wraparound"
NEEDS = ("psql",)
RECOVERY = "rollback-prepared"
SHOWS = (
    "ERR ERR->AGE AGE AGE->RED RED RED->PREP PREP PREP->ROLL ROLL LONG KILL SLOT DROP "
    "ROLL->VAC TAB TAB->VAC VAC VAC->OK OK"
).split()
version = server.version
PAGE = 1_048_576
"""Transactions in one segment of pg_xact."""
SUBTRANS_SEGMENT, SUBTRANS_SEGMENT_IDS = 262_144, 65_536
"""Bytes of one file of pg_subtrans, and how many transactions it is of."""
KEPT = "SELECT md5(string_agg(i::text, ',' ORDER BY i)) FROM keep"
YOUNG = "SELECT gid FROM pg_prepared_xacts WHERE gid = 'young'"
STOP = 2**31 - 1 - 3_000_000
"""How far behind the oldest transaction the server stops."""


def run(box: Box) -> None:
    _create(box)
    _age(box)
    box.keep("rows of a bystander", lambda: box.sh(f'psql -XAt -d bystander -c "{KEPT}"'))
    box.keep("a young prepared transaction", lambda: box.sh(f'psql -XAt -c "{YOUNG}"'))
    box.sees(box.sh("psql -X -d app -c 'INSERT INTO orders VALUES (9)'"))
    box.run("ages")
    holders = box.run("holders")
    must(holders.index("old") < holders.index("young"), "the oldest holder does not stand first")
    wrong = box.sh("psql -X -d postgres -c \"ROLLBACK PREPARED 'old'\"")
    must("belongs to another database" in wrong, f"a rollback from another database says {wrong!r}")
    _other_holders(box)
    box.run("proof", matches=False, database="app")
    box.run("rollback-prepared", database="app", gid="old")
    must(" old " not in box.run("holders"), "the oldest holder still stands")
    box.run("oldest-tables", database="app")
    box.run("vacuum-table", database="app", table="orders")
    box.until(lambda: "ERROR" not in box.sh("psql -X -d app -c 'SELECT pg_current_xact_id()'"), seconds=40)
    box.run("proof", database="app")
    box.run("log-lines", log=box.folder / "log")
    orders = box.sh("psql -XAt -d app -c 'SELECT count(*) FROM orders'").strip()
    must(orders == "1", f"orders were lost or came back: {orders}")


def _other_holders(box: Box) -> None:
    """A session and a slot that hold back as well, ended in the very state in which no write passes."""
    box.sh("psql -X -c \"SELECT pg_create_physical_replication_slot('gone')\"")
    box.begin(
        "(echo 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1;'; sleep 600) | PGAPPNAME=report psql -X"
    )
    named = "SELECT pid FROM pg_stat_activity WHERE application_name = 'report' AND backend_xmin IS NOT NULL"
    box.until(lambda: box.sh(f'psql -XAt -c "{named}"').strip() != "", what="no session holds a snapshot")
    pid = box.sh(f'psql -XAt -c "{named}"').strip()
    must("report" in box.run("session"), "the session is not told")
    box.run("terminate", pid=pid)
    box.run("drop-slot", slot="gone")


def _create(box: Box) -> None:
    """All that can be frozen before the old transaction is, so that no autovacuum moves the horizon later."""
    server.create(box, "max_prepared_transactions = 5\nautovacuum = off\n")
    server.start(box)
    box.sh("createdb app; createdb bystander; psql -X -d app -c 'CREATE TABLE orders AS SELECT 1 AS i'")
    box.sh("psql -X -d bystander -c 'CREATE TABLE keep AS SELECT generate_series(1, 1000) AS i'")
    box.sh("psql -X -d app -c \"BEGIN; INSERT INTO orders VALUES (2); PREPARE TRANSACTION 'old'\"")
    allow = "ALTER DATABASE template0 ALLOW_CONNECTIONS"
    box.sh(f"psql -X -c '{allow} true'; vacuumdb -a -F; psql -X -c '{allow} false'")
    box.sh("pg_ctl -D data -w -m fast stop")


def _age(box: Box) -> None:
    """Put the next transaction close to the stop, then use up the rest."""
    said = box.sh("pg_controldata data")
    oldest = int(said.split("oldestXID:")[1].split()[0])
    stop = oldest + STOP
    near = stop - 2000
    for segment in {near // PAGE, stop // PAGE}:
        box.sh(f"head -c 262144 /dev/zero > data/pg_xact/{segment:04X}")
    box.sh(f"pg_resetwal -x {near} -D data")
    _share_zeros(box, near)
    server.start(box)
    _use_up(box, stop - near - 200)
    box.sh("psql -X -d bystander -c \"BEGIN; INSERT INTO keep VALUES (0); PREPARE TRANSACTION 'young'\"")
    _use_up(box, 1000)


def _share_zeros(box: Box, next_xid: int) -> None:
    """The server fills pg_subtrans with zeros up to the next transaction: gigabytes, were it not one file."""
    folder = box.folder / "data/pg_subtrans"
    zeros = box.write("zeros", "\0" * SUBTRANS_SEGMENT)
    for segment in range(1, next_xid // SUBTRANS_SEGMENT_IDS):
        (folder / f"{segment:04X}").hardlink_to(zeros)


def _use_up(box: Box, count: int) -> None:
    loop = f"DO $$BEGIN FOR i IN 1..{count} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END$$"
    quiet = "-c 'SET client_min_messages = fatal' -c 'SET log_min_messages = fatal'"
    box.sh(f"psql -X -d app {quiet} -c '{loop}'", timeout=120)
