"""Every builder of Sphinx gives whole output, and what a Sphinx user knows works for a diagram too."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sphinx.util.inventory import InventoryFile

from .conftest import ROOT, Project

INCIDENT = "source/incidents/acme-2024-03-05.md"
ALT = "Orders go from the API to a queue that is full; workers drain it too slowly."
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def shipped(lawful: Project) -> Project:
    """The lawful project with the engine's styles and scripts, as where it is installed."""
    lawful.change("conf.py", "nitpicky", f"html_static_path = [{str(ROOT / '_static')!r}]\nnitpicky")
    return lawful


# Whole output


def test_a_book_is_well_formed_and_holds_what_it_names(shipped):
    more = 'copyright = version = epub_identifier = "1"\nnitpicky'
    shipped.change("conf.py", "nitpicky", more)
    built = [shipped.build("-nW", "--keep-going", "-d", str(shipped.path / "build/epub/.t"), builder="epub")]
    built.append(
        shipped.build("-nW", "--keep-going", "-d", str(shipped.path / "build/epub/.t"), builder="epub")
    )
    for number, log in enumerate(b.log for b in built):
        assert "[atlas" not in log, number
        assert not re.search(r"unknown mimetype for (?!\.t/environment\.pickle)", log), log
    [path] = built[1].out.glob("*.epub")
    with ZipFile(path) as book:
        names = set(book.namelist())
        pages = {n: ElementTree.fromstring(book.read(n)) for n in names if n.endswith((".xhtml", ".opf"))}
    assert not [n for n in names if n.startswith(".") or n.endswith((".js", ".json")) or "drawings" in n]
    for name, page in pages.items():
        linked = [link.get("href") for link in page.iter(f"{XHTML}link") if link.get("rel") == "stylesheet"]
        folder = Path(name).parent
        assert all((Path("/") / folder / href).resolve().as_posix()[1:] in names for href in linked if href)
    incident = pages["incidents/acme-2024-03-05.xhtml"]
    assert incident.find(".//{http://www.w3.org/2000/svg}svg") is not None
    assert any("atlas.css" in (link.get("href") or "") for link in incident.iter(f"{XHTML}link"))


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_every_link_leads_to_its_place(shipped, dead_links, builder):
    shipped.change("conf.py", '"basic"', '"alabaster"')
    built = shipped.build("-nW", "--keep-going", builder=builder)
    assert built.code == 0, built.log
    frame = {"index.html: genindex.html", "index.html: search.html"} if builder == "singlehtml" else set()
    assert set(dead_links(built.out)) == frame  # the theme links what Sphinx does not write there


@pytest.mark.parametrize(
    ("builder", "name"), [("text", "*/acme*.txt"), ("man", "acme.1"), ("latex", "*.tex")]
)
def test_a_drawing_is_told_where_it_cannot_be_shown(lawful, builder, name):
    lawful.change("conf.py", "nitpicky", f'man_pages = [("{INCIDENT[7:-3]}", "acme", "", "", 1)]\nnitpicky')
    built = lawful.build("-nW", "--keep-going", builder=builder)
    assert built.code == 0, built.log
    page = next(iter(built.out.glob(name)))
    words = " ".join(page.read_text(encoding="utf-8").split())
    assert re.search(rf"The drawing: \W*{re.escape(ALT)}", words)


# Other languages


