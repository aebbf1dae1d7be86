# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader sees of a program (AT-SPI): finds things by role and name, and says where they are."""

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402 (the version must be chosen before)

import desktop  # noqa: E402

BUTTONS = ("push button", "toggle button", "radio button", "check box", "menu item", "link", "page tab")


class Eyes:
    def __init__(self, name):
        Atspi.init()
        self.name = name

    def application(self):
        root = Atspi.get_desktop(0)
        for i in range(root.get_child_count()):
            child = root.get_child_at_index(i)
            if child and (child.get_name() or "").lower() == self.name.lower():
                return child
        return None

    def all(self):
        """Everything that shows, in reading order of the tree."""
        todo = [self.application()]
        while todo:
            node = todo.pop()
            if node is None:
                continue
            try:
                yield node
                count = min(node.get_child_count(), 300)
                todo.extend(node.get_child_at_index(i) for i in reversed(range(count)))
            except Exception:  # noqa: BLE001 (it went away while it was looked at)
                continue

    def _matches(self, node, roles, name):
        try:
            if roles and node.get_role_name() not in roles:
                return False
            if not node.get_state_set().contains(Atspi.StateType.SHOWING):
                return False
            text = node.get_name() or ""
            return name(text) if callable(name) else text == name
        except Exception:  # noqa: BLE001
            return False

    def look(self, name, roles=()):
        """The last one made that matches: dialogs lie above what was there before."""
        found = [node for node in self.all() if self._matches(node, roles, name)]
        return found[-1] if found else None

    def wait(self, name, roles=(), seconds=30.0):
        label = getattr(name, "__doc__", None) or str(name)
        return desktop.wait_for(f"{'/'.join(roles) or 'something'} “{label}”", lambda: self.look(name, roles), seconds)

    def wait_enabled(self, name, roles=BUTTONS, seconds=30.0):
        def enabled():
            node = self.look(name, roles)
            return node if node and node.get_state_set().contains(Atspi.StateType.SENSITIVE) else None

        return desktop.wait_for(f"“{name}” to be enabled", enabled, seconds)

    def names(self, roles=()):
        return [node.get_name() for node in self.all() if self._matches(node, roles, bool)]

    @staticmethod
    def middle(node):
        box = node.get_extents(Atspi.CoordType.SCREEN)
        return box.x + box.width // 2, box.y + box.height // 2

    @staticmethod
    def box(node):
        box = node.get_extents(Atspi.CoordType.SCREEN)
        return box.x, box.y, box.width, box.height
