"""A heap that is really full: attaching gets no answer, the ways from outside do, and a bound heals."""

from __future__ import annotations

from box import Box, TrialError

GUIDE = "debugging/jvm-outofmemory"
NEEDS = ("java", "javac", "jcmd", "jstat", "jhsdb")
RECOVERY = "end-by-force"
SHOWS = ("SYM SYM->LOG LOG LOG->HEAP HEAP HEAP->HIST HIST HIST->OUTSIDE OUTSIDE OUTSIDE->DUMP DUMP").split()
PROGRAM = """
import java.util.*;
public class Full {
    static final List<byte[]> kept = new ArrayList<>();
    public static void main(String[] args) throws Exception {
        int bound = Integer.parseInt(args[0]);
        Thread filler = new Thread(() -> {
            while (kept.size() < bound) kept.add(new byte[50_000]);
        }, "filler");
        filler.start();
        while (true) Thread.sleep(1000);
    }
}
"""


def version(box: Box) -> str:
    said: str = box.sh("java -version 2>&1")
    return "OpenJDK " + said.split('"')[1]


def run(box: Box) -> None:
    (box.folder / "Full.java").write_text(PROGRAM)
    (box.folder / "Other.java").write_text(PROGRAM.replace("class Full", "class Other"))
    box.sh("javac -d . Full.java Other.java")
    other = box.start("java", "-Xmx48m", "-cp", box.folder, "Other", "10", ready=lambda: True).pid
    pid, log = _fill(box, bound=1_000_000), box.folder / "java-1.out"
    box.keep("another JVM", lambda: box.sh(f"jcmd {other} VM.version | head -1"))
    box.until(lambda: "OutOfMemoryError" in log.read_text(), seconds=40, what="the heap is never full")
    box.sees(log.read_text())
    box.run("words", app_log=log)
    box.run("stacks", app_log=log)
    box.run("thread-names", pid=pid)
    box.run("limits", pid=pid)
    box.run("heap-use", pid=pid)
    box.run("thread-dump", pid=pid)
    box.until(lambda: "Full thread dump" in log.read_text(), what="kill -3 writes no dump")
    box.run("histogram-outside", pid=pid)
    box.run("dump-outside", pid=pid, dump_file=box.folder / "heap.hprof", timeout=120)
    if not box.sh(f"ps -p {pid} -o comm=").strip():
        raise TrialError("the process that was only looked at is gone")
    box.run("end-by-force", pid=pid)
    box.until(
        lambda: not box.sh(f"ps -p {pid} -o stat= | grep -v Z").strip(), seconds=5, what="it is still there"
    )
    again = _fill(box, bound=100)
    box.run("heap-use", pid=again)
    box.run("histogram", pid=again)
    box.run("arm-dump", pid=again)
    box.run("dump", pid=again, dump_file=box.folder / "again.hprof")


def _fill(box: Box, *, bound: int) -> int:
    server = box.start("java", "-Xmx48m", "-cp", box.folder, "Full", str(bound), ready=lambda: True)
    box.sh("sleep 2")
    return int(server.pid)
