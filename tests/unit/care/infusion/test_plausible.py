import pytest

from matrescence.care.infusion.plausible import body_mass_index, looks_like_pounds


def test_body_mass_index_is_weight_over_height_squared() -> None:
    assert body_mass_index(weight_kg=70, height_cm=175) == pytest.approx(22.857, abs=1e-3)


@pytest.mark.rule("plan.looks_like_pounds")
@pytest.mark.parametrize(
    ("weight_kg", "height_cm", "expected"),
    [
        (154, 165, True),  # 70 kg in pounds
        (70, 165, False),
        (120, 172, False),
        (150, 170, True),  # 68 kg in pounds: a warning, not an error, for she may be heavy
        (260, 165, False),  # heavy even in pounds (118 kg, 43 kg/m2): no ordinary weight was misread
        (154, None, False),
    ],
)
def test_a_weight_that_reads_like_pounds(weight_kg: float, height_cm: float | None, expected: bool) -> None:
    assert looks_like_pounds(weight_kg=weight_kg, height_cm=height_cm) is expected
