# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop of its own for a test: X server, window manager, session bus, keyring and accessibility bus.

All of it listens on sockets in a temporary folder and ends with the Desktop, by the process ids that it started.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

NEEDED = ("Xvfb", "openbox", "xdotool", "dbus-daemon", "gnome-keyring-daemon", "import")
LAUNCHER = "/usr/libexec/at-spi-bus-launcher"


class Failed(Exception):
    """What a person would have seen go wrong."""


def missing():
    """Programs that this test needs and that are not here."""
    return [name for name in NEEDED if not shutil.which(name)] + ([] if os.path.exists(LAUNCHER) else [LAUNCHER])


def wait_for(what, question, seconds=30.0):
    """Asks until the answer is true, and returns it."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(0.1)


class Desktop:
    def __init__(self, pictures):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mf-desktop-"))
        self.pictures = pathlib.Path(pictures)
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.shots = 0
        self.started = []
        for part in ("home", "data", "runtime", "config"):
            (self.folder / part).mkdir(mode=0o700)
        self.environment = dict(
            os.environ,
            HOME=str(self.folder / "home"),
            XDG_DATA_HOME=str(self.folder / "data"),
            XDG_CONFIG_HOME=str(self.folder / "config"),
            XDG_RUNTIME_DIR=str(self.folder / "runtime"),
            DBUS_SESSION_BUS_ADDRESS=f"unix:path={self.folder}/bus",
            QT_QPA_PLATFORM="xcb",
            QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
            LC_ALL="C.UTF-8",
        )
        for name in ("WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "KDE_FULL_SESSION", "GNOME_KEYRING_CONTROL"):
            self.environment.pop(name, None)

    def __enter__(self):
        try:
            self._start_all()
        except BaseException:
            self.__exit__()
            raise
        os.environ.update(self.environment)  # for AT-SPI in this process
        return self

    def _start_all(self):
        reading, writing = os.pipe()
        self.start(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
                   pass_fds=(writing,))
        os.close(writing)
        number = b""
        while not number.endswith(b"\n"):
            part = os.read(reading, 16)
            if not part:
                raise Failed("Xvfb did not start")
            number += part
        os.close(reading)
        self.environment["DISPLAY"] = ":" + number.decode().strip()
        self.start(["dbus-daemon", "--session", "--nofork", "--nopidfile",
                    "--address=" + self.environment["DBUS_SESSION_BUS_ADDRESS"]])
        wait_for("the session bus", (self.folder / "bus").exists)
        keyring = self.start(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock",
             f"--control-directory={self.folder}/control"], stdin=subprocess.PIPE)
        keyring.stdin.write(b"a password")
        keyring.stdin.close()
        self.start([LAUNCHER, "--launch-immediately"])
        self.start(["openbox"])
        wait_for("the window manager", lambda: self.run("xdotool", "get_num_desktops").returncode == 0)

    def __exit__(self, *_):
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
        for process in reversed(self.started):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, command, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        log = open(self.folder / f"log.{len(self.started)}.{os.path.basename(command[0])}", "wb")
        process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, **more)
        self.started.append(process)
        return process

    def run(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, timeout=60, check=False)

    def picture(self, name):
        """What is on the screen, for whoever looks at the test afterwards."""
        self.shots += 1
        self.run("import", "-window", "root", str(self.pictures / f"{self.shots:02}-{name}.png"))

    # ---- a hand
    def click(self, x, y):
        self.run("xdotool", "mousemove", "--sync", str(x), str(y), "click", "1")

    def type(self, text):
        self.run("xdotool", "type", "--delay", "8", text)

    def key(self, *names):
        self.run("xdotool", "key", *names)

    def drag(self, start, end, steps=12):
        """Slowly, as a hand does it: the other program must be asked on the way."""
        self.run("xdotool", "mousemove", "--sync", str(start[0]), str(start[1]), "mousedown", "1")
        for i in range(1, steps + 1):
            x = start[0] + (end[0] - start[0]) * i // steps
            y = start[1] + (end[1] - start[1]) * i // steps
            self.run("xdotool", "mousemove", "--sync", str(x), str(y))
            time.sleep(0.05)
        time.sleep(0.5)
        self.run("xdotool", "mouseup", "1")
