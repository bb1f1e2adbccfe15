"""A simulated session written into a mother's real course file: every record is taken, and it runs to its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from matrescence.actions import course
from matrescence.actions.bedside.policy import Policy
from matrescence.actions.bedside.record import Record
from matrescence.bedside.nurse import Nurse
from matrescence.bedside.play import Play
from matrescence.bedside.room import Rhythm, Room
from matrescence.care.infusion.state import Phase, State
from matrescence.formulary import library

JULIA = Path(__file__).parents[3] / "examples" / "courses" / "julia.jsonl"
BEFORE_THE_START = 10  # her records up to the session's own form


def test_julias_session_runs_by_itself_in_her_own_course(tmp_path: Path) -> None:
    file = tmp_path / "julia.jsonl"
    file.write_text("".join(JULIA.read_text("utf-8").splitlines(keepends=True)[:BEFORE_THE_START]), encoding="utf-8")
    at = datetime.fromisoformat("2026-04-21T10:00:00-04:00")

    def write(record: Record, now: datetime) -> State:
        request = course.Request("infusion", dict(record.payload), record.key, record.happened_at, record.by)
        return course.add(file, request, now=now, where=record.key).known.state

    state = write(Record({"command": "start"}, "start-1", at, "N. Silva, RN (invented)"), at)
    assert state.phase is Phase.STARTING
    drug = library.load(state.ordered.drug)
    assert drug.default_model is not None
    room = Room(state.ordered, drug.models[drug.default_model], seed=21, at=at, rhythm=Rhythm(5, 5))
    play = Play(room, "julia", nurse=Nurse(seed=21), policy=Policy(chart_every_s=600), beat_s=10)
    passed = play.advance(at + timedelta(minutes=50), state, write)
    assert passed.state.phase is Phase.COMPLETED
    assert passed.state.questions == ()
    assert room.look().pump.volume_ml > 0
    assert course.show(file, at=room.at)[1].state == passed.state
