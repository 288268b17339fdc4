"""The policy of a page allows what the theme inlines, by its hash, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from atlas_sphinx.site.csp import Known, add_policy, drop_idle_mermaid

INLINE = re.compile(r"<(script|style)\b(?![^>]*\ssrc=)[^>]*>(.*?)</\1>", re.DOTALL)
HEAD = '<!doctype html><html><head><meta charset="utf-8">'


def digest(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def inline(page):
    """The texts of the scripts and styles that stand in a page."""
    return [body for _, body in INLINE.findall(page)]


def policy_of(page):
    """The directives of a page's policy, by name."""
    (content,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    return {part.split()[0]: part.split()[1:] for part in content.split("; ")}


def test_what_is_known_is_allowed_by_its_hash():
    page = add_policy(f"{HEAD}<style>a {{}}</style></head>", Known(("go()",), ("a {}",)))
    assert f"script-src 'self' 'sha256-{digest('go()')}';" in page
    assert f"style-src 'self' 'sha256-{digest('a {}')}';" in page
    assert "unsafe" not in page
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_what_the_page_holds_is_not_asked():
    page = add_policy(f"{HEAD}<style>a {{}}</style></head><script>go()</script>", Known())
    assert policy_of(page)["script-src"] == policy_of(page)["style-src"] == ["'self'"]


def test_style_attributes_become_presentation_attributes_or_go():
    page = add_policy(f'{HEAD}</head><path style="opacity: 50%" d=""/><col style="width: 33.0%" />', Known())
    assert '<path opacity="50%" d=""/><col />' in page


def test_the_script_of_plain_mermaid_goes_where_there_is_nothing_to_draw():
    script = '<script type="module">import mermaid from "https://example.org/m.mjs"; run();</script>'
    assert "example.org" not in drop_idle_mermaid(f"{HEAD}</head>{script}")
    drawn = f'{HEAD}</head><pre class="mermaid">graph</pre>{script}'
    assert drop_idle_mermaid(drawn) == drawn


ACTIVE = {
    "script": "<script>alert(1)</script>",
    "script of the theme, changed": '<script>document.body.dataset.theme = "x"</script>',
    "mermaid": '<div class="mermaid">graph</div>\n\n<script>alert(1)</script>',
    "module": '<script type="module">import mermaid from "https://evil.example/m.mjs"</script>\n\n'
    '<p class="mermaid">x</p>',
    "style": "<style>a { color: red }</style>",
}


@pytest.mark.parametrize("theme", ["basic", "alabaster", "furo"])
def test_no_page_allows_what_an_author_wrote(lawful, theme):
    """And each allows all that its theme holds inline, so that the theme works as before."""
    lawful.change("conf.py", '"basic"', f'"{theme}"')
    for number, text in enumerate(ACTIVE.values()):
        lawful.write(f"source/active-{number}.md", f"---\norphan: true\n---\n# Active\n\n{text}\n")
    built = lawful.build()
    plain = inline(built.read("boards.html"))
    for number, text in enumerate(ACTIVE.values()):
        page = built.read(f"active-{number}.html")
        written = [found[1] for found in INLINE.findall(text)]
        allowed = " ".join(map(" ".join, policy_of(page).values()))
        assert not any(digest(body) in allowed for body in written)
        assert "evil.example" not in allowed
        assert set(inline(page)) - set(written) == set(plain)
        assert all(digest(body) in allowed for body in plain)
    assert theme == "basic" or plain


def test_scripts_that_a_project_names_run(lawful):
    more = (
        '\nhtml_js_files = ["own.js", "https://cdn.example/lib/tool.js"]\n'
        'html_css_files = ["https://fonts.example/sheet.css"]\n'
        "def setup(app):\n    app.add_js_file(None, body='own(1 < 2)')\n"
    )
    conf = (lawful.path / "conf.py").read_text(encoding="utf-8")
    lawful.write("conf.py", conf + more)
    policy = policy_of(lawful.build().read("boards.html"))
    assert f"'sha256-{digest('own(1 < 2)')}'" in policy["script-src"]
    assert "https://cdn.example" in policy["script-src"]
    assert "https://fonts.example" in policy["style-src"]
    assert "https://fonts.example" not in policy["script-src"]


def test_mathematics_and_plain_fences_bring_their_hosts_to_their_own_pages(lawful):
    lawful.write("source/maths.md", "---\norphan: true\n---\n# Maths\n\n{math}`x^2`\n")
    lawful.write("source/fence.md", "---\norphan: true\n---\n# Fence\n\n```{mermaid}\ngraph LR\n```\n")
    built = lawful.build()
    for page in ("maths.html", "fence.html"):
        policy = policy_of(built.read(page))
        assert "https://cdn.jsdelivr.net" in policy["script-src"], page
        assert "'unsafe-inline'" in policy["style-src"]
        assert "'unsafe-inline'" not in policy["script-src"]
        scripts = [body for tag, body in INLINE.findall(built.read(page)) if tag == "script"]
        assert all(f"'sha256-{digest(body)}'" in policy["script-src"] for body in scripts)
    assert "cdn.jsdelivr.net" not in built.read("boards.html")
    assert "cdn.jsdelivr.net" not in built.read("search.html")


def test_every_page_of_any_theme_has_a_policy(lawful):
    built = lawful.build()
    for path in built.out.rglob("*.html"):
        assert "content=\"default-src 'self'" in built.read(str(path.relative_to(built.out)))
    assert "const atlasIndex = " in built.read("atlas-index.js")


def test_a_project_with_templates_of_its_own_keeps_them(lawful):
    conf = (lawful.path / "conf.py").read_text(encoding="utf-8")
    lawful.write("conf.py", conf + '\ntemplate_bridge = "sphinx.jinja2glue.BuiltinTemplateLoader"\n')
    assert "Content-Security-Policy" not in lawful.build().read("index.html")
