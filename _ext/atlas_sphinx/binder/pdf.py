"""The builder `atlas-pdf`: pages become JSON, volumes become PDF by way of Typst.

Sphinx writes each page once, as a record; a volume is a list of records and a template. What is written, and
what is set, is kept by content: an unchanged page is not written again, an unchanged volume is not set again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.display import status_iterator

from atlas.drawing import paper, press, ruler, sheets, signs
from atlas.drawing.outline import Box
from atlas.drawing.sheets import Part, holds, lay_out, letter, lost
from atlas.drawing.signs import put_signs
from atlas.files import printing
from atlas.files.reports import Json, Record, dump
from atlas.records.whole_file import replace_file
from atlas.rules.atlas import Atlas, Diagram
from atlas.views import binder
from atlas_sphinx import config
from atlas_sphinx.domain import domain_of
from atlas_sphinx.pages.drawings import job_of
from atlas_sphinx.pages.reading import line_of

from .typst_inlines import SCHEME
from .typst_writer import Writer
from .volumes import TEMPLATE, Answer, Job, Page, Shop, read_commit

logger = logging.getLogger(__name__)

ROOMS = (
    *sorted(Path(__file__).parent.glob("*.py")),
    *(Path(str(room.__file__)) for room in (paper, sheets, signs, printing)),
)
FOLDERS = ("pages", "sheets", "pictures")


class BinderBuilder(Builder):
    """Writes the volumes of the binder to the output folder: `atlas.pdf`, `3am.pdf`, `system-ID.pdf`, …"""

    name = "atlas-pdf"
    format = "pdf"
    epilog = "The binder is in %(outdir)s."
    allow_parallel = True

    def init(self) -> None:
        if find_spec("typst") is None:
            raise ExtensionError("atlas-pdf sets type with Typst: pip install 'production-atlas[pdf]'")
        folders = [Path(self.confdir or ".", name) for name in self.config.atlas_pdf_fonts]
        self.fonts = [ruler.FONTS, *folders]
        files = sorted(file for folder in self.fonts for file in folder.glob("*.[ot]tf"))
        self.characters = frozenset[int]().union(*map(ruler.characters, files))
        self.make = _fingerprint([*ROOMS, *files])
        self.work = Path(self.doctreedir, "typst")
        self.root = self.work / self.make[:16]
        for name in FOLDERS:
            (self.root / name).mkdir(parents=True, exist_ok=True)

    @property
    def atlas(self) -> Atlas:
        return domain_of(self.env).sealed

    # Pages

    def get_outdated_docs(self) -> Iterator[str]:
        """Pages whose record is missing, of another make, or older than what was read."""
        for docname in sorted(self.env.found_docs):
            record, read = self._path(docname), Path(self.doctreedir, f"{docname}.doctree")
            if not record.exists() or (read.exists() and record.stat().st_mtime < read.stat().st_mtime):
                yield docname

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        del typ
        return f"{SCHEME}{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        del from_
        return self.get_target_uri(to, typ)

    def prepare_writing(self, docnames: AbstractSet[str]) -> None:
        del docnames
        self.volumes = binder.read_volumes(
            self.atlas, title=self.config.project, most=max(1, self.config.atlas_pdf_pages)
        )

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Only what stands in a volume is written; other pages are about the atlas, not of it."""
        wanted = {page for volume in self.volumes for page in volume.pages}
        wanted |= {c.lead for v in self.volumes for c in v.chapters} & self.env.found_docs
        for docname in docnames - wanted:
            replace_file(self._path(docname), dump({}))
        if chosen := (docnames & wanted) | {d for d in wanted if self._read(d) is None}:
            super().write_documents(chosen)

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        case = printing.Typecase(self.characters)
        told: list[str] = []
        draw = partial(self._draw, case=case, told=told)
        keep = partial(self._keep, told=told)
        writer = Writer(docname, self.atlas, draw, domain_of(self.env).shown.sections, keep)
        names = writer.claim([""])
        title = next(doctree.findall(nodes.title), None)
        body = [child for child in _opened(doctree) if child is not title]
        blocks = writer.blocks(body)
        pictures = {path: f"the picture {uri}" for uri, path in writer.pictures.items() if path}
        record: Record = {
            "title": case.legible(title.astext()) if title else docname,
            "label": names[0],
            "blocks": case.set(blocks),
            "notes": case.set(writer.notes.records()),
            "labels": [*writer.labels],
            "images": {**dict.fromkeys(_paths(blocks), "a drawing"), **pictures},
        }
        warnings = [*([message, docname, 0] for message in told), *_warnings(docname, writer, case)]
        replace_file(self._path(docname), dump({**record, "warnings": warnings}))

    def _keep(self, uri: str, *, told: list[str]) -> str:
        """A picture of the source folder into the work folder: where it is there, empty where there is none.

        It is called by its content, so that a page that shows another picture is another page.
        """
        try:
            content = self._find_picture(uri).read_bytes()
        except (OSError, ValueError):  # a name may hold a zero
            told.append(f"there is no picture {uri} that can be read; its words are printed")
            return ""
        path = f"/pictures/{hashlib.sha256(content).hexdigest()[:40]}{Path(uri).suffix}"
        replace_file(self.root / path[1:], content)
        return path

    def _find_picture(self, uri: str) -> Path:
        """By its name as it is written, or as the address that Markdown makes of it."""
        written = Path(self.srcdir, uri)
        return written if written.exists() else Path(self.srcdir, unquote(uri))

    def _path(self, docname: str) -> Path:
        return self.root / "pages" / f"{printing.label(docname)}.json"

    # Drawings

    def _draw(self, diagram: Diagram, *, case: printing.Typecase, told: list[str]) -> Record:
        """The drawing of a diagram, cut into sheets, empty where there is none; what is amiss is `told`."""
        drawings = domain_of(self.env).shown.drawings
        if diagram.note.graph is None or drawings is None:
            return {}
        job = job_of(diagram, paper=True)
        drawn = drawings.read(job, {})
        return self._cut(drawn, drawings.key(job), diagram, case, told) if drawn else {}

    def _cut(
        self, drawn: str, key: str, diagram: Diagram, case: printing.Typecase, told: list[str]
    ) -> Record:
        view, parts = paper.read_view(drawn), paper.read_parts(drawn)
        layout, flows = lay_out(view, parts), paper.read_flows(drawn)
        told += [_lost(part, diagram) for part in lost(layout, parts)]
        sheets: list[Json] = []
        for i, box in enumerate(layout.sheets):
            signs = put_signs(layout, i, parts, flows)
            path = self._write_sheet(f"{key}-{i + 1}", paper.cut_out(drawn, box, case.legible, signs))
            links = [*self._links(box, parts, diagram)]
            sheets.append({"name": letter(i), "path": path, "box": _within(view, box), "links": links})
        several = len(sheets) > 1
        return {
            "size": _within(view, view)[2:],
            "scale": layout.scale,
            "inline": layout.inline,
            "landscape": layout.landscape,
            "sheets": sheets,
            **({"map": self._write_sheet(f"{key}-map", paper.draw_map(drawn))} if several else {}),
        }

    def _write_sheet(self, name: str, text: str) -> str:
        path = f"/sheets/{name}.svg"
        replace_file(self.root / path[1:], text)
        return path

    def _links(self, sheet: Box, parts: Iterable[Part], diagram: Diagram) -> Iterator[Json]:
        """Where on a sheet a node may be clicked, in px from its corner."""
        linked = {n.id: n.link for n in diagram.note.graph.nodes if n.link} if diagram.note.graph else {}
        for part in parts:
            if part.node in linked and holds(sheet, part.box):
                link = printing.make_link(linked[part.node], "", self.atlas, printing.Notes())
                if isinstance(link, dict):
                    yield {**link, "box": _within(sheet, part.box)}

    # Volumes

    def finish(self) -> None:
        pages = {d: page for d in sorted(self.env.found_docs) if (page := self._read(d))}
        self._clear(pages)
        _warn_again(pages.values())
        shutil.copyfile(TEMPLATE, self.root / TEMPLATE.name)
        shop = self._open_shop()
        jobs = [shop.job(volume, pages) for volume in self.volumes]
        if shop.case.missing:
            _warn(f"indexes and titles: {_lacking(shop.case)}")
        known = self._digests()
        for stale in known.keys() - {job["id"] for job in jobs}:
            Path(self.outdir, f"{stale}.pdf").unlink(missing_ok=True)
        fresh = [j for j in jobs if known.get(j["id"]) != j["digest"] or not Path(j["output"]).exists()]
        done = {job["id"]: job["digest"] for job in jobs if job not in fresh}
        answers = shop.set_all(fresh, workers=max(1, self._app.parallel))
        for job, answer in status_iterator(
            answers, "setting volumes... ", "darkgreen", len(fresh), stringify_func=lambda pair: pair[0]["id"]
        ):
            done |= {job["id"]: job["digest"]} if self._report(job, answer, pages) else {}
        replace_file(self.work / "volumes.json", dump(done))

    def _open_shop(self) -> Shop:
        return Shop(
            atlas=self.atlas,
            config=self.config,
            day=config.today(self.config),
            root=self.root,
            output=Path(self.outdir),
            fonts=self.fonts,
            case=printing.Typecase(self.characters),
            make=self.make,
            commit="" if self.config.atlas_build else read_commit(Path(self.srcdir)),
        )

    def _digests(self) -> dict[str, str]:
        path = self.work / "volumes.json"
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return known

    def _read(self, docname: str) -> Page | None:
        """The written page; None for one that stands in no volume, whose record is empty."""
        path = self._path(docname)
        text = path.read_text(encoding="utf-8") if path.exists() else "{}"
        record = json.loads(text)
        return Page(f"/pages/{path.name}", text, record) if record else None

    def _clear(self, pages: Mapping[str, Page]) -> None:
        """Drop what other makes of the binder left, and records and pictures that nothing shows any more."""
        for path in self.work.iterdir():
            if path.is_dir() and path != self.root:
                shutil.rmtree(path)
        shown = {name for page in pages.values() for name in page.record["images"]}
        shown |= {f"/pages/{self._path(d).name}" for d in self.env.found_docs}
        for path in (path for folder in FOLDERS for path in (self.root / folder).iterdir()):
            if f"/{path.parent.name}/{path.name}" not in shown:
                path.unlink()

    def _report(self, job: Job, answer: Answer, pages: Mapping[str, Page]) -> bool:
        """True where all is well. What is not is a warning, again on each build; a lost volume fails it."""
        if refused := answer.get("standard"):
            _warn(f"volume {job['id']} is not PDF/UA-1: {refused}")
        amiss = "is not accessible" if refused else "cannot be printed, its words can"
        for docname, page in pages.items():
            for path in page.record["images"].keys() & {*answer.get("blamed", ())}:
                _warn(f"{page.record['images'][path]} {amiss} in volume {job['id']}", docname)
        if answer["error"]:
            _warn(f"volume {job['id']} was not set: {answer['error']}")
            self._app.statuscode = 1
        return not (refused or answer.get("blamed") or answer["error"])


