"""Writing a file whole or not at all: beside it first, down to the disk, then renamed over it.

The one room that does so, for ledgers, digests, drawings, data and the binder.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def replace_file(path: Path, data: str | bytes, *, beside: str = "") -> None:
    """Write `path`, in the mode that it had; where it is a link, the file that it leads to is written.

    `beside` is the name of the file to write first: one of this process, unless the caller has a lock and
    wants what a crash left there to be overwritten. Raises OSError, and leaves nothing behind then.
    """
    file_itself = Path(os.path.realpath(path))
    new = file_itself.with_name(beside or f".{file_itself.name}.{os.getpid()}")
    try:
        _write(new, file_itself, data.encode() if isinstance(data, str) else data)
        new.replace(file_itself)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def _write(new: Path, like: Path, data: bytes) -> None:
    with new.open("wb") as file:
        if like.exists():
            shutil.copymode(like, new)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
