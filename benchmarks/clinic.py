"""The clinic under load: 50 people at work, ten live infusions at 1 Hz, a server and devices in their own processes.

python benchmarks/clinic.py [--people 50] [--seconds 20] [--json] [--write PAGE]

Measured are pages as people at work ask for them (2 to 8 s between two), then as fast as they come.  The same is done
with a commit that does not wait for the disk, and beside it stands a page of Django that does nothing.  With
MATRESCENCE_TEST_DATABASE=postgresql://user@host:port/name it runs on that server too, in a database that is dropped.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clinic_users import Browser, percentile, run
from page import circumstances, put

HERE = Path(__file__).resolve().parent
AT_WORK_S, AT_ONCE_S = (2.0, 8.0), (0.0, 0.0)
RUNNING, COURSES = 10, 30
TARGET_PAGE_MS, TARGET_ENTRY_MS = 150.0, 500.0
_ON_DISK = {"durable": "", "not durable": "clinic_not_durable"}


def environment(home: Path, database: str, settings: str = "") -> dict[str, str]:
    """What the clinic's processes are told."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("MATRESCENCE", "DJANGO"))}
    told = {
        "MATRESCENCE_HOME": str(home),
        "MATRESCENCE_DATABASE": database,
        "MATRESCENCE_HTTPS": "0",
        "MATRESCENCE_DEMO": "1",  # nobody here has a telephone with a second factor
        "MATRESCENCE_HOSTS": "127.0.0.1",
        "PYTHONPATH": str(HERE),
        "PYTHONWARNINGS": "ignore",
    }
    return {**inherited, **told} | ({"DJANGO_SETTINGS_MODULE": settings} if settings else {})