def _opened(doctree: nodes.document) -> Iterator[nodes.Node]:
    """What stands on the page: its one outer section opened, and what comes before and after that."""
    outer = [child for child in doctree.children if isinstance(child, nodes.section)]
    for child in doctree.children:
        yield from child.children if [child] == outer else [child]


def _lost(part: Part, diagram: Diagram) -> str:
    words = " ".join(part.words) or part.node
    return f"“{words}” of diagram {diagram.id} stands whole on no sheet of the binder; shorten it"


def _within(frame: Box, box: Box) -> list[Json]:
    """A box by its corners, measured from the upper left one of a frame."""
    return [edge - frame[i % 2] for i, edge in enumerate(box)]


def _paths(record: Json) -> Iterator[str]:
    """The drawings that a record shows."""
    if isinstance(record, str) and record.startswith("/sheets/"):
        yield record
    elif isinstance(record, list):
        for item in record:
            yield from _paths(item)
    elif isinstance(record, dict):
        for name, value in record.items():
            yield from _paths(value) if name not in ("c", "t") else ()


def _warnings(docname: str, writer: Writer, case: printing.Typecase) -> Iterator[Json]:
    """Message, docname and line; kept with the page, so that they come again while it is not written."""
    for node in writer.unknown:
        yield [f"the binder does not know {type(node).__name__}, and prints its text", docname, line_of(node)]
    if case.missing:
        yield [_lacking(case), docname, 0]


def _lacking(case: printing.Typecase) -> str:
    shown = " ".join(f"U+{ord(char):04X}" for char in case.missing)
    return f"no font of the binder has {shown}; name a folder of fonts in atlas_pdf_fonts"


def _warn_again(pages: Iterable[Page]) -> None:
    for page in pages:
        for message, docname, line in page.record["warnings"]:
            _warn(message, docname, line)


def _warn(message: str, docname: str = "", line: int = 0) -> None:
    location = (docname, line) if line else docname or None
    logger.warning("%s", message, type="atlas", subtype="pdf", location=location)


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256(press.fingerprint().encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def setup(app: Sphinx) -> None:
    app.add_builder(BinderBuilder)
