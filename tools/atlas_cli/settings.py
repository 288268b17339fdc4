"""What a conf.py says, read as Sphinx reads it: in a process of its own, since it may do anything."""

from __future__ import annotations

import json
import subprocess
import sys

from .project import Project, Record

_NAMES = ("extensions", "myst_enable_extensions")
_PROBE = """
import json, sys
from pathlib import Path
from sphinx.config import eval_config_file
from sphinx.util.tags import Tags
try:
    from atlas_sphinx.config import SETTINGS
except ImportError:
    SETTINGS = ()
folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
said = eval_config_file(folder / "conf.py", Tags())
kept = {n: said[n] for n in said if n in sys.argv[2:] or n.startswith("atlas_")}
known = [setting.name for setting in SETTINGS]
print("\\n" + json.dumps({"said": kept, "known": known}, default=sorted))
"""


def read_settings(project: Project) -> tuple[Record, str]:
    """`said` and `known`, the settings that matter here and the names of ours; or none and why not."""
    command = [sys.executable, "-c", _PROBE, str(project.conf), *_NAMES]
    done = subprocess.run(
        command, cwd=project.conf, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return {}, said[-1].strip() if said else f"it ended with exit code {done.returncode}"
    settings: Record = json.loads(done.stdout.splitlines()[-1])
    return settings, ""
