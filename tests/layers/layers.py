# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the include directions and spelling rules over a checkout: layers.py [ROOT]. Exit 1 if anything is wrong."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import rules  # noqa: E402 (the line above makes it importable)

FOLDERS = ("core", "ui", "app", "tests", "installer", ".ci")


def files_of(root):
    """The paths to check, from the top of the checkout, with / between."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            parts = path.relative_to(root).parts
            if path.is_file() and not {"build", "__pycache__", "node_modules"} & set(parts):
                yield "/".join(parts)


def main(arguments):
    root = pathlib.Path(arguments[0] if arguments else ".").resolve()
    checked = 0
    bad = 0
    for name in files_of(root):
        path = root / name
        if not name.endswith((".cpp", ".h", ".py", ".sh", ".js", ".mjs", ".go", "CMakeLists.txt")) and name != ".ci/run":
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        checked += 1
        for line, complaint in rules.check(name, text):
            print(f"{name}:{line}: {complaint}")
            bad += 1
    if not (root / "core/base").is_dir() or checked == 0:
        print(f"{root}: no core/base here; nothing was checked")
        return 1
    print(f"{checked} files checked, {bad} complaints")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
