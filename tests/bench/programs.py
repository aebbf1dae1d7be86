# SPDX-License-Identifier: GPL-3.0-or-later
"""Store, fetch and check of whole programs: one table. Started by run.sh.

Everything lies on a tmpfs. Before each command as many bytes as it may write are written there and deleted: the first
touch of a page costs more than the programs do. The programs take turns, so that a machine that gets slower meanwhile
is slow for all; the table has the median of all rounds.
"""

import argparse
import collections
import filecmp
import os
import shutil
import statistics
import subprocess
import sys
import time

import contestants
import keychain

Run = collections.namedtuple("Run", "seconds cpu peak kept")
ROWS = ["store", "again, unchanged", "one layer changed", "fetch", "fetch, one account gone", "deep check"]
MIB = 1 << 20


def size_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names)


def warm(folder, size):
    """Makes the tmpfs own `size` bytes of memory, and gives them back."""
    block = bytes(8 * MIB)
    with open(f"{folder}/warm", "wb", buffering=0) as out:
        for _ in range(size // len(block) + 1):
            out.write(block)
    os.remove(f"{folder}/warm")


def measured(commands, environment, log):
    """Runs the commands in a row: seconds, CPU seconds (user and system) and the highest peak in MiB."""
    seconds = cpu = peak = 0
    for command in commands:
        with open(log, "wb") as out:
            begin = time.monotonic()
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds += time.monotonic() - begin
        if process.returncode != 0:
            with open(log, encoding="utf-8", errors="replace") as told:
                sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{told.read()[-2000:]}")
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss / 1024)
    return seconds, cpu, peak


def files_below(path):
    if os.path.isfile(path):
        return {os.path.basename(path): path}
    return {os.path.relpath(os.path.join(folder, name), path): os.path.join(folder, name)
            for folder, _, names in os.walk(path) for name in names}


def must_be_same(source, target):
    """Each file of the source lies somewhere below the target, under the end of its path, with the same bytes."""
    fetched = files_below(target)
    for name, path in files_below(source).items():
        there = [at for end, at in fetched.items() if end == name or end.endswith(f"/{name}")]
        if len(there) != 1 or not filecmp.cmp(path, there[0], shallow=False):
            sys.exit(f"{name} did not come back as it was")


def one_round(contestant, given, changed, work):
    """All rows of one program for one input, in their order: row -> Run."""
    size = size_of(given)
    target, log = f"{work}/fetched", f"{work}/log"
    runs = {}

    def row(name, commands, writes):
        if commands is None:
            return False
        warm(work, writes)
        seconds, cpu, peak = measured(commands, contestant.environment, log)
        runs[name] = Run(seconds, cpu, peak, sum(size_of(store) for store in contestant.stores()
                                                 if os.path.exists(store)))
        return True

    def fetch(name, commands, source):
        if row(name, commands, size):
            must_be_same(source, target)
        shutil.rmtree(target, ignore_errors=True)

    place = f"{work}/input"  # under one path, so that a program sees the model change there
    os.makedirs(place)
    here = f"{place}/{os.path.basename(given)}"
    os.rename(given, here)
    try:
        contestant.prepare()
        row("store", contestant.store(here), size * 8 // 5)
        row("again, unchanged", contestant.store(here), 0)
        fetch("fetch", contestant.fetch(target), here)
        fetch("fetch, one account gone", contestant.fetch_without_one(target), here)
        row("deep check", contestant.check(), 0)
        if changed:
            os.rename(here, given)
            os.rename(changed, here)
            try:
                row("one layer changed", contestant.store(here), size // 4)
            finally:
                os.rename(here, changed)
                os.rename(given, here)
    finally:
        os.rename(here, given)
        os.rmdir(place)
        shutil.rmtree(contestant.folder, ignore_errors=True)
    return runs


def table(title, size, names, rounds):
    """rounds: name -> list of row -> Run."""
    print(f"\n{title} ({size / 1e6:,.0f} MB), median of {len(rounds[names[0]])}; x: our speed over theirs\n")
    print("| row | program | s | MB/s | CPU s | peak MiB | kept | x |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for row in ROWS:
        own = None
        for name in names:
            runs = [done[row] for done in rounds[name] if row in done]
            if not runs:
                continue
            seconds, cpu, peak, kept = (statistics.median(column) for column in zip(*runs))
            own = own or seconds
            print(f"| {row} | {name} | {seconds:.2f} | {size / seconds / 1e6:,.0f} | {cpu:.2f} | {peak:,.0f} "
                  f"| {100 * kept / size:.1f} % | {seconds / own:.2f} |")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("work", "modelfloat", "make-model", "size"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--newest-rclone", default="")
    parser.add_argument("--newest-restic", default="")
    given = parser.parse_args()
    with keychain.Keychain(f"{given.work}/keychain") as keys:
        compare(given, keys)


def compare(given, keys):
    work = given.work

    def made(name, *options):
        subprocess.run([given.make_model, *options, "--out", f"{work}/{name}"], check=True, stdout=subprocess.DEVNULL)
        return f"{work}/{name}"

    def entered(kind, program, suffix=""):
        entry = kind(os.path.abspath(shutil.which(program)), f"{work}/contestant")
        entry.name += suffix
        os.makedirs(f"{work}/contestant/home", exist_ok=True)
        return entry

    entries = [entered(contestants.ModelFloat, given.modelfloat)]
    entries[0].environment.update(keys.environment)
    for kinds, program, newest in [((contestants.Rclone, contestants.RcloneFast), "rclone", given.newest_rclone),
                                   ((contestants.Restic, contestants.ResticFast), "restic", given.newest_restic),
                                   ((contestants.Borg, contestants.BorgFast), "borg", "")]:
        entries += [entered(kind, program) for kind in kinds if shutil.which(program)]
        entries += [entered(kind, newest, " (newest)") for kind in kinds if newest]
    for entry in entries:
        print(f"{entry.name}: {entry.version()}")

    bf16 = ("--format", "safetensors", "--dtype", "BF16", "--size", given.size)
    inputs = [("BF16 safetensors", made("bf16.safetensors", *bf16),
               made("changed.safetensors", *bf16, "--changed-layer", "1")),
              ("GGUF that nothing compresses", made("random.gguf", "--format", "gguf", "--dtype", "Q4_K_M", "--size",
                                                    given.size), None),
              ("a thousand small files", made("tree", "--tree", "1000"), None)]
    for title, path, changed in inputs:
        rounds = collections.defaultdict(list)
        for _ in range(given.rounds):
            for entry in entries:
                rounds[entry.name].append(one_round(entry, path, changed, work))
        table(title, size_of(path), [entry.name for entry in entries], rounds)


if __name__ == "__main__":
    main()
