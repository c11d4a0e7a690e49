"""Keep our own copies of scripts: those the site needs, so that no page asks another host.

``python scripts/vendor.py`` fetches them again (with npm, and from the installed anywidget) into
book/_static/vendor, and what only the page tests need into tests/site/vendor. Versions and hashes
are recorded in the manifest.json of each folder. With ``--check`` nothing is fetched: the files on
disk must be the recorded ones, and anywidget's the installed ones.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE = ROOT / "book" / "_static" / "vendor"
TESTS = ROOT / "tests" / "site" / "vendor"
MANIFEST = "manifest.json"

# npm package -> (path or glob inside the package, where it goes in the folder)
FOR_SITE = {
    "mathjax@3.2.2": [
        ("es5/tex-chtml-full.js", "mathjax"),
        ("es5/output/chtml/fonts/woff-v2/*.woff", "mathjax/output/chtml/fonts/woff-v2"),
        ("LICENSE", "mathjax"),
    ],
    "requirejs@2.3.8": [("require.js", ".")],
    "@jupyter-widgets/html-manager@1.0.15": [
        ("dist/embed-amd.js", "html-manager"),
        ("dist/*.woff2", "html-manager"),
    ],
}
FOR_TESTS = {"axe-core@4.14.1": [("axe.min.js", "."), ("LICENSE", ".")]}


def npm_pack(package: str, folder: Path) -> Path:
    """Fetch a package with npm and return the folder it was unpacked into."""
    done = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    )
    archive = folder / done.stdout.split()[-1]
    with tarfile.open(archive) as tar:
        tar.extractall(folder / archive.stem, filter="data")
    return folder / archive.stem / "package"


def copy(source: Path, pattern: str, folder: Path) -> list[Path]:
    """Copy what matches `pattern` into a folder; finding nothing is an error."""
    found = sorted(source.glob(pattern))
    if not found:
        raise SystemExit(f"vendor: no file matches {pattern} in {source.name}")
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(file, folder / file.name)) for file in found]


def anywidget_script() -> Path:
    """Return the browser half of the installed anywidget (it must match the Python half)."""
    name = "anywidget/nbextension/index.js"
    file = next(f for f in metadata.files("anywidget") or [] if f.as_posix().endswith(name))
    return Path(file.locate())


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def record(shelf: Path, package: str, licence: str, files: list[Path]) -> dict:
    """Return one package's entry of the manifest."""
    hashes = {f.relative_to(shelf).as_posix(): digest(f) for f in files}
    return {"package": package, "license": licence, "sha256": hashes}


def fetch_packages(shelf: Path, packages: dict[str, list[tuple[str, str]]]) -> list[dict]:
    """Fetch packages into an emptied folder and return their entries."""
    shutil.rmtree(shelf, ignore_errors=True)
    entries = []
    with tempfile.TemporaryDirectory() as temporary:
        for package, wanted in packages.items():
            print(f"fetching {package} ...")
            source = npm_pack(package, Path(temporary))
            licence = json.loads((source / "package.json").read_text())["license"]
            files = [f for pattern, to in wanted for f in copy(source, pattern, shelf / to)]
            entries.append(record(shelf, package, licence, files))
    return entries


def fetch_anywidget(shelf: Path) -> dict:
    """Copy the script of the installed anywidget and return its entry."""
    script = anywidget_script()
    files = copy(script.parent, script.name, shelf / "anywidget")
    return record(shelf, f"anywidget {metadata.version('anywidget')}", "MIT", files)


def write_manifest(shelf: Path, entries: list[dict]) -> None:
    """Record what a folder holds."""
    (shelf / MANIFEST).write_text(json.dumps(entries, indent=1) + "\n")
    total = sum(f.stat().st_size for f in shelf.rglob("*") if f.is_file())
    print(f"{shelf.relative_to(ROOT)}: {total / 1e6:.1f} MB")


def fetch() -> None:
    """Fetch everything again and write the manifests."""
    write_manifest(SITE, [*fetch_packages(SITE, FOR_SITE), fetch_anywidget(SITE)])
    write_manifest(TESTS, fetch_packages(TESTS, FOR_TESTS))


def recorded(shelf: Path) -> dict[str, str]:
    """Return file -> hash, as a folder's manifest has it."""
    entries = json.loads((shelf / MANIFEST).read_text())
    return {name: value for entry in entries for name, value in entry["sha256"].items()}


def differences(shelf: Path) -> list[str]:
    """Return how the files of a folder differ from its manifest, one sentence each."""
    place = shelf.relative_to(ROOT)
    if not (shelf / MANIFEST).exists():
        return [f"{place}: nothing is vendored yet"]
    wanted = recorded(shelf)
    here = {f.relative_to(shelf).as_posix() for f in shelf.rglob("*") if f.is_file()} - {MANIFEST}
    common = sorted(wanted.keys() & here)
    found = [f"{name} is missing" for name in sorted(wanted.keys() - here)]
    found += [f"{name} is not in the manifest" for name in sorted(here - wanted.keys())]
    found += [f"{n} is not the recorded file" for n in common if digest(shelf / n) != wanted[n]]
    return [f"{place}/{sentence}" for sentence in found]


def problems() -> list[str]:
    """Return what is wrong with the files on disk, one sentence each."""
    found = differences(SITE) + differences(TESTS)
    if not found and digest(anywidget_script()) != recorded(SITE).get("anywidget/index.js"):
        found.append("anywidget/index.js is not the one of the installed anywidget")
    return found


def main() -> None:
    """Fetch, or check what was fetched."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="only compare with the manifest")
    if not parser.parse_args().check:
        fetch()
    if found := problems():
        sys.exit("\n".join([*found, "To fetch them again: make vendor"]))


if __name__ == "__main__":
    main()
