"""Create .venv with the versions in requirements.txt and this package in editable form.

Run by every Makefile target that needs an environment, so it must say clearly what is missing on
a fresh machine, show that it is getting somewhere, and cost next to nothing the second time. It
is written for Python 3.6 and newer, because the first thing it does is to explain that an old
one will not do.
"""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
LOG = os.path.join(VENV, "install.log")
STAMP = os.path.join(VENV, "installed.txt")
OLDEST = (3, 11)
THIS = "{}.{}".format(*sys.version_info)
NEWER_NAMES = ("python3.13", "python3.12", "python3.11")


def stop(sentence):
    """End with one clear sentence and no traceback."""
    sys.exit("make env: " + sentence)


def say(sentence):
    """Print at once, so that a slow step is seen when it starts."""
    print(sentence)
    sys.stdout.flush()


def in_venv(program):
    """Return the path of a program of the environment (Scripts on Windows, bin elsewhere)."""
    folder = "Scripts" if os.name == "nt" else "bin"
    return os.path.join(VENV, folder, program)


def use_a_new_enough_python():
    """Go on under a newer Python of this machine if this one is too old, or say so and stop."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER_NAMES:
        found = shutil.which(name)
        if found and subprocess.call([found, "-c", "import venv"], stderr=subprocess.DEVNULL) == 0:
            say(f"python3 is {THIS}; using {name} instead.")
            sys.exit(subprocess.call([found, *sys.argv]))
    stop(
        f"Python 3.11 or newer is needed, and {sys.executable} is {THIS}. "
        "Install one, then run: make PYTHON=python3.12 env"
    )


def need_the_venv_module():
    """Say what to install where the system's Python comes without venv (Debian, Ubuntu)."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop(f"this Python has no venv module. On Debian or Ubuntu: apt install python{THIS}-venv")


def wanted():
    """Return a fingerprint of everything an installation depends on."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.txt", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def installed():
    """Return the fingerprint of what is installed, or nothing."""
    try:
        with open(STAMP) as file:
            return file.read().strip() if os.path.exists(in_venv("python")) else ""
    except OSError:
        return ""


def run(command, report):
    """Run a command into the log, hand each line of it to `report`, and stop if it fails."""
    with open(LOG, "a") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for line in process.stdout:
            log.write(line)
            report(line)
        if process.wait():
            log.flush()
            with open(LOG) as text:
                sys.stdout.write("".join(text.readlines()[-15:]))
            stop("the step above failed; the whole record is in .venv/install.log")


def progress():
    """Return a reporter that turns pip's lines into one line a package, numbered."""
    seen = set()

    def report(line):
        found = re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line.strip())
        if found and found.group(1).lower() not in seen:
            seen.add(found.group(1).lower())
            say(f"  {len(seen):3}  {found.group(1)}")
        elif line.startswith("Installing collected packages"):
            say("  installing them (the longest step: about a minute) ...")

    return report


def pip(*arguments):
    """Return a pip command line of the environment."""
    return [in_venv("python"), "-m", "pip", "--disable-pip-version-check", "install", *arguments]


def main():
    """Create or refresh .venv; do nothing at all if it is up to date."""
    use_a_new_enough_python()
    if installed() == wanted():
        return
    need_the_venv_module()
    started = time.time()
    if not os.path.exists(in_venv("python")):
        say(f"Creating .venv with Python {THIS} ...")
        os.makedirs(VENV, exist_ok=True)
        run([sys.executable, "-m", "venv", VENV], lambda line: None)
    say("Installing requirements.txt (once: 2 to 5 minutes, about 2 GB) ...")
    run(pip("--requirement", "requirements.txt"), progress())
    say("Installing lsrl-edu itself, editable ...")
    run(pip("--no-deps", "--no-build-isolation", "--editable", "."), lambda line: None)
    for leftover in glob.glob(os.path.join(ROOT, "build", "__editable__*")):
        shutil.rmtree(leftover, ignore_errors=True)
    with open(STAMP, "w") as file:
        file.write(wanted() + "\n")
    say(f"The environment is ready: .venv ({time.time() - started:.0f} s)")


if __name__ == "__main__":
    main()
