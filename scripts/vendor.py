"""Keep the site's own copies of the scripts it needs, so that no page asks another host.

``python scripts/vendor.py`` fetches them again (with npm, and from the installed anywidget) into
book/_static/vendor and records versions and hashes in manifest.json. With ``--check`` nothing is
fetched: the files on disk must be the recorded ones, and anywidget's the installed ones.
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

VENDOR = Path(__file__).parents[1] / "book" / "_static" / "vendor"
MANIFEST = VENDOR / "manifest.json"

# npm package -> (path or glob inside the package, where it goes under VENDOR)
NPM = {
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


def npm_pack(package: str, folder: Path) -> Path:
    """Fetch a package with npm and return the folder it was unpacked into."""
    done = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    )
    archive = folder / done.stdout.split()[-1]
    with tarfile.open(archive) as tar:
        tar.extractall(folder / archive.stem, filter="data")
    return folder / archive.stem / "package"


def copy(source: Path, pattern: str, target: str) -> list[Path]:
    """Copy what matches `pattern` into VENDOR/target; finding nothing is an error."""
    found = sorted(source.glob(pattern))
    if not found:
        raise SystemExit(f"vendor: no file matches {pattern} in {source.name}")
    folder = VENDOR / target
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


def record(package: str, licence: str, files: list[Path]) -> dict:
    """Return one package's entry of the manifest."""
    hashes = {f.relative_to(VENDOR).as_posix(): digest(f) for f in files}
    return {"package": package, "license": licence, "sha256": hashes}


def fetch() -> None:
    """Fetch everything again and write the manifest."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    entries = []
    with tempfile.TemporaryDirectory() as temporary:
        for package, wanted in NPM.items():
            print(f"fetching {package} ...")
            source = npm_pack(package, Path(temporary))
            licence = json.loads((source / "package.json").read_text())["license"]
            files = [f for pattern, target in wanted for f in copy(source, pattern, target)]
            entries.append(record(package, licence, files))
    script = anywidget_script()
    version = metadata.version("anywidget")
    entries.append(
        record(f"anywidget {version}", "MIT", copy(script.parent, script.name, "anywidget"))
    )
    MANIFEST.write_text(json.dumps(entries, indent=1) + "\n")
    total = sum(f.stat().st_size for f in VENDOR.rglob("*") if f.is_file())
    print(f"vendored {total / 1e6:.1f} MB")


def problems() -> list[str]:
    """Return what is wrong with the files on disk, one sentence each."""
    if not MANIFEST.exists():
        return ["nothing is vendored yet"]
    entries = json.loads(MANIFEST.read_text())
    recorded = {name: value for entry in entries for name, value in entry["sha256"].items()}
    here = {f.relative_to(VENDOR).as_posix() for f in VENDOR.rglob("*") if f.is_file()}
    here.discard(MANIFEST.name)
    found = [f"{name} is missing" for name in sorted(recorded.keys() - here)]
    found += [f"{name} is not in the manifest" for name in sorted(here - recorded.keys())]
    common = sorted(recorded.keys() & here)
    found += [f"{n} is not the recorded file" for n in common if digest(VENDOR / n) != recorded[n]]
    if digest(anywidget_script()) != recorded.get("anywidget/index.js"):
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
