# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a folder that no test runs: uncovered.py LCOV FOLDER LEAST

Reads what `llvm-cov export -format=lcov` wrote, prints each file with the lines of it that never ran, and in the end
the share that did; exit status 1 if that is below LEAST per cent.
"""

import pathlib
import sys


def spans(lines):
    """[1, 2, 3, 7] -> 1-3 7"""
    found = []
    for line in lines:
        if found and found[-1][1] == line - 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def main():
    report, folder, least = sys.argv[1], sys.argv[2], float(sys.argv[3])
    root = pathlib.Path.cwd()
    counts = {}  # file -> line -> how often it ran, the highest of what several programs say
    for row in open(report):
        kind, _, text = row.rstrip("\n").partition(":")
        if kind == "SF":
            path = pathlib.Path(text)
            inside = path.is_relative_to(root) and path.relative_to(root).as_posix().startswith(folder + "/")
            lines = counts.setdefault(path.relative_to(root).as_posix(), {}) if inside else {}
        elif kind == "DA":
            line, count = text.split(",")[:2]
            lines[int(line)] = max(lines.get(int(line), 0), int(count))
    ran = sum(sum(1 for count in lines.values() if count) for lines in counts.values())
    all_lines = sum(len(lines) for lines in counts.values())
    for path, lines in sorted(counts.items()):
        never = sorted(line for line, count in lines.items() if not count)
        if never:
            print(f"{path}: {spans(never)}")
    share = 100 * ran / all_lines if all_lines else 0
    print(f"{folder}: {ran} of {all_lines} lines, {share:.2f} % (at least {least:g} %)")
    return 0 if share >= least else 1


sys.exit(main())
