"""A mother's browser, her link, and the way through the questions.  Everybody is invented, and so is every wording."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from clinic_examples import NOW
from django.http import HttpResponse
from django.test import Client

from matrescence.actions.course import Request
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log import courses, site
from matrescence.clinic.own.questions import Question, questions
from matrescence.clinic.own.tokens import hashed, make_link
from matrescence.clinic.people.models import MotherLink
from matrescence.instruments.library import load

STAFF = "N. Silva, RN (invented)"


@dataclass
class Her:
    """One browser of hers, on the pages of one link."""

    token: str
    course: str
    browser: Client = field(default_factory=Client)

    @property
    def link(self) -> MotherLink:
        """The link as it is now."""
        return MotherLink.objects.get(stream=self.course, token_hash=hashed(self.token))

    @property
    def home(self) -> str:
        """Where her pages begin."""
        return f"/s/{self.token}/"

    def get(self, place: str = "") -> HttpResponse:
        """Open one of her pages."""
        return self.browser.get(self.home + place)

    def begin(self) -> HttpResponse:
        """Tap Begin."""
        return self.browser.post(self.home)

    def asked(self) -> tuple[Question, ...]:
        """The questions as they are asked now."""
        link = self.link
        visit = getattr(link, "visit", None)
        return questions(link, visit.answers if visit else {}, link.language)

    def answer(self, key: str, sent: str, **more: str) -> HttpResponse:
        """Answer one question, wherever it stands."""
        number = [question.key for question in self.asked()].index(key) + 1
        return self.browser.post(f"{self.home}{number}/", {"question": key, "answer": sent, **more})

    def answer_all(self, sent: str = "rather-not", **others: str) -> None:
        """Answer every open question alike, but for those named (``phq9_9="1"``); questions of ours with no."""
        for _ in range(60):
            left = [q for q in self.asked() if q.key not in self.link.visit.answers]
            if not left:
                return
            here = left[0]
            usual = sent if here.choice(sent) else "no"
            self.answer(here.key, others.get(here.key.replace(":", "_"), usual))
        raise AssertionError("the questions do not end")

    def send(self) -> HttpResponse:
        """Send her answers."""
        return self.browser.post(f"{self.home}check/")

    def known(self) -> Any:
        """Everything her course tells."""
        return courses.open_course(self.course).known


@pytest.fixture
def linked(begun: Callable[..., str]) -> Callable[..., Her]:
    """Make a link to her pages, for Julia's course."""
    made: dict[str, str] = {}

    def link(
        *scales: str, purpose: str = MotherLink.SCREENING, language: str = "en", days: float = 3, course: str = ""
    ) -> Her:
        stream = course or made.setdefault("course", "") or begun()
        made["course"] = stream
        new = make_link(
            stream, purpose=purpose, scales=list(scales), language=language, made_by=STAFF, at=now(),
            valid_for=timedelta(days=days),
        )  # fmt: skip
        return Her(new.token, stream)

    return link


@pytest.fixture
def opened(linked: Callable[..., Her]) -> Callable[..., Her]:
    """The same, and she has tapped Begin."""

    def begin(*scales: str, **more: Any) -> Her:
        her = linked(*scales, **more)
        her.begin()
        return her

    return begin


@pytest.fixture
def worded(db: None) -> Callable[..., None]:
    """The site puts in its own wording of a scale: invented sentences, one for each item."""

    def put_in(*names: str) -> None:
        for name in names:
            site.add(Request("wording", _invented(name), id=f"wording-{name}", by=STAFF), now=NOW)

    return put_in


def _invented(name: str) -> dict[str, Any]:
    items = {
        item.key: {
            "text": f"Invented question {item.number}",
            "options": [f"Invented answer {place}" for place in range(1, item.high - item.low + 2)],
        }
        for item in load(name).items
    }
    return {"scale": name, "permission": "Invented, for a test", "file": "invented.toml", "table": {"items": items}}


@pytest.fixture
def words_of() -> Callable[[HttpResponse], str]:
    """What a page says, without its tags."""

    def said(response: HttpResponse) -> str:
        body = re.sub(r"(?s)<(head|script|style)[^>]*>.*?</\1>", " ", response.content.decode())
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()

    return said
