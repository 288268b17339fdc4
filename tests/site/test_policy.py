"""The policy of a page allows what the theme inlines, by its hash, and nothing else."""

from __future__ import annotations

import base64
import hashlib

from atlas_sphinx.csp import add_policy

HEAD = '<!doctype html><html><head><meta charset="utf-8">'


def digest(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_inline_script_and_style_are_allowed_by_their_hash():
    page = add_policy(f"{HEAD}<style>a {{}}</style></head><script>go()</script><script src='x.js'></script>")
    assert f"script-src 'self' 'sha256-{digest('go()')}';" in page
    assert f"style-src 'self' 'sha256-{digest('a {}')}';" in page
    assert "unsafe" not in page
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_style_attributes_become_presentation_attributes_or_go():
    page = add_policy(f'{HEAD}</head><path style="opacity: 50%" d=""/><col style="width: 33.0%" />')
    assert '<path opacity="50%" d=""/><col />' in page


def test_what_is_no_page_stays_as_it_is():
    assert add_policy("<urlset></urlset>") == "<urlset></urlset>"


def test_the_script_of_plain_mermaid_goes_where_there_is_nothing_to_draw():
    script = '<script type="module">import mermaid from "https://example.org/m.mjs"; run();</script>'
    assert "example.org" not in add_policy(f"{HEAD}</head>{script}")
    drawn = f'{HEAD}</head><pre class="mermaid">graph</pre>{script}'
    assert add_policy(drawn) == drawn


def test_every_page_of_any_theme_has_a_policy(lawful):
    built = lawful.build()
    for path in built.out.rglob("*.html"):
        assert "content=\"default-src 'self'" in built.read(str(path.relative_to(built.out)))
    assert "const atlasIndex = " in built.read("atlas-index.js")


def test_a_project_with_templates_of_its_own_keeps_them(lawful):
    conf = (lawful.path / "conf.py").read_text(encoding="utf-8")
    lawful.write("conf.py", conf + '\ntemplate_bridge = "sphinx.jinja2glue.BuiltinTemplateLoader"\n')
    assert "Content-Security-Policy" not in lawful.build().read("index.html")
