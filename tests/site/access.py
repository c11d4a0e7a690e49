"""What axe-core finds on a page that keeps somebody from reading or using it."""

from pathlib import Path

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
GRAVE = ("serious", "critical")
COLOURS = ("color-contrast", "link-in-text-block")

# (rule, a part of the element's selector, why nobody is kept out by it). Empty is how it should be.
EXCEPTIONS: tuple[tuple[str, str, str], ...] = ()

# axe takes a minute for a page of some ten thousand elements. Coloured code, formulas and drawings
# are most of them, so each becomes one element of the same size and ink. The colours of code have
# a test of their own, which looks at every kind of token; a drawing is one picture with a text.
SLIM = """() => {
  for (const code of document.querySelectorAll("div.highlight pre, td pre")) {
    code.textContent = code.textContent;
  }
  for (const formula of document.querySelectorAll("mjx-container")) {
    const box = document.createElement("span");
    box.style.cssText = `display: inline-block; width: ${formula.scrollWidth}px`;
    box.textContent = "formula";
    formula.replaceChildren(box);
  }
  for (const drawing of document.querySelectorAll('svg[role="img"]')) {
    drawing.replaceChildren(...drawing.querySelectorAll(":scope > title, :scope > desc"));
  }
}"""

RUN = """rules => axe.run(document, {
  resultTypes: ["violations"], ...(rules.length ? {runOnly: {type: "rule", values: rules}} : {})
}).then(found => found.violations.flatMap(v => v.nodes.map(node => ({
  rule: v.id, impact: v.impact, where: node.target.join(" "), html: node.html.slice(0, 160),
  why: node.failureSummary}))))"""


def ready(page):
    """Give a page axe, and take from it what would only cost time."""
    page.evaluate(SLIM)
    page.evaluate(AXE.read_text(encoding="utf-8"))


def barriers(page, rules=()):
    """Return the serious and critical violations, one text each; of some rules, or of all."""
    found = page.evaluate(RUN, list(rules))
    return [
        f"{v['rule']} ({v['impact']}) at {v['where']}: {v['html']} -- {v['why']}"
        for v in found
        if v["impact"] in GRAVE and not _excepted(v)
    ]


def _excepted(violation):
    return any(
        violation["rule"] == rule and part in violation["where"] for rule, part, _ in EXCEPTIONS
    )
