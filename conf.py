"""Facts and settings of the Production Atlas. No logic."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "The Production Atlas"
author = "The Production Atlas authors"
copyright = "The Production Atlas authors, pages under CC BY 4.0"
language = "en"
version = release = "0.1.0"

html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")
atlas_build = os.environ.get("READTHEDOCS_GIT_COMMIT_HASH", "")[:12]
atlas_feedback = os.environ.get("ATLAS_FEEDBACK", "")

extensions = [
    "myst_parser",
    "sphinxcontrib.mermaid",
    "atlas_sphinx",
]

myst_enable_extensions = ["colon_fence", "deflist", "linkify", "fieldlist"]
myst_linkify_fuzzy_links = False  # Matrix.org and GitLab.com are names
myst_heading_anchors = 3
myst_links_external_new_tab = False

exclude_patterns = ["_data"]
atlas_pages = ["**"]
atlas_csp = atlas_navigation = atlas_finder = True
atlas_plain_mermaid = "refuse"
atlas_raw_html = "refuse"
templates_path = ["_templates"]
nitpicky = True
suppress_warnings = ["config.cache", "toc.empty_glob"]

smartquotes_action = "qe"  # a dash would make two hyphens of a flag something else

html_theme = "furo"
html_title = "Production Atlas"
html_static_path = ["_static"]
html_favicon = "_static/mark.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None
html_theme_options = {"sidebar_hide_name": False, "top_of_page_buttons": []}

pygments_style = "default"
pygments_dark_style = "github-dark"

linkcheck_timeout = 15
linkcheck_workers = 4
linkcheck_report_timeouts_as_broken = False
