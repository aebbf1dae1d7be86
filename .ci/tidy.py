# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-tidy over what changed: tidy.py BUILD-FOLDER CACHE-FOLDER SECONDS

A file counts as changed unless its preprocessed text, with the same rules and the same clang-tidy, is already known to
be clean: so a warm run checks what a change touches, headers included, and a cold one checks everything that fits into
the time, the newest first. What did not fit is said and does not fail.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

TIDY = "clang-tidy-19"
FOLDERS = ("core/", "app/", "ui/", "tests/")


def run(command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, **options)


def commands_of(build, root):
    """path from the top -> (folder, compile command) of our own sources, generated ones left out."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if path.is_relative_to(root) and path.relative_to(root).as_posix().startswith(FOLDERS):
            words = shlex.split(entry["command"])
            while words and "clang" not in os.path.basename(words[0]):
                words.pop(0)  # ccache and its environment
            found[path.relative_to(root).as_posix()] = (entry["directory"], words)
    return found


def newest_first(paths, root):
    """The paths in the order in which git saw them last; those it does not know come first."""
    log = run(["git", "-C", str(root), "log", "--format=", "--name-only", "-n", "200"], text=True).stdout
    rank = {}
    for position, name in enumerate(log.split("\n")):
        rank.setdefault(name, position)
    return sorted(paths, key=lambda path: (rank.get(path, -1), path))


def key_of(command, rules, root):
    folder, words = command
    if "-o" in words:
        at = words.index("-o")
        words = words[:at] + words[at + 2 :]
    words = [word for word in words if word != "-c"]
    text = run([*words, "-E", "-C", "-P"], cwd=folder)
    if text.returncode != 0:
        return None
    digest = hashlib.sha256(rules)
    digest.update(" ".join(words).replace(str(root), "").encode())
    digest.update(text.stdout.replace(str(root).encode(), b""))
    return digest.hexdigest()


def main():
    build, cache, seconds = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    root = pathlib.Path(__file__).resolve().parent.parent
    end = time.monotonic() + seconds
    cache.mkdir(parents=True, exist_ok=True)
    version = run([TIDY, "--version"]).stdout
    rules = version + (root / ".clang-tidy").read_bytes()
    commands = commands_of(build, root)
    counts = {"clean": 0, "known": 0, "found": 0, "left": 0}

    def check(path):
        if time.monotonic() > end:
            return "left", ""
        key = key_of(commands[path], rules, root)
        if key and (cache / key).exists():
            os.utime(cache / key)
            return "known", ""
        try:
            done = run(
                [TIDY, "--quiet", "--warnings-as-errors=*", "-p", str(build), path],
                cwd=root,
                text=True,
                timeout=max(1.0, min(300.0, end + 60 - time.monotonic())),
            )
        except subprocess.TimeoutExpired:
            return "left", ""
        if done.returncode != 0:
            return "found", done.stdout.replace(str(root) + "/", "") or done.stderr
        if key:
            (cache / key).touch()
        return "clean", ""

    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as workers:
        for outcome, text in workers.map(check, newest_first(commands, root)):
            counts[outcome] += 1
            if text:
                print(text, flush=True)
    month = time.time() - 30 * 24 * 3600
    for entry in cache.iterdir():
        if entry.stat().st_mtime < month:
            entry.unlink(missing_ok=True)
    print(
        f"clang-tidy: {counts['clean']} checked and clean, {counts['known']} known to be clean, "
        f"{counts['found']} with findings, {counts['left']} not reached in the time"
    )
    return 1 if counts["found"] or not commands else 0


if __name__ == "__main__":
    sys.exit(main())
