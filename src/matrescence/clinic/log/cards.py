"""What the lists show of a course: kept beside the log, made from it, and made again from it at any time."""

from __future__ import annotations

from matrescence.care.journey.known import Known
from matrescence.care.journey.words import Ground
from matrescence.clinic.log.models import Card


def keep_card(course_id: str, known: Known, ground: Ground, position: int) -> None:
    """Write down what the lists show of this course now."""
    mother = known.mother
    shown = {
        "position": position,
        "name": "" if mother is None else mother.name,
        "drug": ground.drug.name,
        "phase": known.state.phase.value,
    }
    if not Card.objects.filter(stream_id=course_id).update(**shown):
        Card.objects.create(stream_id=course_id, **shown)


def rebuild_cards() -> int:
    """Throw every card away and make it again from the log; return how many there are now."""
    from matrescence.clinic.log.courses import course_ids, open_course

    Card.objects.all().delete()
    names = course_ids()
    for name in names:
        opened = open_course(name)
        keep_card(name, opened.known, opened.ground, opened.position)
    return len(names)
