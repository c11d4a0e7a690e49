"""Where the project lives in public, said once: the line ``repository-code`` of CITATION.cff.

With that line, every chapter gets buttons that open it on Binder and in Colab, and the pages name
the address. Without it no page shows a button that leads nowhere: the text then says what to put
in the place of the address.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from sphinx.application import Sphinx
from sphinx.config import Config

BRANCH = "main"
BINDER = "https://mybinder.org"
COLAB = "https://colab.research.google.com"
UNKNOWN = "ADDRESS-OF-THE-PROJECT"


def citation_of(root: Path) -> dict[str, Any]:
    """Return what CITATION.cff says about the project at ``root``."""
    return yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))


def address(citation: dict[str, Any]) -> str:
    """Return the public address of the project, or "" while it has none."""
    return str(citation.get("repository-code") or "").rstrip("/").removesuffix(".git")


def install_line(repository: str) -> str:
    """Return the line that installs the package in a notebook elsewhere."""
    return f'%pip install "lsrl-edu[hf] @ git+{repository or UNKNOWN}@{BRANCH}"'


def theme_options(repository: str) -> dict[str, Any]:
    """Return what the theme has to know to show its buttons; nothing without an address."""
    if not repository:
        return {}
    buttons = {"binderhub_url": BINDER, "colab_url": COLAB, "notebook_interface": "jupyterlab"}
    return {
        "repository_url": repository,
        "repository_branch": BRANCH,
        "use_repository_button": True,
        "launch_buttons": {"thebe": False, **buttons},
    }


def substitutions(repository: str, version: str) -> dict[str, str]:
    """Return the pieces of text that depend on the address: ``{{ name }}`` in a page."""
    buttons = (
        "Every chapter has a button with a rocket at the top: it opens the chapter on Binder or "
        "in Colab."
        if repository
        else "The buttons for this appear at the top of every chapter once the project has a "
        "public address; in this copy of the book none is set."
    )
    where = "" if repository else f"\n\n`{UNKNOWN}` stands for the place you got the project from."
    return {
        "launch_buttons": buttons,
        "clone": f"```console\n$ git clone {repository or UNKNOWN}\n```{where}",
        "wheel_line": f'```python\n%pip install "lsrl_edu-{version}-py3-none-any.whl[hf]"\n```',
        "install_line": f"```python\n{install_line(repository)}\n```{where}",
    }


def tell(app: Sphinx, config: Config) -> None:
    """Hand the address to the theme, to the pages and to their foot."""
    citation = citation_of(Path(app.srcdir))
    repository = address(citation)
    config.html_theme_options.update(theme_options(repository))
    config.myst_substitutions.update(substitutions(repository, citation["version"]))
    config.html_context["install_line"] = install_line(repository) if repository else ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
