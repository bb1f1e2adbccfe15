from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from matrescence.handouts.schema import plan_schema

Plan = dict[str, Any]
VALIDATOR = Draft202012Validator(plan_schema())


def complaints(plan: Plan) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(plan)]


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(plan_schema())


def test_every_plan_of_every_example_fits_the_schema(any_plan: Plan) -> None:
    assert complaints(any_plan) == []


@pytest.mark.parametrize(
    "key",
    list(plan_schema()["required"]),
)
def test_a_plan_that_lacks_a_required_key_does_not_fit(key: str, ana: Plan) -> None:
    del ana[key]
    assert complaints(ana) == [f"{key!r} is a required property"]


def test_a_broken_plan_does_not_fit(ana: Plan) -> None:
    ana["pump_steps"][0]["rate_ml_per_h"] = "2.1 mL/h"
    ana["forecast"]["grade"] = "A+"
    ana["side_effects"][0]["per_100"] = 130
    ana["start"] = "7 March, eight o'clock"
    ana["bags"][0]["number"] = 0
    ana["lactation"][0]["feed_again_at"] = "2026-03-07 08:00"
    assert len(complaints(ana)) == 6


def test_a_clock_time_needs_its_offset(ana: Plan) -> None:
    ana["checks"][0]["at"] = "2026-03-07T08:00:00"
    assert len(complaints(ana)) == 1


def test_every_field_is_described() -> None:
    def undescribed(name: str, node: Any) -> list[str]:
        if not isinstance(node, dict) or not node:
            return []
        found = [
            f"{name}.{key}"
            for key, field in node.get("properties", {}).items()
            if "description" not in field and "$ref" not in field
        ]
        children = {**node.get("properties", {}), "[]": node.get("items", {})}
        return found + [item for key, child in children.items() for item in undescribed(f"{name}.{key}", child)]

    assert undescribed("plan", plan_schema()) == []


def test_every_key_that_a_plan_holds_is_described(any_plan: Plan) -> None:
    schema = plan_schema()

    def meant(node: dict[str, Any]) -> list[dict[str, Any]]:
        """The node with its reference followed, and every alternative in it."""
        while "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        return [node, *(found for choice in node.get("anyOf", ()) for found in meant(choice))]

    def unknown(name: str, value: Any, node: dict[str, Any]) -> list[str]:
        found: list[str] = []
        if isinstance(value, dict) and any("properties" in one or "additionalProperties" in one for one in meant(node)):
            known = {key: child for one in meant(node) for key, child in one.get("properties", {}).items()}
            other = next((one["additionalProperties"] for one in meant(node) if "additionalProperties" in one), None)
            for key, inner in value.items():
                child = known.get(key, other)
                found += [f"{name}.{key}"] if child is None else unknown(f"{name}.{key}", inner, child)
        elif isinstance(value, list):
            for item in value:
                found += unknown(f"{name}[]", item, next(one["items"] for one in meant(node) if "items" in one))
        return found

    assert unknown("plan", any_plan, schema) == []


def test_what_never_happens_fits_the_schema(ana: Plan) -> None:
    ana["forecast"]["milk_below_10_ng_per_ml_after_end_h"] = {"p05": 3.0, "p50": 16.0, "p95": None}
    assert complaints(ana) == []
