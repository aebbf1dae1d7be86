# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop of its own for a test: X server, window manager, session bus, keyring and accessibility bus.

All of it lives in a temporary folder and ends with the Desktop, and whatever was started on it ends, too.
"""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

NEEDED = ("Xvfb", "openbox", "xdotool", "dbus-daemon", "gnome-keyring-daemon", "import")
ACCESSIBILITY = "/usr/libexec/at-spi-bus-launcher"
SCREEN = (1400, 900)

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LIBC = ctypes.CDLL(None)


class Failed(Exception):
    """What a person would have seen go wrong."""


def missing():
    """Programs that this test needs and that are not here."""
    return [name for name in NEEDED if not shutil.which(name)] + [ACCESSIBILITY] * (not os.path.exists(ACCESSIBILITY))


def wait_for(what, question, seconds=60.0):
    """Asks until the answer is true, and returns it. Whoever waits is patient: a machine may be busy."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.1)


def heirs():
    """Processes that live below this one: (id, command line), without those that have ended."""
    parents, commands = {}, {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue  # it ended meanwhile
        if state != "Z":
            parents[int(entry.name)] = int(parent)
            commands[int(entry.name)] = command
    below, todo = [], [os.getpid()]
    while todo:
        parent = todo.pop()
        children = [child for child, its in parents.items() if its == parent]
        below += [(child, commands[child]) for child in children]
        todo += children
    return below


class Desktop:
    def __init__(self, pictures, folder=None):
        """Of its own, or in a folder that is made; it is gone in the end."""
        if folder:
            pathlib.Path(folder).mkdir(mode=0o700)
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="mf-person-"))
        self.home = self.folder / "home"
        self.pictures = pathlib.Path(pictures)
        shutil.rmtree(self.pictures, ignore_errors=True)
        self.pictures.mkdir(parents=True)
        self.shots = 0
        self.started = []
        for part in ("home", "data", "runtime", "config", "cache"):
            (self.folder / part).mkdir(mode=0o700)
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("QT_", "XDG_", "GNOME_", "KDE_", "MODELFLOAT_", "DBUS_", "WAYLAND_"))}
        self.environment.update(
            HOME=str(self.home),
            XDG_DATA_HOME=str(self.folder / "data"),
            XDG_CONFIG_HOME=str(self.folder / "config"),
            XDG_CACHE_HOME=str(self.folder / "cache"),
            XDG_RUNTIME_DIR=str(self.folder / "runtime"),
            DBUS_SESSION_BUS_ADDRESS=f"unix:path={self.folder}/bus",
            QT_QPA_PLATFORM="xcb",
            QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
            QT_LOGGING_RULES="qt.accessibility.atspi*=false",  # it warns when we ask for what is gone
            LC_ALL="C.UTF-8",
        )

    def __enter__(self):
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)  # what the programs leave behind becomes ours to end
        try:
            self._start_all()
        except BaseException:
            self.__exit__()
            raise
        os.environ.clear()
        os.environ.update(self.environment)  # for AT-SPI in this process
        return self

    def _start_all(self):
        reading, writing = os.pipe()
        self.start("Xvfb", "-displayfd", str(writing), "-screen", "0", "%dx%dx24" % SCREEN, "-dpi", "96", "-nolisten",
                   "tcp", "-noreset", pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            number = pipe.readline().decode().strip()  # once it listens; nothing if it ended
        if not number:
            raise Failed("Xvfb did not start: " + self.said("Xvfb"))
        self.environment["DISPLAY"] = ":" + number
        self.start("dbus-daemon", "--session", "--nofork", "--nopidfile", "--nosyslog",
                   "--address=" + self.environment["DBUS_SESSION_BUS_ADDRESS"])
        wait_for("the session bus", (self.folder / "bus").exists)
        keyring = self.start("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock",
                             f"--control-directory={self.folder}/control", stdin=subprocess.PIPE)
        keyring.stdin.write(b"a password")
        keyring.stdin.close()
        self.start(ACCESSIBILITY, "--launch-immediately")
        self.start("openbox", "--sm-disable")
        wait_for("the window manager", lambda: self.run("xdotool", "get_num_desktops").returncode == 0)

    def __exit__(self, *_):
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + 10
        while heirs() and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.05)
        for number, _command in heirs():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for process in self.started:
            process.wait()
        self._reap()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _reap(self):
        for process in self.started:
            process.poll()  # first, so that its status is not lost
        known = {process.pid for process in self.started}
        for number in [int(name) for name in os.listdir("/proc") if name.isdigit()]:
            if number not in known:
                try:
                    os.waitpid(number, os.WNOHANG)
                except ChildProcessError:
                    continue  # not ours

    def start(self, *command, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        with open(self.folder / f"{os.path.basename(command[0])}.log", "ab") as log:
            process = subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=log, stderr=log,
                                       preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM), **more)
        self.started.append(process)
        return process

    def said(self, program):
        """What a program that start() began has printed."""
        return (self.folder / f"{program}.log").read_text(errors="replace")

    def run(self, *command):
        return subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                              check=False)

    def picture(self, name, window="root"):
        """What is on the screen, for whoever looks at the test afterwards."""
        self.shots += 1
        path = self.pictures / f"{self.shots:02}-{name}.png"
        self.run("import", "-silent", "-window", window, str(path))
        return path

    # ---- a hand
    def point(self, x, y):
        self.run("xdotool", "mousemove", str(x), str(y))

    def click(self, x, y, button=1):
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def type(self, text):
        self.run("xdotool", "type", "--delay", "6", text)

    def key(self, *names):
        self.run("xdotool", "key", *names)

    def drag(self, start, end, before_release=lambda: None, steps=12):
        """Slowly, as a hand does it: the program under it must be asked on the way."""
        self.run("xdotool", "mousemove", str(start[0]), str(start[1]), "mousedown", "1")
        for i in range(1, steps + 1):
            self.point(*(a + (b - a) * i // steps for a, b in zip(start, end)))
            time.sleep(0.05)
        try:
            before_release()
        finally:
            self.run("xdotool", "mouseup", "1")
