# SPDX-License-Identifier: GPL-3.0-or-later
"""One story as a person, on the real program: from the welcome to a model that came back though a folder was lost.

    story.py PROGRAM DRAG_SOURCE MAKE_MODEL PICTURES

When it fails, PICTURES holds what was on the screen and what a screen reader saw.
"""

import filecmp
import re
import shutil
import subprocess
import sys
import time
import traceback

import desktop
from desktop import Failed, wait_for
from eyes import BUTTON, CELL, FIELD, starts_with, text_of
from person import Person

MODEL = "tiny-llama-Q4_K_M.gguf"
NAME = "Tiny Llama"
SIZE = "50M"
DROP_FROM = (40, 820)  # a free corner of the screen


class Story:
    def __init__(self, screen, programs):
        self.desktop = screen
        self.program, self.drag_source, self.make_model = programs
        self.person = Person(screen, "ModelFloat")
        self.window = None
        self.model = screen.folder / MODEL

    def tell(self):
        began = time.monotonic()
        for chapter in (self.begins, self.welcome, self.kit, self.folders, self.drop, self.store, self.second_start,
                        self.loss, self.download, self.quit, self.background, self.close):
            start = time.monotonic()
            chapter()
            print(f"{chapter.__name__:14}{time.monotonic() - start:6.1f} s", flush=True)
        print(f"{'all':14}{time.monotonic() - began:6.1f} s", flush=True)

    def begins(self):
        made = subprocess.run([self.make_model, "--format", "gguf", "--dtype", "Q4_K_M", "--size", SIZE, "--name", NAME,
                               "--out", self.model], capture_output=True, check=False)
        if made.returncode != 0:
            raise Failed(f"no model was made: {made.stderr.decode()}")
        self.window = self.desktop.start(self.program)
        self.person.sees("Welcome to ModelFloat")
        self.desktop.picture("welcome")

    def welcome(self):
        self.person.clicks_to("Set Up", "Save your recovery kit")

    def kit(self):
        """Shown, saved to a file, one word typed back."""
        person = self.person
        kit = self.desktop.home / "kit.txt"
        question = person.sees(asks_for_a_word, ("label",)).get_name()
        person.clicks_to("Save…", "File name:", next_roles=FIELD)
        person.writes("File name:", str(kit))
        self.desktop.picture("kit-file")
        person.until(lambda: self.desktop.key("Return"), kit.exists, "Enter in the dialog for the kit's file")
        person.sees(f"Saved as {kit}")
        words = re.findall(r"\b[a-z]+\b", "\n".join(l for l in kit.read_text().splitlines() if not l.startswith("#")))
        if len(words) != 24:
            raise Failed(f"the kit has {len(words)} words")
        number = int(re.search(r"\d+", question).group())
        person.writes(f"Word {number} of the kit", "wrong")
        person.sees(f"That isn’t word {number}.")
        person.writes(f"Word {number} of the kit", words[number - 1])
        person.sees("That is it.")
        self.desktop.picture("kit")
        person.clicks_to("Continue", "Add Storage…")

    def folders(self):
        """Three, which count as three places though they lie on one disk: the form says how."""
        person = self.person
        for number, name in enumerate(("attic", "cellar", "garage")):
            folder = self.desktop.home / name
            folder.mkdir()
            if number == 0:
                person.clicks_to("Add Storage…", "Counts as", next_roles=FIELD)
            else:
                person.clicks_to("Add Another", "Add Storage")
            person.writes("Folder", str(folder))
            wait_for("a name", lambda: text_of(person.sees("Name", FIELD)))
            person.writes("Counts as", f"disk {number + 1}")
            self.desktop.picture(f"folder-{name}")
            person.clicks_to("Add Storage", f"“{name}” is ready")
        person.clicks_to("Done", "Continue")
        self.desktop.picture("folders")
        person.clicks_to("Continue", "You’re ready")
        self.desktop.picture("ready")
        person.clicks_to("Start", "Drop a model here")

    def drop(self):
        """A drag from another program onto the window."""
        source = self.desktop.start(self.drag_source, str(self.model), *map(str, DROP_FROM))
        wait_for("the file manager", lambda: self.desktop.run(
            "xdotool", "search", "--onlyvisible", "--name", "^drag source$").returncode == 0)
        target = self.person.place_of("Drop a model here")
        start = (DROP_FROM[0] + 60, DROP_FROM[1] + 30)

        told = []

        def over():
            if self.person.eyes.look(f"Drop to store 1 model ({MODEL})"):
                told.append(True)
                self.desktop.picture("drag")

        def drag():
            self.desktop.drag(start, target, lambda: self.person.until(over, lambda: told, "a drag over the window", 20))

        self.person.until(drag, lambda: self.person.eyes.look("Store 1 Model", ("dialog",)), "a drag of the model")
        source.terminate()
        source.wait()

    def store(self):
        person = self.person
        person.sees(starts_with("In all 52.4 MB"))  # it is known what goes where
        self.desktop.picture("store")
        person.click("Store 1 Model")
        person.sees(starts_with(NAME), CELL)
        self.desktop.picture("storing")
        person.sees("Protection: Safe · 1 spare", CELL, 180)
        self.desktop.picture("safe")

    def second_start(self):
        """It hands over what it was given to the one that runs."""
        person = self.person
        second = self.desktop.start(self.program, str(self.model))
        wait_for("the second start to end", lambda: second.poll() is not None)
        if second.returncode != 0:
            raise Failed(f"the second start ended with {second.returncode}")
        person.sees("Cancel", BUTTON)
        self.desktop.picture("second-start")
        person.click("Cancel")

    def loss(self):
        """One of the three places is gone."""
        shutil.rmtree(self.desktop.home / "cellar")

    def download(self):
        person = self.person
        target = self.desktop.home / "back"
        target.mkdir()
        person.clicks_to(starts_with(NAME), "Download…", CELL, BUTTON)
        self.desktop.picture("selected")
        person.clicks_to("Download…", "Folder to download to", next_roles=FIELD)
        person.writes("Folder to download to", str(target))
        person.sees(starts_with("Needs 52.4 MB, "))
        self.desktop.picture("download")
        person.click("Download")
        wait_for("the file", (target / MODEL).exists, 180)
        person.clicks_to(starts_with("Transfers"), starts_with(f"Download {NAME}, 52.4 MB downloaded and verified."))
        self.desktop.picture("downloaded")
        if not filecmp.cmp(self.model, target / MODEL, shallow=False):
            raise Failed("what came back is not what was stored")

    def quit(self):
        self.person.until(lambda: self.person.chooses("File", "Quit"), lambda: self.window.poll() is not None,
                          "File › Quit", 240)
        self.has_ended()

    def background(self):
        """Started once more, minimised; a second start brings the window up."""
        def is_there(*how):
            return self.desktop.run("xdotool", "search", *how, "--name", " ModelFloat$").returncode == 0

        self.window = self.desktop.start(self.program, "--background")
        self.person.sees(starts_with("1 model · "))
        if not is_there() or is_there("--onlyvisible"):
            raise Failed("started in the background it is in the way, or nowhere")
        second = self.desktop.start(self.program)
        wait_for("the second start to end", lambda: second.poll() is not None)
        wait_for("the window", lambda: is_there("--onlyvisible"))

    def close(self):
        """As any window is, once: as by the window manager's ×."""
        wait_for("the window to be active", lambda: b"ModelFloat" in self.desktop.run(
            "xdotool", "getactivewindow", "getwindowname").stdout)
        self.desktop.key("alt+F4")
        wait_for("the closed program to end", lambda: self.window.poll() is not None)
        self.has_ended()

    def has_ended(self):
        if self.window.returncode != 0:
            raise Failed(f"the program ended with {self.window.returncode}")
        left = [command for _, command in desktop.heirs() if "modelfloat" in command.split("/")[-1]]
        if left:
            raise Failed(f"still running: {left}")
        said = self.desktop.said("modelfloat").strip()
        if said:
            raise Failed(f"the program complained:\n{said}")


def asks_for_a_word(text):
    """the question for a word of the kit"""
    return text.startswith("To go on, type word")


def main(program, drag_source, make_model, pictures):
    absent = desktop.missing()
    if absent:
        print("not installed:", ", ".join(absent))
        return 1
    with desktop.Desktop(pictures) as screen:
        story = Story(screen, (program, drag_source, make_model))
        try:
            story.tell()
        except Exception as problem:  # noqa: BLE001 (whatever it is, the picture says more)
            traceback.print_exc()
            screen.picture("failed")
            (screen.pictures / "tree.txt").write_text(story.person.eyes.tree())
            print(screen.said("modelfloat"))
            print(f"failed: {problem}\nthe screen and what a screen reader saw: {screen.pictures}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
