"""A server of PostgreSQL in a box, that wants a password."""

from __future__ import annotations

from pathlib import Path

from box import Box

PASSWORD = "open sesame"


def programs() -> Path:
    return max(Path("/usr/lib/postgresql").glob("*/bin"))


def version(box: Box) -> str:
    said: str = box.sh(f"{programs()}/postgres --version")
    return "PostgreSQL " + said.split()[2]


def create(box: Box, settings: str) -> None:
    """Its files, and how clients find it: by variables, as the superuser `keeper`."""
    box.env |= {"PGHOST": "127.0.0.1", "PGPORT": "5432", "PGUSER": "keeper", "PGDATABASE": "postgres"}
    box.env["PATH"] = f"{programs()}:{box.env['PATH']}"
    box.write("word", PASSWORD)
    box.write(".pgpass", f"127.0.0.1:*:*:*:{PASSWORD}\n").chmod(0o600)
    box.sh("initdb -D data -U keeper -A scram-sha-256 --pwfile word")
    with (box.folder / "data/postgresql.conf").open("a") as file:
        place = f"listen_addresses = '127.0.0.1'\nunix_socket_directories = '{box.folder}'\n"
        file.write(f"\n{place}fsync = off\n{settings}")


def start(box: Box) -> None:
    box.sh("pg_ctl -D data -l log -w start")
    box.until(lambda: box.sh("psql -XAt -c 'SELECT 1'").strip() == "1", what="PostgreSQL is not ready")
