"""Widgets in JupyterLab with a kernel: what a reader does in the page, Python sees."""

import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.site

ROOT = Path(__file__).parents[2]
LIMIT = 60  # seconds, for everything together
CELLS = [
    "from lsrl_edu.show.widgets.parsons import parsons\n"
    'puzzle = parsons("a = 1\\nb = a + 1\\nc = b + 1")\npuzzle',
    "from lsrl_edu.show.widgets.quiz import Choice, Question, quiz\n"
    'yes, no = Choice("four", True, "Count."), Choice("five", False, "One less.")\n'
    'asked = quiz(Question("Two and two?", (yes, no)))\nasked',
    'print("Python sees", list(puzzle.order), list(asked.answers))',
]


def lab_options():
    """Return the options by which `make lab` keeps JupyterLab from asking other hosts."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    wanted = r"--LabApp\.(?:news_url|check_for_updates_class|extension_manager)=[^\s\\]*"
    found = re.findall(wanted, makefile)
    assert len(found) == 3
    return found


def write_notebook(folder):
    """Write the notebook to be opened: two widgets, and a cell that says what Python holds."""
    cells = [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(CELLS)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(book, folder / "book.ipynb")


def free_port():
    """Return a port that nobody listens to."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start_lab(folder, port, token):
    """Start JupyterLab in a folder, with no settings but its own."""
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    own = {name: str(folder / "own" / name) for name in places}
    own |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *lab_options()]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}"]
    command += [f"--IdentityProvider.token={token}", f"--LabApp.workspaces_dir={folder / 'own'}"]
    with open(folder / "lab.log", "wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | own,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_until_up(lab, address, token, deadline):
    """Wait until the server answers."""
    while time.monotonic() < deadline and lab.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/api/status?token={token}", timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("JupyterLab did not start")


@pytest.fixture
def lab(tmp_path):
    """A JupyterLab with one notebook: its address, its token, and when the time is up."""
    if importlib.util.find_spec("jupyterlab") is None:
        pytest.skip("JupyterLab is not installed")
    deadline = time.monotonic() + LIMIT
    write_notebook(tmp_path)
    port, token = free_port(), secrets.token_hex(8)
    server = start_lab(tmp_path, port, token)
    try:
        wait_until_up(server, f"http://127.0.0.1:{port}", token, deadline)
        yield f"http://127.0.0.1:{port}", token, deadline
    finally:
        # The kernel belongs to the group of its server.
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
        shutil.rmtree(tmp_path, ignore_errors=True)


def left(deadline):
    """Return the time that is left, in milliseconds; one at least, since 0 means no limit."""
    return max(1, (deadline - time.monotonic()) * 1000)


def run_all(page):
    """Choose Run > Run All Cells."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def ask_python(page, wanted):
    """Run the last cell again until it prints what is wanted."""
    page.locator(".jp-Cell").last.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")
    page.get_by_text(wanted).first.wait_for()


def test_python_sees_what_the_reader_did(browser, lab):
    """Run all; move a line and answer a question; the texts change, and so do the values."""
    address, token, deadline = lab
    page, strangers = browser.new_page(), []
    ours = (address, address.replace("http", "ws"), "data:", "blob:", "about:")
    page.on("request", lambda r: r.url.startswith(ours) or strangers.append(r.url))
    page.set_default_timeout(left(deadline))
    page.goto(f"{address}/lab/tree/book.ipynb?token={token}")
    page.locator(".jp-Notebook .jp-Cell").last.wait_for()
    # Before the kernel is there, JupyterLab would ask which one is wanted.
    page.get_by_text("| Idle").wait_for()
    run_all(page)
    page.get_by_text("Python sees [1, 2, 3] [None]").wait_for()
    page.set_default_timeout(left(deadline))
    lines = page.locator(".ls-parsons ol.used li")
    first = lines.first.inner_text()
    lines.first.get_by_role("button", name="Move down").click()
    page.locator(".ls-parsons .answer", has_text="Line 2 of 3").wait_for()
    assert lines.nth(1).inner_text() == first
    quiz = page.locator(".ls-quiz")
    quiz.get_by_role("radio", name="four").check()
    quiz.get_by_role("radio", name="four").press("Enter")
    quiz.get_by_text("Right. Count.").wait_for()
    ask_python(page, "Python sees [2, 1, 3] [[0]]")
    page.close()
    assert strangers == []
