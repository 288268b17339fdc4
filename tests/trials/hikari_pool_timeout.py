"""A pool is exhausted behind a lock, whose session is ended; and by a leak, which only a restart mends."""

from __future__ import annotations

import subprocess
from pathlib import Path

import postgresql_server as server
from box import Box, must

GUIDE = "debugging/hikari-pool-timeout"
NEEDS = ("java", "javac", "jcmd", "psql")
RECOVERY = "end-head"
SHOWS = (
    "SYM SYM->NUM NUM NUM->THR THR THR->LOCK LOCK LOCK->HEAD HEAD HEAD->OK OK "
    "THR->LEAK LEAK LEAK->AGAIN AGAIN"
).split()
JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("HikariCP", "postgresql", "slf4j-api", "slf4j-simple")
]
SERVICE = """
import com.zaxxer.hikari.*;
import java.sql.*;

public class App {
    public static void main(String[] args) throws Exception {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(args[1]);
        settings.setMaximumPoolSize(3);
        settings.setConnectionTimeout(2000);
        settings.setLeakDetectionThreshold(2000);
        HikariDataSource pool = new HikariDataSource(settings);
        for (int n = 0; n < 6; n++) new Thread(() -> work(pool, args[0]), "worker-" + n).start();
    }

    static void work(HikariDataSource pool, String way) {
        while (true) {
            try {
                Connection link = pool.getConnection();
                link.createStatement().executeUpdate("UPDATE t SET i = i + 1");
                if (way.equals("returns")) link.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
            try { Thread.sleep(300); } catch (InterruptedException end) { return; }
        }
    }
}
"""


def version(box: Box) -> str:
    said: str = box.sh("dpkg-query -W -f '${Version}' libhikaricp-java")
    return "HikariCP " + said.split("-", maxsplit=1)[0]


def lacks() -> str:
    absent = [jar.name for jar in JARS if not jar.exists()]
    return f"{', '.join(absent)} of Debian is not here" if absent else ""


def run(box: Box) -> None:
    server.create(box, "")
    server.start(box)
    for role in ("app", "report"):
        box.sh(
            f"psql -X -c \"CREATE ROLE {role} LOGIN PASSWORD '{server.PASSWORD}'\"; createdb -O {role} {role}"
        )
    box.sh("psql -X -U app -d app -c 'CREATE TABLE t AS SELECT 1 AS i'")
    box.begin("(echo 'SELECT 1;'; sleep 600) | psql -X -U report -d report")
    box.until(lambda: bool(_pid("report", box)), what="the other session does not get in")
    box.keep("the session of another", lambda: _pid("report", box))
    box.write("App.java", SERVICE)
    box.sh(f"javac -cp {_path(box)} App.java")
    _behind_a_lock(box)
    _leak(box)


def _behind_a_lock(box: Box) -> None:
    box.begin("(echo 'BEGIN; UPDATE t SET i = 2;'; sleep 600) | PGAPPNAME=console psql -X -U app -d app")
    box.until(lambda: "console" in _names(box), what="the console does not get in")
    service, log = _start(box, "returns")
    box.until(lambda: "not available" in log.read_text(), what="the pool is never exhausted")
    box.sees(log.read_text())
    box.run("message", app_log=log)
    counted = box.run("threads", pid=service.pid)
    must("in a statement: 3" in counted, f"three threads are in a statement, and told is {counted}")
    told = box.run("sessions", role="app", **_place())
    must(told.count("Lock") == 3, f"three sessions wait for a lock, and told is {told}")
    heads = [line.split()[0] for line in box.run("blockers", **_place()).splitlines()[2:-2]]
    box.run("end-head", head_pid=heads[0], **_place())
    box.sh("sleep 3")
    box.run("proof", app_log=log)
    must("pool: 0" in box.run("threads", pid=service.pid), "threads still wait for the pool")
    service.kill()


def _leak(box: Box) -> None:
    """Ending the sessions gives nothing back, a restart does."""
    service, log = _start(box, "keeps")
    box.until(lambda: log.read_text().count("leak detection triggered") == 3, what="no leak is told")
    box.sh("sleep 3")
    box.run("message", app_log=log)
    box.until(
        lambda: "pool: 6\nin a statement: 0" in box.run("threads", pid=service.pid),
        what="that all wait and nobody works is not told",
    )
    must("App.work" in box.run("leaks", app_log=log), "the line that leaks is not named")
    must(box.run("came-back", app_log=log).strip() == "0", "a leaked connection came back")
    box.sh("psql -X -c \"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'\"")
    box.run("proof", app_log=log, matches=False)
    service.kill()
    _, again = _start(box, "returns")
    box.run("proof", app_log=again)


def _start(box: Box, way: str) -> tuple[subprocess.Popen[str], Path]:
    word = server.PASSWORD.replace(" ", "%20")
    address = f"jdbc:postgresql://127.0.0.1:5432/app?user=app&password={word}&ApplicationName=web"
    service = box.start("java", "-cp", _path(box), "App", way, address, ready=lambda: "web" in _names(box))
    return service, max(box.folder.glob("java-*.out"), key=lambda path: path.stat().st_mtime)


def _path(box: Box) -> str:
    return ":".join(map(str, [*JARS, box.folder]))


def _place() -> dict[str, object]:
    return {"host": "127.0.0.1", "port": 5432, "database": "app"}


def _names(box: Box) -> str:
    return str(box.sh("psql -XAt -c 'SELECT application_name FROM pg_stat_activity'"))


def _pid(role: str, box: Box) -> str:
    return str(box.sh(f"psql -XAt -c \"SELECT pid FROM pg_stat_activity WHERE usename = '{role}'\"")).strip()