def test_a_diagram_is_shown_in_another_language(lawful):
    pot = lawful.build(builder="gettext").read("incidents.pot")
    messages = [
        ALT,
        "Orders wait in a full queue",
        "⚙️ Order API",
        "💾 Order queue<br/>${backlog} waiting<br/>limit ${limit}",
    ]
    assert all(f'msgid "{message}"' in pot for message in messages)
    german = ["Bestellungen stehen an.", "Volle Schlange", "⚙️ Annahme", "💾 Schlange<br/>${backlog} warten"]
    po = "".join(f'msgid "{m}"\nmsgstr "{g}"\n\n' for m, g in zip(messages, german, strict=True))
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    lawful.write("locale/de/LC_MESSAGES/incidents.po", head + po)
    folder = lawful.path / "locale/de/LC_MESSAGES"
    with (folder / "incidents.po").open("rb") as source, (folder / "incidents.mo").open("wb") as target:
        write_mo(target, read_po(source))
    english = lawful.build("-nW", "--keep-going", builder="atlas-json").read("atlas.json")
    built = lawful.build(
        "-nW", "--keep-going", "-D", "language=de", "-D", f"locale_dirs={lawful.path / 'locale'}"
    )
    assert built.code == 0, built.log
    page = built.read("incidents/acme-2024-03-05.html")
    for words in ("Bestellungen stehen an.", "Volle Schlange", "Annahme", "1.4 M jobs warten"):
        assert words in re.sub(r"<[^>]+>", " ", page) or words in page, words
    assert "Order API" not in page
    hashes = [re.findall(r'"hash": "([^"]+)"', text) for text in (english, built.read("atlas.json"))]
    assert hashes[0] == hashes[1] != []


# Sphinx's own mechanisms


@pytest.mark.parametrize("suffix", ["md", "rst"])
def test_a_figure_has_a_name_a_class_and_a_number(lawful, suffix):
    lawful.change("conf.py", "nitpicky", "numfig = True\nnitpicky")
    lawful.change(
        INCIDENT, ":title: Orders", ":name: full-queue\n:class: wide\n:align: center\n:title: Orders"
    )
    roles = {"md": "{{{}}}`{}`", "rst": ":{}:`{}`"}[suffix]
    links = " and ".join(roles.format(role, "full-queue") for role in ("ref", "numref"))
    lawful.write(f"source/links.{suffix}", f"Links\n=====\n\nSee {links}.\n")
    lawful.change("source/index.md", "boards\n", "boards\nlinks\n")
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    page = built.read("links.html")
    shown = re.findall(r'href="(incidents/[^"]*#full-queue)"[^>]*>(?:<[^>]+>)*([^<]+)', page)
    assert shown == [
        ("incidents/acme-2024-03-05.html#full-queue", "Orders wait in a full queue"),
        ("incidents/acme-2024-03-05.html#full-queue", "Fig. 1"),
    ]
    incident = built.read("incidents/acme-2024-03-05.html")
    assert re.search(r'<div class="[^"]*atlas-figure wide align-center[^"]*"[^>]* id="full-queue"', incident)
    assert "Fig. 1 Orders wait in a full queue" in incident


def test_an_id_that_is_a_page_is_no_riddle(lawful):
    lawful.write(
        "source/links.md",
        "# Links\n\nSee {any}`debugging/queue-full` and {any}`incidents/acme-2024-03-05`.\n",
    )
    lawful.change("source/index.md", "boards\n", "boards\nlinks\n")
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    assert 'href="debugging/queue-full.html"' in built.read("links.html")


def test_a_heading_of_the_same_name_keeps_its_id(lawful):
    page = (lawful.path / INCIDENT).read_text(encoding="utf-8")
    lawful.write(
        INCIDENT,
        page.replace("# Acme, 5 March 2024: the order queue filled", "# Incidents acme-2024-03-05", 1),
    )
    shown = lawful.build().read("incidents/acme-2024-03-05.html")
    ids = re.findall(r'\sid="([^"]+)"', shown)
    assert ids.count("incidents-acme-2024-03-05") == 1
    assert len(ids) == len(set(ids))


def test_what_is_suppressed_is_neither_said_nor_counted(lawful):
    lawful.change(INCIDENT, ":version: 1.0\n", ":version: 1.0\n:colour: red\n")
    assert lawful.build().code == 1
    unheard = lawful.build("-D", "suppress_warnings=atlas.DIAGRAM002")
    assert (unheard.code, unheard.findings) == (0, [])


