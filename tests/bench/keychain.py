# SPDX-License-Identifier: GPL-3.0-or-later
"""A session bus and an unlocked keychain of their own, as a desktop has them, for the programs that are measured.

    with keychain.Keychain(folder) as keys:
        subprocess.run(..., env=dict(os.environ, **keys.environment))
"""

import os
import subprocess
import time

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={bus}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Keychain:
    def __init__(self, folder):
        os.makedirs(folder, mode=0o700)
        self.folder = folder
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/bus"}
        self.processes = []

    def __enter__(self):
        with open(f"{self.folder}/bus.conf", "w", encoding="utf-8") as out:
            out.write(CONFIGURATION.format(bus=f"{self.folder}/bus"))
        self.start("dbus-daemon", f"--config-file={self.folder}/bus.conf", "--nofork", "--nopidfile")
        self.wait("org.freedesktop.DBus")
        keyring = self.start("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock",
                             f"--control-directory={self.folder}/control")
        keyring.stdin.write(b"a password for the bench")
        keyring.stdin.close()
        self.wait("org.freedesktop.secrets")
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(10)

    def start(self, *command):
        environment = dict(os.environ, **self.environment, HOME=self.folder, XDG_RUNTIME_DIR=self.folder,
                           XDG_DATA_HOME=f"{self.folder}/data", XDG_CACHE_HOME=f"{self.folder}/cache")
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def wait(self, name):
        """Until somebody on the bus has the name."""
        question = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
                    "org.freedesktop.DBus.GetNameOwner", f"string:{name}"]
        deadline = time.monotonic() + 20
        while subprocess.run(question, env=dict(os.environ, **self.environment), stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, check=False).returncode != 0:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} does not come up; see {self.folder}")
            time.sleep(0.05)
