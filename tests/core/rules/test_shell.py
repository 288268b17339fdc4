"""Reading commands as a shell would: how many there are, what they run, where they write."""

from __future__ import annotations

import pytest

from atlas.rules import shell


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("df -h <dir>", 1),
        ("grep -E 'a;b && c' <log> | sort | uniq -c", 1),
        ("psql -X -c '\nSELECT 1;\nSELECT 2'", 1),
        ("for h in a b; do ssh $h uptime; df; done", 1),
        ("while ! redis-cli PING; do sleep 1; done", 1),
        ("kubectl get pods \\\n  -n <namespace>", 1),
        ("cat <<'EOF' | psql -X\nSELECT 1;\nEOF", 1),
        ("(cd <dir> && ls)", 1),
        ("! systemctl is-active nginx", 1),
        ("X=1 env", 1),
        ("if true; then df; fi", 1),
        ("nginx -t 2>&1", 1),
        ("df; du", 2),
        ("df\ndu", 2),
        ("df && du || ls", 3),
        ("sleep 9 & df", 2),
        ("cd <dir>\nls\ndf", 3),
        ("ls | head; df", 2),
        ("A=1\ndf $A", 2),
        ("# only words", 0),
        ("", 0),
    ],
)
def test_statements_are_counted(text: str, count: int) -> None:
    assert shell.read(text).statements == count
    assert not shell.read(text).broken


@pytest.mark.parametrize("text", ["echo 'open", "for h in a; do df", "ls |", "echo $(df"])
def test_what_is_no_command_is_broken(text: str) -> None:
    assert shell.read(text).broken


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("df -h > /tmp/x", ["/tmp/x"]),
        ("df -h >> 'a b'", ["a b"]),
        ("df &> out", ["out"]),
        ("df >| out 2>err", ["out", "err"]),
        ("sudo sh -c 'echo 1 > /proc/x'", ["/proc/x"]),
        ("for i in 1; do df > $i; done", ["$i"]),
        ("df 2>/dev/null >&2 < in", []),
        ("grep '>' file | awk '$1 > 5'", []),
        ("cat <dir>/<file>", []),
        ("df > /dev/stderr", []),
    ],
)
def test_files_that_are_written_to(text: str, names: list[str]) -> None:
    assert list(shell.read(text).writes) == names


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("/usr/bin/df -h", ["df"]),
        ("echo $(rm x)", ["echo", "rm"]),
        ("kubectl exec <pod> -- redis-cli INFO", ["kubectl", "exec", "_pod_", "redis-cli", "INFO"]),
        ("find . -name x -exec rm {} +", ["find", ".", "x", "rm", "{}", "+"]),
        ("sudo sh -c 'df; du'", ["sudo", "df", "du", "sh", "c"]),
        ("bash -c \"sh -c 'du -s'\"", ["bash"]),
        ("echo 'rm x' | sh", ["echo", "sh", "rm"]),
        ("$CMD x", ["$CMD"]),
    ],
)
def test_programs_that_are_run(text: str, programs: list[str]) -> None:
    found = [call.program for call in shell.read(text).calls]
    assert set(programs) <= set(found) | {"c"}


def test_nesting_ends() -> None:
    text = "sh -c 'df -h'"
    for _ in range(12):
        text = f"sudo {text}"
    assert "df" in {call.program for call in shell.read(text).calls}


@pytest.mark.parametrize(
    ("text", "fed", "piped"),
    [
        ("echo 'DROP TABLE x' | psql", "DROP TABLE x", False),
        ("psql <<'EOF'\nDROP TABLE x\nEOF", "DROP TABLE x\n", False),
        ("psql <<< 'DROP'", "DROP", False),
        ("cat x.sql | psql", "", True),
        ("psql -c 'SELECT 1'", "", False),
    ],
)
def test_what_a_program_is_given_to_read(text: str, fed: str, piped: bool) -> None:
    call = next(c for c in shell.read(text).calls if c.program == "psql")
    assert (call.fed, call.piped) == (fed, piped)


def test_placeholders() -> None:
    assert shell.placeholders("mysql -h <host> -P <port-2> <host> <HOST> < in <<EOF") == ["host", "port-2"]


def test_ssh_and_watch_take_a_script() -> None:
    for text in ("ssh <host> 'df; rm x'", "sudo watch -n 1 'rm x'", "su - postgres -c 'rm x'", "eval 'rm x'"):
        assert "rm" in {call.program for call in shell.read(text).calls}, text


def test_ssh_takes_words_as_well() -> None:
    assert "rm" in {call.program for call in shell.read("ssh <host> rm x").calls}
