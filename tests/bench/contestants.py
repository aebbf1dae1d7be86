# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that are compared, each at its default and at its fastest sensible setting.

A contestant keeps all of its files below one folder. Each of its methods is one row of the table and returns the
commands (lists of words) that are timed together; what must be there beforehand is made by prepare(), not timed.
None: the program has no such thing.
"""

import os
import shutil
import subprocess

PASSWORD = "a password for the bench"


class Contestant:
    name = ""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.environment = dict(os.environ, HOME=f"{folder}/home", XDG_CACHE_HOME=f"{folder}/home/.cache",
                                XDG_CONFIG_HOME=f"{folder}/home/.config", LC_ALL="C.UTF-8")

    def prepare(self):
        """An empty store, ready to take something."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(f"{self.folder}/home")

    def run(self, *words):
        """Not timed."""
        subprocess.run([self.program, *words], env=self.environment, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE)

    def version(self):
        raise NotImplementedError

    def store(self, path):
        raise NotImplementedError

    def fetch(self, target):
        raise NotImplementedError

    def fetch_without_one(self, _target):
        """One of the places it keeps things in is gone."""
        return None

    def check(self):
        """Reads all that is kept and verifies it."""
        return None

    def stores(self):
        """Folders that hold what is kept."""
        return [f"{self.folder}/store"]

    def first_line(self, *words):
        return subprocess.run([self.program, *words], env=self.environment, check=True, capture_output=True,
                              text=True).stdout.split("\n")[0]


class ModelFloat(Contestant):
    """With its keys in the keychain, as on a desktop: with them in a file it would stretch a password each time."""

    name = "ModelFloat"

    def words(self, *words):
        return ["--home", f"{self.folder}/home/modelfloat", *words]

    def prepare(self):
        super().prepare()
        self.run(*self.words("init"))
        for account in self.stores():
            name = os.path.basename(account)
            self.run(*self.words("account", "add", "folder", name, "--set", f"path={account}",
                                 "--set", f"domain={name}"))

    def version(self):
        return self.first_line("--version")

    def store(self, path):
        return [[self.program, *self.words("store", path, "--name", "model", "--erasure", "2+1")]]

    def fetch(self, target):
        return [[self.program, *self.words("fetch", "model", "--to", target)]]

    def fetch_without_one(self, target):
        gone = self.stores()[0]
        os.rename(gone, f"{gone}.gone")
        return self.fetch(target)

    def check(self):
        gone = self.stores()[0]
        if os.path.exists(f"{gone}.gone"):
            os.rename(f"{gone}.gone", gone)
        return [[self.program, *self.words("check", "--deep")]]

    def stores(self):
        return [f"{self.folder}/{name}" for name in ("a", "b", "c")]


class Rclone(Contestant):
    """chunker + crypt into one folder."""

    name = "rclone"
    options = []

    def prepare(self):
        super().prepare()
        os.makedirs(f"{self.folder}/store")
        hidden = subprocess.run([self.program, "obscure", PASSWORD], env=self.environment, check=True,
                                capture_output=True, text=True).stdout.strip()
        with open(f"{self.folder}/rclone.conf", "w", encoding="utf-8") as out:
            out.write(f"[cut]\ntype = chunker\nremote = {self.folder}/store\n\n"
                      f"[secret]\ntype = crypt\nremote = cut:\npassword = {hidden}\n")

    def words(self, *words):
        return [self.program, "--config", f"{self.folder}/rclone.conf", *self.options, *words]

    def version(self):
        return self.first_line("version")

    def store(self, path):
        return [self.words("copy", path, "secret:model")]

    def fetch(self, target):
        return [self.words("copy", "secret:model", target)]


class RcloneFast(Rclone):
    name = "rclone 4 transfers"
    options = ["--transfers", "4"]


class Restic(Contestant):
    name = "restic"
    options = []

    def __init__(self, program, folder):
        super().__init__(program, folder)
        self.environment.update(RESTIC_PASSWORD=PASSWORD, RESTIC_REPOSITORY=f"{folder}/store")

    def prepare(self):
        super().prepare()
        self.run("init")

    def version(self):
        return self.first_line("version")

    def store(self, path):
        return [[self.program, *self.options, "backup", path]]

    def fetch(self, target):
        return [[self.program, "restore", "latest", "--target", target]]

    def check(self):
        return [[self.program, "check", "--read-data"]]


class ResticFast(Restic):
    name = "restic, not compressing"
    options = ["--compression", "off", "--pack-size", "64"]

    def store(self, path):
        known = subprocess.run([self.program, "backup", "--help"], env=self.environment, check=True,
                               capture_output=True, text=True).stdout
        at_once = ["--read-concurrency", "4"] if "--read-concurrency" in known else []  # since 0.15
        return [[self.program, *self.options, "backup", *at_once, path]]


class Borg(Contestant):
    name = "borg, not compressing"
    compression = "none"

    def __init__(self, program, folder):
        super().__init__(program, folder)
        self.environment.update(BORG_PASSPHRASE=PASSWORD, BORG_REPO=f"{folder}/store",
                                BORG_RELOCATED_REPO_ACCESS_IS_OK="yes")
        self.archives = 0

    def prepare(self):
        super().prepare()
        self.archives = 0
        self.run("init", "--encryption", "repokey")

    def version(self):
        return self.first_line("--version")

    def store(self, path):
        self.archives += 1
        return [[self.program, "create", "--compression", self.compression, f"::{self.archives}", path]]

    def fetch(self, target):
        os.makedirs(target, exist_ok=True)
        return [["sh", "-c", f'cd "$1" && exec "$2" extract ::{self.archives}', "sh", target, self.program]]

    def check(self):
        return [[self.program, "check", "--verify-data"]]


class BorgFast(Borg):
    name = "borg lz4"
    compression = "lz4"