def test_other_projects_link_to_what_this_one_lists(lawful, project):
    built = lawful.build()
    known = InventoryFile.loads((built.out / "objects.inv").read_bytes(), uri="")
    assert known.data["atlas:fact"]["acme/outage:backlog"].uri == "boards.html#acme-outage"
    links = (
        "{external:atlas:diagram}`debugging/queue-full`",
        "{external+acme:atlas:diagram}`debugging/queue-full`",
        "{external:atlas:diagram}`the queue <debugging/queue-full>`",
        "{atlas:diagram}`debugging/queue-full`",
        "{atlas:source}`acme/outage`",
        "{atlas:fact}`acme/outage:backlog`",
    )
    conf = (
        'extensions = ["myst_parser", "sphinx.ext.intersphinx", "atlas_sphinx"]\nhtml_theme = "basic"\n'
        'intersphinx_mapping = {"acme": ("https://acme.example/atlas", '
        f"{str(built.out / 'objects.inv')!r})}}\n"
    )
    made = project({"conf.py": conf, "source/index.md": "# Links\n\n" + "\n\n".join(links) + "\n"})
    other = made.build("-nW", "--keep-going")
    assert other.code == 0, other.log
    shown = re.findall(
        r'<p><a class="reference external" href="https://acme.example/atlas/([^"]+)"[^>]*>(.*?)</a>',
        other.read("index.html"),
    )
    plain = [(address, re.sub(r"<[^>]+>", "", words)) for address, words in shown]
    diagram = "debugging/queue-full.html#debugging-queue-full"
    assert plain == [
        (diagram, "Which end of the queue is slow"),
        (diagram, "Which end of the queue is slow"),
        (diagram, "the queue"),
        (diagram, "Which end of the queue is slow"),
        ("boards.html#acme-outage", "The order queue outage of 5 March"),
        ("boards.html#acme-outage", "1.4 M jobs"),
    ]
    made.change(
        "source/index.md", "{atlas:diagram}`debugging/queue-full`", "{atlas:diagram}`debugging/queue-ful`"
    )
    assert made.build().rules == {"LINK001"}


class Publisher(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html><body>1.4 million jobs</body></html>")

    def log_message(self, *args):
        """Keep the tests' output clean."""


def test_linkcheck_knows_the_fragments_of_facts(project):
    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as server:
        threading.Thread(target=server.serve_forever).start()
        root = f"http://127.0.0.1:{server.server_port}"
        links = [
            f"{root}/post#:~:text={quote('1.4 million jobs')}",
            f"{root}/code.py#L12-L14",
            f"{root}/post#gone",
        ]
        conf = 'extensions = ["atlas_sphinx"]\nhtml_theme = "basic"\n'
        made = project({"conf.py": conf, "source/index.rst": "Links\n=====\n\n" + "\n\n".join(links) + "\n"})
        said = made.build(builder="linkcheck").read("output.txt")
        server.shutdown()
    [line] = said.splitlines()
    assert "#gone" in line


def test_a_finding_in_an_included_file_stands_there(project):
    files = {
        "source/index.md": "# Page\n\n```{include} part.md\n```\n\n```{toctree}\nrest\n```\n",
        "source/part.md": "It ends.\n\nIt had 9 hosts.\n\n{atlas:fact}`acme/none:x`\n\n[x](http://acme.example/)\n",
        "source/rest.rst": "Rest\n====\n\n.. include:: part.txt\n\nIt had 8 hosts.\n",
        "source/part.txt": "It ends.\n\nIt had 7 hosts.\n",
    }
    conf = (
        'extensions = ["myst_parser", "atlas_sphinx"]\natlas_pages = ["**"]\nexclude_patterns = ["part.*"]\n'
    )
    made = project({"conf.py": conf, **files, "../.git/HEAD": ""})
    built = made.build()
    found = {line.split(": WARNING")[0] + " " + line.rpartition("[atlas.")[2][:-1] for line in built.findings}
    late = version("myst-parser") < "5"  # MyST 4 counts the lines of an included file from the one before
    assert found == {
        f"made/source/part.md:{3 + late} FACT011",
        f"made/source/part.md:{5 + late} FACT001",
        f"made/source/part.md:{7 + late} LINK002",
        "made/source/part.txt:3 FACT011",
        "made/source/rest.rst:6 FACT011",
    }