def filled(home: Path, database: str, people: int) -> Path:
    """A clinic with its courses and people; the file that says which."""
    command = [sys.executable, str(HERE / "clinic_home.py"), str(COURSES), str(RUNNING), str(people)]
    done = subprocess.run(command, env=environment(home, database), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the clinic could not be filled:\n{done.stderr}")
    file = home.with_suffix(".json")
    file.write_text(done.stdout, encoding="utf-8")
    return file


@contextmanager
def process(*words: str, told: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that is stopped in the end, whatever happens."""
    found = subprocess.Popen([sys.executable, *words], env=told, stdout=subprocess.PIPE, text=True)
    try:
        yield found
    finally:
        found.terminate()
        try:
            found.wait(timeout=15)
        except subprocess.TimeoutExpired:
            found.kill()


@contextmanager
def served(*words: str, told: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    """A server that answers on a port of loopback."""
    with process(*words, told=told) as server:
        until = time.monotonic() + 60.0
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit("the server does not answer")
            time.sleep(0.1)
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_s(pid: int) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mib(pid: int) -> float:
    """The most memory that a process has held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024.0


def rows(told: dict[str, str]) -> int:
    """How many records and audit rows stand in the log: each was a commit of its own."""
    script = (
        "from matrescence.clinic.bootstrap import setup; setup()\n"
        "from matrescence.clinic.log.models import Head\n"
        "print(sum(head.seq for head in Head.objects.all()))"
    )
    done = subprocess.run([sys.executable, "-c", script], env=told, capture_output=True, text=True, check=True)
    return int(done.stdout)


def measured(file: Path, told: dict[str, str], *, seconds: float, at_work: bool) -> dict[str, Any]:
    """One server with its devices: people at work, then people who do not pause."""
    port, home = free_port(), json.loads(file.read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    with (
        served("-m", "matrescence", "clinic", "serve", "--port", str(port), told=told, port=port) as server,
        process(str(HERE / "clinic_devices.py"), json.dumps(home["devices"]), told=told) as devices,
    ):
        run(str(file), port, 3.0, (0.2, 0.8))  # every course is opened once, every template read
        phases = {"at work": (seconds, AT_WORK_S)} if at_work else {}
        for name, (lasts, think_s) in {**phases, "without a pause": (seconds / 2, AT_ONCE_S)}.items():
            before, began, busy = rows(told), time.monotonic(), cpu_s(server.pid)
            found[name] = run(str(file), port, lasts, think_s)
            took = time.monotonic() - began
            used = cpu_s(server.pid) - busy
            found[name]["server_cpu_share"] = used / took
            found[name]["server_cpu_ms_a_page"] = 1e3 * used / max(found[name]["kinds"]["all pages"]["count"], 1)
            found[name]["log_commits_per_s"] = (rows(told) - before) / took
        found["peak_mib"] = peak_mib(server.pid)
        devices.terminate()
        found["devices"] = json.loads(devices.communicate(timeout=15)[0] or "{}")
    return found


def hello(seconds: float, people: int) -> dict[str, Any]:
    """The floor: as many clients of a page of Django that does nothing."""
    port = free_port()
    words = ("-m", "uvicorn", "clinic_hello:application", "--port", str(port), "--log-level", "warning")

    async def ask(times: list[float], until: float) -> None:
        browser = Browser(port, "none=1")
        while (began := time.monotonic()) < until:
            await browser.ask("GET", "/")
            times.append(time.monotonic() - began)
        browser.close()

    async def everybody() -> list[float]:
        times: list[float] = []
        await asyncio.gather(*(ask(times, time.monotonic() + seconds) for _ in range(people)))
        return times

    with served(*words, told=environment(Path("none"), ""), port=port):
        times = asyncio.run(everybody())
    return {"pages_per_s": len(times) / seconds, "p95_ms": 1e3 * percentile(times, 0.95)}


@contextmanager
def database(server: str) -> Iterator[str]:
    """A database of its own on a PostgreSQL server, dropped afterwards; no address means SQLite."""
    if not server:
        yield ""
        return
    import psycopg

    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def on(server: str, folder: Path, *, people: int, seconds: float) -> dict[str, Any]:
    """Everything on one kind of database, durable and not."""
    found: dict[str, Any] = {}
    with database(server) as address:
        home = folder / ("postgresql" if server else "sqlite")
        file = filled(home, address, people)
        found["records"] = json.loads(file.read_text(encoding="utf-8"))["records"]
        for name, settings in _ON_DISK.items():
            told = environment(home, address, settings)
            found[name] = measured(file, told, seconds=seconds, at_work=name == "durable")
    return found


# ---- telling ------------------------------------------------------------------------------------------------------


def table(name: str, found: dict[str, Any]) -> list[str]:
    """One database as lines of Markdown."""
    lines = ["| " + name + " | count | p50 ms | p95 ms | p99 ms |", "|---|---|---|---|---|"]
    for kind, row in found["durable"]["at work"]["kinds"].items():
        lines.append(f"| {kind} | {row['count']} | {row['p50_ms']:.0f} | {row['p95_ms']:.0f} | {row['p99_ms']:.0f} |")
    at_once, faster = (found[name]["without a pause"]["pages_per_s"] for name in _ON_DISK)
    devices = found["durable"]["devices"]
    return [
        *lines,
        "",
        *(f"- {phase.capitalize()}: {_said(found['durable'][phase])}" for phase in ("at work", "without a pause")),
        f"- With a commit that does not wait for the disk: {faster:.1f} pages/s without a pause, "
        f"{faster / at_once:.2f} times as many.",
        f"- Server's peak memory {found['durable']['peak_mib']:.0f} MiB, with {found['records']:,} records in "
        f"{COURSES} courses. Devices: {devices.get('per_s', 0):.1f} reports/s, {devices.get('late', 0)} of "
        f"{devices.get('reports', 0)} more than a second late, slowest {devices.get('slowest_ms', 0):.0f} ms.",
        "",
    ]


def _said(phase: dict[str, Any]) -> str:
    """One phase in a sentence."""
    return (
        f"{phase['pages_per_s']:.1f} pages/s (p95 {phase['kinds']['all pages']['p95_ms']:.0f} ms), "
        f"{phase['log_commits_per_s']:.1f} commits to the log/s, {100 * phase['server_cpu_share']:.0f} % of one "
        f"processor or {phase['server_cpu_ms_a_page']:.0f} ms of it a page (streams included), "
        f"{phase['stream_messages']} messages to {2 * RUNNING} streams, {len(phase['wrong'])} wrong answers, "
        f"{phase['unseen']} entries that came to no other screen."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=16.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, help="keep the table in this Markdown page")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="matrescence-bench-"))
    servers = {"SQLite": "", "PostgreSQL": os.environ.get("MATRESCENCE_TEST_DATABASE", "")}
    try:
        found = {
            name: on(server, folder, people=asked.people, seconds=asked.seconds)
            for name, server in servers.items()
            if server or name == "SQLite"
        }
        floor = hello(min(asked.seconds / 4, 3.0), asked.people)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if asked.json:
        print(json.dumps({**found, "hello": floor}, indent=2))
        return
    words = [
        f"{asked.people} people, {COURSES} courses, {RUNNING} of them infusions of 50 h with live values at 1 Hz; "
        f"server, devices and people in three processes on this machine. {circumstances()}",
        "",
        *(line for name, part in found.items() for line in table(name, part)),
        f"Django's own floor, a page that says hello: {floor['pages_per_s']:.0f} pages/s. Wanted at work: a page in "
        f"{TARGET_PAGE_MS:.0f} ms and an entry on another screen in {TARGET_ENTRY_MS:.0f} ms (p95).",
    ]
    print("\n".join(["The clinic under load", "", *words]))
    if asked.write:
        put(asked.write, "The clinic under load", words)


if __name__ == "__main__":
    main()
