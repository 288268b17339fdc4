"""Settings: each declared once, with its default, its type and a sentence for the reference."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

from atlas.records.ledgers import DATA
from atlas.rules.figures import offer
from atlas.rules.markup import CHOICES
from atlas.rules.strictness import LEVELS

logger = logging.getLogger(__name__)


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
        "atlas_data",
        DATA,
        str,
        "The folder of the ledgers, below that of the pages; a plain text, which the command reads, too.",
    ),
    Setting(
        "atlas_pages",
        [],
        list,
        "Pages that are judged whatever they hold, as patterns of names such as ops/**. Others answer to the "
        "rules for prose, links and raw HTML only where they show something of the atlas.",
    ),
    Setting(
        "atlas_csp",
        default=False,
        kind=bool,
        help="Whether every page of an HTML build gets a content security policy, and no style attributes.",
    ),
    Setting(
        "atlas_navigation",
        default=False,
        kind=bool,
        help="Whether the sidebar of every page is that of the atlas, which grows with its section alone.",
    ),
    Setting(
        "atlas_finder",
        default=False,
        kind=bool,
        help="Whether every page has the finder, which the key / opens; else pages with its view alone.",
    ),
    Setting(
        "atlas_without_engine",
        "warn",
        str,
        "What a diagram is where the engine that draws it has no wheel: warn (MERMAID007) or pass.",
    ),
    Setting(
        "atlas_plain_mermaid",
        "pass",
        str,
        "What plain mermaid fences are: pass (left alone), judge (parsed, no typed digits) or refuse.",
    ),
    Setting(
        "atlas_strictness",
        LEVELS[-1],
        str,
        "What pages owe: planes (ids and planes), sources (these, sources and figures) or all (gates too). "
        "What is owed at a stricter level waits, and is counted as debt.",
    ),
    Setting(
        "atlas_raw_html",
        "judge",
        str,
        "What raw HTML on pages is: pass (left alone but for its links), judge (nothing that acts) or refuse "
        "(words alone, without classes).",
    ),
    Setting(
        "atlas_build",
        "",
        str,
        "What the binder's covers name as the build; empty: the commit, else the release.",
    ),
    Setting(
        "atlas_feedback",
        "",
        str,
        "Where pages send what is wrong with them: the https address of a new issue with {title} and {body} "
        "in it, such as https://github.com/ORG/REPO/issues/new?title={title}&body={body}; empty: nowhere.",
    ),
    Setting(
        "atlas_pdf_pages",
        60,
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


CHOSEN = {
    "atlas_plain_mermaid": ("pass", "judge", "refuse"),
    "atlas_raw_html": CHOICES,
    "atlas_strictness": LEVELS,
    "atlas_without_engine": ("warn", "pass"),
}


def register(app: Sphinx) -> None:
    for setting in SETTINGS:
        app.add_config_value(
            setting.name,
            setting.default,
            "env",
            types=_kinds(setting),
        )


def _kinds(setting: Setting) -> tuple[type, ...]:
    return {float: (float, int), list: (list, tuple)}.get(setting.kind, (setting.kind,))


def check(app: Sphinx, config: Config) -> None:
    """Refuse what has not the type of its default, a day that is no day, and an unknown choice."""
    del app
    _name_unknown(config)
    for setting in SETTINGS:
        value, kinds = config[setting.name], _kinds(setting)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ConfigError(f"{setting.name}: {value!r} is no {setting.kind.__name__}")
    try:
        today(config)
    except ValueError as error:
        raise ConfigError(f"atlas_today: {error}; write it as 2026-01-31") from error
    if not _is_below(config.atlas_data):
        raise ConfigError(f"atlas_data: {config.atlas_data!r} is no folder below that of the pages")
    if config.atlas_feedback and not _is_form(config.atlas_feedback):
        raise ConfigError(
            f"atlas_feedback: {config.atlas_feedback!r} is no https address with {{title}} and {{body}}"
        )
    for name, choices in CHOSEN.items():
        if config[name] not in choices:
            raise ConfigError(f"{name}: {config[name]!r} is none of {', '.join(choices)}")


def _name_unknown(config: Config) -> None:
    """Values of conf.py that would be dropped without a word; what it computes with is no value."""
    known = [setting.name for setting in SETTINGS]
    for name, value in vars(config).get("_raw_config", {}).items():
        if name.startswith("atlas_") and name not in config and not callable(value):
            hint = offer(name, known, "the settings are " + ", ".join(known))
            message = "conf.py sets %s, which is no setting (%s)"
            logger.warning(message, name, hint, type="atlas", subtype="config")


def _is_below(folder: str) -> bool:
    path = PurePosixPath(folder)
    return path.as_posix() == folder != "." and not path.is_absolute() and ".." not in path.parts


def _is_form(address: str) -> bool:
    return address.startswith("https://") and "{title}" in address and "{body}" in address


def today(config: Config) -> date:
    """The day that ages, expiry dates and reviews are judged by."""
    if config.atlas_today:
        return date.fromisoformat(config.atlas_today)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).date()
