# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader sees of a program (AT-SPI): finds things by role and name, and says where they are."""

import functools

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 (the version must be chosen before)

from desktop import wait_for  # noqa: E402

BUTTON = ("push button", "toggle button", "radio button", "check box")
FIELD = ("text", "password text")
CELL = ("table cell", "tree item", "list item")
MENU = ("menu item", "check menu item", "menu")
MOST_CHILDREN = 400


def if_there(otherwise):
    """What is looked at may go away meanwhile: then the answer is this."""
    def around(question):
        @functools.wraps(question)
        def asked(*arguments):
            try:
                return question(*arguments)
            except GLib.Error:
                return otherwise
        return asked
    return around


@if_there(False)
def is_in(node, state):
    return node.get_state_set().contains(state)


@if_there(None)
def box(node):
    extents = node.get_extents(Atspi.CoordType.SCREEN)
    return extents.x, extents.y, extents.width, extents.height


@if_there("")
def text_of(node):
    return Atspi.Text.get_text(node, 0, -1)


@if_there("")
def role_of(node):
    return node.get_role_name()


@if_there(())
def children_of(node):
    count = min(node.get_child_count(), MOST_CHILDREN)
    return [child for child in (node.get_child_at_index(i) for i in range(count)) if child]


@if_there("")
def name_of(node):
    """With plain spaces, and without the marks that keep a path in one direction."""
    text = (node.get_name() or "").replace("\u00a0", " ").replace("\u202f", " ")
    return "".join(letter for letter in text if letter not in "\u200e\u200f\u2066\u2067\u2068\u2069")


def starts_with(words):
    """Of a name: it begins so."""
    def begins_so(text):
        return text.startswith(words)

    begins_so.__doc__ = f"“{words}…”"
    return begins_so


def words_for(name, roles=()):
    """What is looked for, in words."""
    return (name.__doc__ or "something" if callable(name) else f"“{name}”") + (f" ({' or '.join(roles)})" if roles else "")


class Eyes:
    """On one program, by its name on the accessibility bus."""

    def __init__(self, name):
        Atspi.init()
        Atspi.set_timeout(20_000, 20_000)  # a busy program answers late
        self.name = name

    def application(self):
        return next((child for child in children_of(Atspi.get_desktop(0)) if name_of(child) == self.name), None)

    def all(self):
        """Everything that shows: (depth, node), in reading order."""
        application = self.application()
        todo = [(0, application)] if application else []
        while todo:
            depth, node = todo.pop()
            if depth == 0 or is_in(node, Atspi.StateType.VISIBLE):
                yield depth, node
                todo.extend((depth + 1, child) for child in reversed(children_of(node)))

    def found(self, name, roles=()):
        """All that show with this name (or whose name pleases: a function), of these roles."""
        for _depth, node in self.all():
            if roles and role_of(node) not in roles:
                continue
            text = name_of(node)
            if (name(text) if callable(name) else text == name) and is_in(node, Atspi.StateType.SHOWING):
                yield node

    def look(self, name, roles=()):
        """The last one: dialogs lie above what was there before."""
        return next(reversed(list(self.found(name, roles))), None)

    def wait(self, name, roles=(), seconds=60.0):
        return wait_for(words_for(name, roles), lambda: self.look(name, roles), seconds)

    def tree(self):
        """As text, for whoever looks at a test that failed."""
        lines = []
        for depth, node in self.all():
            states = [name for name, state in (("focused", Atspi.StateType.FOCUSED),
                                               ("checked", Atspi.StateType.CHECKED)) if is_in(node, state)]
            if not is_in(node, Atspi.StateType.SENSITIVE):
                states.append("disabled")
            lines.append(f"{'  ' * depth}{role_of(node)} “{name_of(node)}” {box(node)} {' '.join(states)}".rstrip())
        return "\n".join(lines) + "\n"
