"""The site as processes of its own: gunicorn with threads, as the README deploys it."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A running site: where it answers, its master process, and the seconds from its start to its first page."""

    port: int
    pid: int
    first_page: float

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def resident(self) -> float:
        """Megabytes (of 1024 x 1024 bytes) that its largest worker holds in memory."""
        return self.largest("VmRSS")

    def peak(self) -> float:
        """Megabytes that its largest worker has held at most."""
        return self.largest("VmHWM")

    def largest(self, kind: str) -> float:
        statuses = [Path(f"/proc/{pid}/status").read_text() for pid in self.workers()]
        return max(int(text.split(f"{kind}:")[1].split()[0]) for text in statuses) / 1024


@contextmanager
def serving(workers: int, **environment):
    """A Server with so many workers of four threads each; gone afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "bench.front", "--worker-class", "gthread", "--threads", "4", "--workers",
        str(workers), "--bind", f"127.0.0.1:{port}", "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    given = {**os.environ, "CONN_MAX_AGE": "60", "LOG_LEVEL": "ERROR", **environment}
    began = time.perf_counter()
    process = subprocess.Popen(command, env=given)  # noqa: S603  our own module, in this Python
    try:
        yield Server(port, process.pid, first_page(port, began))
    finally:
        process.terminate()
        process.wait(30)


def first_page(port: int, began: float) -> float:
    while time.perf_counter() - began < 60:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/about/")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            return time.perf_counter() - began
        except ConnectionError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise TimeoutError("the site does not start")
