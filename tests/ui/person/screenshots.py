# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures of the README from the real program: a library on four folders, one of which was damaged.

    screenshots.py PROGRAM COMMAND_LINE OUT     (ninja screenshots)
"""

import pathlib
import re
import shutil
import sys
import tempfile
import time
import traceback

import desktop
import models
from desktop import Failed
from eyes import BUTTON, CELL, FIELD, starts_with
from person import Person

# name, architecture, millions of parameters, quantization, context, licence
STORED = (
    ("gemma-3-270m-it", "gemma3", 268, "Q8_0", 32768, "gemma"),
    ("Qwen2.5-0.5B-Instruct", "qwen2", 494, "Q4_K_M", 32768, "apache-2.0"),
    ("Qwen3-Embedding-0.6B", "qwen3", 596, "Q4_K_M", 32768, "apache-2.0"),
    ("SmolLM2-135M-Instruct", "llama", 135, "Q8_0", 8192, "apache-2.0"),
    ("nomic-embed-text-v1.5", "nomic-bert", 137, "F16", 2048, "apache-2.0"),
)
DAMAGED = {"Qwen2.5-0.5B-Instruct": ("nas",), "nomic-embed-text-v1.5": ("nas", "backup-disk")}
ADDED = (
    ("Llama-3.2-1B-Instruct", "llama", 1236, "Q4_K_M", 131072, "llama3.2"),
    ("SmolLM2-360M-Instruct", "llama", 362, "Q8_0", 8192, "apache-2.0"),
)
PLACES = {"nas": "40GB", "backup-disk": "20GB", "old-laptop": "8GB", "office-share": "15GB"}
FETCHED = "gemma-3-270m-it"
SELECTED = "Qwen2.5-0.5B-Instruct"


class Photographer:
    def __init__(self, screen, program, command_line, out):
        self.desktop = screen
        self.program = program
        self.command_line = command_line
        self.out = pathlib.Path(out)
        self.person = Person(screen, "ModelFloat")
        self.fragments = {}

    def do(self, *arguments):
        done = self.desktop.run(self.command_line, *arguments)
        # 4: something is less safe than it should be, as it was meant
        if done.returncode not in (0, 4):
            raise Failed(f"{' '.join(map(str, arguments))}: {done.stderr.decode()}")

    def prepare(self):
        """A library with a past."""
        home = self.desktop.home
        self.do("init", "--kit", home / "kit.txt")
        for place in PLACES:
            self.do("account", "add", "folder", place, "--set", f"path={self.desktop.folder / place}", "--set",
                    f"domain={place}")
            self.do("account", "set", place, f"capacity={PLACES[place]}")
        for model in STORED:
            before = self.files()
            path = models.write(self.desktop.folder, *model)
            self.do("store", path, "--name", model[0], "--lose", "2")
            path.unlink()
            self.fragments[model[0]] = sorted(self.files() - before)
        for model, places in DAMAGED.items():
            for place in places:
                lost = [path for path in self.fragments[model] if path.parent.parent.parent.name == place]
                for path in lost[len(lost) // 3: len(lost) // 2 + 1]:
                    path.unlink()
            self.do("check", model)

    def files(self):
        return {path for place in PLACES for path in (self.desktop.folder / place / "f").glob("*/*")}

    def take(self, name, title):
        """Of the window alone, in few colours."""
        self.desktop.point(*[side - 1 for side in desktop.SCREEN])
        time.sleep(1.5)  # animations, tooltips
        found = self.desktop.run("xdotool", "search", "--onlyvisible", "--name", title).stdout.split()
        if not found:
            raise Failed(f"no window is called {title}")
        picture = self.desktop.picture(name, found[-1].decode())
        target = self.out / f"{name}.png"
        self.desktop.run("convert", str(picture), "-strip", "+dither", "-colors", "255", "-define",
                         "png:compression-level=9", f"PNG8:{target}")
        print(f"{target} {target.stat().st_size // 1000} kB", flush=True)

    def appearance(self, entry):
        self.person.chooses("View", "Appearance", entry)

    def work(self):
        person = self.person
        self.prepare()
        self.do("limits", "up=6MB", "down=4MB")
        window = self.desktop.start(self.program)
        person.sees(starts_with(SELECTED), CELL)
        self.appearance("Light")

        added = [models.write(self.desktop.folder, *model) for model in ADDED]
        second = self.desktop.start(self.program, *map(str, added))
        second.wait()
        person.sees(starts_with("In all"))
        self.take("store", "^Store 2 Models$")
        person.click("Store 2 Models")

        target = self.desktop.home / "Downloads"
        target.mkdir()
        person.clicks_to(starts_with(FETCHED), "Download…", CELL, BUTTON)
        person.clicks_to("Download…", "Folder to download to", next_roles=FIELD)
        person.writes("Folder to download to", str(target))
        person.click("Download")
        person.clicks_to(starts_with("Transfers"), "Show the speed graph", BUTTON)
        person.click("Show the speed graph")
        progressed = re.compile(rf"Download {FETCHED}, .*[1-9]\d? %")
        person.sees(lambda text: progressed.match(text), ("list item",), 300)
        self.take("transfers", "^Transfers — ModelFloat$")

        person.clicks_to(starts_with("Models"), starts_with(SELECTED), BUTTON,
                         CELL)
        person.selects(starts_with(SELECTED))
        self.take("models", "^Models — ModelFloat$")
        self.appearance("Dark")
        self.take("models-dark", "^Models — ModelFloat$")
        self.appearance("Light")

        person.clicks_to(starts_with("Storage"), starts_with("nas"), BUTTON,
                         CELL)
        person.selects(starts_with("nas"))
        self.take("storage", "^Storage — ModelFloat$")
        window.terminate()
        window.wait()


def main(program, command_line, out):
    absent = desktop.missing() + [name for name in ("convert",) if not shutil.which(name)]
    if absent:
        print("not installed:", ", ".join(absent))
        return 1
    pathlib.Path(out).mkdir(parents=True, exist_ok=True)
    temporary = pathlib.Path(tempfile.gettempdir())
    with desktop.Desktop(temporary / "modelfloat-screenshots", temporary / "mnt") as screen: # its paths can be read
        photographer = Photographer(screen, program, command_line, out)
        try:
            photographer.work()
        except Exception:  # noqa: BLE001 (whatever it is, the picture says more)
            traceback.print_exc()
            screen.picture("failed")
            (screen.pictures / "tree.txt").write_text(photographer.person.eyes.tree())
            print(f"the screen and what a screen reader saw: {screen.pictures}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
