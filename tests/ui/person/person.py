# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at a Desktop: sees with Eyes, acts with mouse and keys, and looks whether it had an effect."""

import time

from desktop import Failed, wait_for
from eyes import BUTTON, CELL, FIELD, MENU, Atspi, Eyes, box, is_in, text_of, words_for

TRIES = 4


class Person:
    def __init__(self, desktop, program):
        self.desktop = desktop
        self.eyes = Eyes(program)

    def sees(self, name, roles=(), seconds=60.0):
        return self.eyes.wait(name, roles, seconds)

    def place_of(self, name, roles=(), seconds=60.0):
        """Its middle, once it stands still: a page may still be arranging itself."""
        last = None

        def still():
            nonlocal last
            node = self.eyes.look(name, roles)
            now = box(node) if node else None
            stands = now is not None and now == last and now[2] > 0 and now[3] > 0
            last = now
            return now if stands else None

        x, y, width, height = wait_for(words_for(name, roles) + " to be in its place", still, seconds)
        return x + width // 2, y + height // 2

    def until(self, act, happened, what, seconds=60.0, again=None):
        """Acts, and once more if nothing came of it: a click may hit a window that is just coming up."""
        for i in range(TRIES):
            (again if again and i > 0 else act)()
            deadline = time.monotonic() + seconds / TRIES
            while time.monotonic() < deadline:
                answer = happened()
                if answer:
                    return answer
                time.sleep(0.1)
        raise Failed(f"{TRIES} times in vain: {what}")

    def click(self, name, roles=BUTTON, then=None):
        """On what is enabled, until then() is true; without then until it is gone."""
        happened = then or (lambda: not self.eyes.look(name, roles))

        def enabled():
            node = self.eyes.look(name, roles)
            return node and is_in(node, Atspi.StateType.SENSITIVE)

        def act():
            wait_for(words_for(name, roles) + " to be enabled", enabled)
            self.desktop.click(*self.place_of(name, roles))

        def act_if_there():
            if self.eyes.look(name, roles):
                act()

        self.until(act, happened, "a click on " + words_for(name, roles), again=act_if_there)

    def clicks_to(self, name, next_name, roles=BUTTON, next_roles=()):
        """A click that brings something else up."""
        self.click(name, roles, lambda: self.eyes.look(next_name, next_roles))

    def selects(self, name):
        """A row of a list."""
        def selected():
            node = self.eyes.look(name, CELL)
            return node and is_in(node, Atspi.StateType.SELECTED)

        self.click(name, CELL, selected)

    def writes(self, field, text):
        def focused():
            node = self.eyes.look(field, FIELD)
            return node and is_in(node, Atspi.StateType.FOCUSED)

        def written():
            node = self.eyes.look(field, FIELD)
            return node and text_of(node) == text

        def act():
            self.until(lambda: self.desktop.click(*self.place_of(field, FIELD)), focused, f"a click into “{field}”")
            self.desktop.key("ctrl+a")
            self.desktop.type(text)

        self.until(act, written, f"“{text}” in “{field}”")

    def chooses(self, *path):
        """From the menu bar: the menu, and what is in it, and so on."""
        for menu, entry in zip(path, path[1:]):
            self.clicks_to(menu, entry, MENU, MENU)
        self.desktop.click(*self.place_of(path[-1], MENU))
