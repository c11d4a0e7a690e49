"""A page that shows one widget, without a kernel."""

import json

import pytest

from lsrl_edu.show.widgets.sources import source

# What anywidget gives the script, and a page around it, without a kernel.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>test</title>
<style>%(css)s</style><body><main id="here"></main><script type="module">
const state = {data: %(data)s, %(trait)s: %(start)s};
const handlers = [];
const model = {
  get: (key) => state[key],
  set: (key, value) => { state[key] = value; },
  save_changes: () => handlers.forEach((handler) => handler()),
  on: (event, handler) => handlers.push(handler),
  off: () => {},
};
const source = new Blob([%(js)s], {type: "text/javascript"});
const widget = await import(URL.createObjectURL(source));
Object.assign(window, {model, widget});
widget.default.render({model, el: document.getElementById("here")});
window.ready = true;
</script></body></html>"""


def embedded(value):
    return json.dumps(value).replace("<", "\\u003c")


def html_page(name, trait, data):
    script, style = source(f"{name}.js"), source(f"{name}.css")
    parts = {
        "trait": trait,
        "css": style,
        "data": embedded(data),
        "start": embedded(data["start"]),
        "js": embedded(script),
    }
    return PAGE % parts


@pytest.fixture
def open_page(browser):
    pages = []

    def opened(name, trait, data, **options):
        page = browser.new_page(**options)
        pages.append(page)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and page.errors.append(m.text))
        page.set_content(html_page(name, trait, data))
        page.wait_for_function("window.ready")
        return page

    yield opened
    for page in pages:
        assert page.errors == []
        page.close()
