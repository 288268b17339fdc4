"""Settings: each declared once, with its default, its type and a sentence for the reference."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Setting:
    """One `atlas_…` value of conf.py."""

    name: str
    default: Any
    kind: type
    help: str


SETTINGS = (
    Setting("atlas_max_age", 30, int, "Days after which a reviewed diagram counts as outdated."),
    Setting(
        "atlas_draw_timeout",
        20.0,
        float,
        "Seconds after which a diagram that does not come back is given up.",
    ),
    Setting(
        "atlas_build",
        "",
        str,
        "What the binder's covers name as the build; empty: the commit, else the release.",
    ),
    Setting(
        "atlas_pdf_pages",
        45,
        int,
        "The most pages in one PDF; larger volumes are parted. Typst needs some 10 MB of memory for a page.",
    ),
    Setting(
        "atlas_pdf_fonts",
        [],
        list,
        "Folders of fonts (TTF, OTF) that the binder uses besides its own, from the folder of conf.py.",
    ),
    Setting(
        "atlas_today", "", str, "The day to judge by (ISO date); empty: SOURCE_DATE_EPOCH, else the clock."
    ),
)


def register(app: Sphinx) -> None:
    for setting in SETTINGS:
        app.add_config_value(
            setting.name,
            setting.default,
            "env",
            types=(setting.kind, int) if setting.kind is float else (setting.kind,),
        )


def check(app: Sphinx, config: Config) -> None:
    """Refuse a day that is no day; Sphinx itself checks the types."""
    del app
    try:
        today(config)
    except ValueError as error:
        raise ConfigError(f"atlas_today: {error}; write it as 2026-01-31") from error


def today(config: Config) -> date:
    """The day that ages, expiry dates and reviews are judged by."""
    if config.atlas_today:
        return date.fromisoformat(config.atlas_today)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).date()
