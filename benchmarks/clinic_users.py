"""Fifty people at work: each with a session and a connection of her own, looking, writing, watching a live page."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

WORK = {
    "worklist": 18,
    "her page": 14,
    "live page": 14,
    "live snapshot": 6,
    "assessment": 6,
    "eligibility": 5,
    "plan what-if": 7,
    "history": 6,
    "form of an act": 12,
    "record": 12,
}
"""How often each kind of page is asked for, of a hundred."""
TOKEN = "b" * 32
MOST_S = 30.0
Fields = dict[str, str] | None


@dataclass(slots=True)
class Measured:
    """Seconds of every answer by kind of page, of every entry until it stood on another screen, and what went wrong."""

    pages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seen_after: list[float] = field(default_factory=list)
    entered: dict[str, float] = field(default_factory=dict)
    unseen: int = 0
    wrong: list[str] = field(default_factory=list)
    messages: int = 0


@dataclass(slots=True)
class Browser:
    """One connection that is kept open, with cookies."""

    port: int
    cookie: str
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, fields: Fields = None) -> tuple[int, dict[str, str], bytes]:
        """One request and its whole answer; a redirect is not followed."""
        await self.send(method, path, fields)
        status, headers = await self.head()
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join([part async for part in self.chunks()])
        else:
            assert self.reader is not None
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.close()
        return status, headers, body

    async def send(self, method: str, path: str, fields: Fields = None) -> None:
        """Send one request; a connection that the server has closed meanwhile is opened anew, as a browser does."""
        if self.reader is not None and self.reader.at_eof():
            self.close()
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields}) if fields is not None else ""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Cookie: {self.cookie}"]
        if fields is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self.writer.write("\r\n".join([*lines, "", body]).encode())
        await self.writer.drain()

    async def head(self) -> tuple[int, dict[str, str]]:
        """The status of the answer and its headers."""
        assert self.reader is not None
        text = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rest = text.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        return int(first.split()[1]), headers

    async def chunks(self) -> AsyncIterator[bytes]:
        """The parts of an answer that comes in parts."""
        assert self.reader is not None
        while size := int(await self.reader.readline(), 16):
            yield await self.reader.readexactly(size)
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


@dataclass(slots=True)
class User:
    """Somebody at work: what she does next is drawn, with the pauses of people or with none."""

    number: int
    browser: Browser
    home: dict[str, Any]
    measured: Measured
    think_s: tuple[float, float]

    async def work(self, until: float) -> None:
        """Work until the time is over; one of them all does nothing but write a note every second."""
        drawn = random.Random(self.number)
        writes_only = self.number == 0
        think_s = min(self.think_s, (0.8, 1.2)) if writes_only else self.think_s
        await asyncio.sleep(drawn.uniform(0.0, think_s[1] / 2))
        while time.monotonic() < until:
            kind = "record" if writes_only else drawn.choices(list(WORK), list(WORK.values()))[0]
            try:
                await asyncio.wait_for(self.do(kind, drawn), MOST_S)
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                self.measured.wrong.append(f"{kind}: {type(error).__name__}")
                self.browser.close()
            await asyncio.sleep(drawn.uniform(*think_s))

    async def do(self, kind: str, drawn: random.Random) -> None:
        """One thing: a page, or a form that is sent."""
        running, any_of = drawn.choice(self.home["running"]), drawn.choice(self.home["running"] + self.home["others"])
        if kind == "record":
            await self.record(running, drawn)
            return
        paths = {
            "worklist": "/worklist/",
            "her page": f"/mothers/{any_of}/",
            "live page": f"/mothers/{running}/infusion/",
            "live snapshot": f"/mothers/{running}/infusion/snapshot",
            "assessment": f"/mothers/{any_of}/assessment/",
            "eligibility": f"/mothers/{any_of}/eligibility/",
            "plan what-if": f"/mothers/{running}/plan/?regimen=label-90&weight_kg={drawn.randint(55, 95)}",
            "history": f"/mothers/{any_of}/history/",
            "form of an act": f"/mothers/{running}/infusion/do/observe/?reading=blood-pressure",
        }
        await self.timed(kind, "GET", paths[kind])

    async def record(self, course: str, drawn: random.Random) -> None:
        """A note, a reading or a check at the bedside; the note is looked for on another screen."""
        key, upper = uuid.uuid4().hex, str(drawn.randint(105, 125))
        forms = [
            ("write-note", {"text": f"She rests ({key})."}),
            ("write-note", {"text": f"She has eaten ({key})."}),
            ("observe", {"reading": "blood-pressure", "systolic_mmhg": upper, "diastolic_mmhg": "71"}),
            ("observe", {"reading": "sedation", "excessive": "no", "scale": "", "score": ""}),
        ]
        act, fields = drawn.choice(forms[:2] if self.number == 0 else forms)
        if act == "write-note":
            self.measured.entered[key] = time.monotonic()
        await self.timed("record", "POST", f"/mothers/{course}/infusion/do/{act}/", {"key": key, **fields})

    async def timed(self, kind: str, method: str, path: str, fields: Fields = None) -> None:
        """Ask, and remember how long the whole answer took."""
        began = time.monotonic()
        status, headers, _ = await self.browser.ask(method, path, fields)
        self.measured.pages[kind].append(time.monotonic() - began)
        wanted = (200,) if fields is None else (302,)
        if status not in wanted or "/accounts/" in headers.get("location", ""):
            self.measured.wrong.append(f"{kind}: {status} {headers.get('location', '')}")


async def watch(browser: Browser, course: str, measured: Measured) -> None:
    """Keep a live page open: every entry that comes through its stream is met on this second screen."""
    await browser.send("GET", f"/mothers/{course}/infusion/stream")
    status, _ = await browser.head()
    if status != 200:
        measured.wrong.append(f"stream: {status}")
        return
    try:
        async for part in browser.chunks():
            measured.messages += 1
            if b"event: snapshot" in part:
                text, now = part.decode(), time.monotonic()
                for key in [key for key in measured.entered if key in text]:
                    measured.seen_after.append(now - measured.entered.pop(key))
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        measured.wrong.append(f"stream: {type(error).__name__}")


async def phase(home: dict[str, Any], port: int, *, seconds: float, think_s: tuple[float, float]) -> Measured:
    """Everybody at work for so long, each running infusion watched on two more screens."""
    measured = Measured()
    cookies = [f"{home['session_cookie']}={key}; {home['token_cookie']}={TOKEN}" for key in home["sessions"]]
    watchers = [
        asyncio.create_task(watch(Browser(port, cookies[number % len(cookies)]), course, measured))
        for number, course in enumerate(home["running"] * 2)
    ]
    until = time.monotonic() + seconds
    users = [User(n, Browser(port, cookie), home, measured, think_s) for n, cookie in enumerate(cookies)]
    await asyncio.gather(*(user.work(until) for user in users))
    await asyncio.sleep(1.0)  # what was entered last may still come through
    for task in watchers:
        task.cancel()
    await asyncio.gather(*watchers, return_exceptions=True)
    for user in users:
        user.browser.close()
    measured.unseen = len(measured.entered)
    return measured


def percentile(values: list[float], share: float) -> float:
    """The smallest value that this share of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


def told(measured: Measured, seconds: float) -> dict[str, Any]:
    """A phase in numbers: pages in a second, and milliseconds by kind of page."""
    everything = [value for values in measured.pages.values() for value in values]
    kinds = {"all pages": everything, **{kind: measured.pages[kind] for kind in WORK if kind in measured.pages}}
    if measured.seen_after:
        kinds["entry on another screen"] = measured.seen_after
    rows = {
        kind: {"count": len(values), **{f"p{p}_ms": 1e3 * percentile(values, p / 100) for p in (50, 95, 99)}}
        for kind, values in kinds.items()
    }
    return {
        "pages_per_s": len(everything) / seconds,
        "stream_messages": measured.messages,
        "unseen": measured.unseen,
        "wrong": measured.wrong,
        "kinds": rows,
    }


def run(file: str, port: int, seconds: float, think_s: tuple[float, float]) -> dict[str, Any]:
    """One phase in this process."""
    home = json.loads(Path(file).read_text(encoding="utf-8"))
    return told(asyncio.run(phase(home, port, seconds=seconds, think_s=think_s)), seconds)
