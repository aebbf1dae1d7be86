# SPDX-License-Identifier: GPL-3.0-or-later
"""Guards how much work the program does: count.py PERF_WORK COUNTS [--write] [WORK ...]

Runs each work of PERF_WORK under callgrind, once and three times, and takes half the difference: the instructions of one
time, without start and preparation. They hardly depend on the machine or on what else it does, as times do. Fails if one
is more than 3 % above what COUNTS has; --write notes the counts of today, which a change that makes something faster, or
dearer for a reason, brings along.

The counts are of one compiler with one set of options; with another one the test is skipped (exit status 77).
"""

import json
import re
import subprocess
import sys

MORE = 1.03
LESS = 0.97


def collected(program, work, times):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, work, str(times)]
    run = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode or not found:
        sys.exit(f"{' '.join(command)}\n{run.stderr}")
    return int(found.group(1))


def main():
    program, path, compiler = sys.argv[1:4]
    write = "--write" in sys.argv
    wanted = [word for word in sys.argv[4:] if word != "--write"]
    names = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
    kept = json.load(open(path))
    if kept["compiler"] != compiler and not write:
        print(f"counted with {kept['compiler']}, and this is {compiler}: nothing to compare")
        return 77
    kept["compiler"] = compiler
    dearer = []
    for name in names:
        if wanted and name not in wanted:
            continue
        count = (collected(program, name, 3) - collected(program, name, 1)) // 2
        before = kept["counts"].get(name, 0)
        ratio = count / before if before else float("inf")
        said = "" if LESS <= ratio <= MORE else " dearer" if ratio > MORE else " cheaper: note it with --write"
        print(f"{name:16} {count:13,} {ratio:8.3f}{said}", flush=True)
        if ratio > MORE:
            dearer.append(name)
        if write:
            kept["counts"][name] = count
    if write:
        with open(path, "w") as file:
            json.dump(kept, file, indent=1)
            file.write("\n")
        return 0
    if dearer:
        print(f"more than 3 % more instructions than {path} has: {', '.join(dearer)}")
    return 1 if dearer else 0


if __name__ == "__main__":
    sys.exit(main())
