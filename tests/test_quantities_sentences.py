"""Specification of reading numbers: sentences of every kind, with all of their quantities and none more."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import rare_topics as rt

SENTENCES = json.loads((Path(__file__).parent / "number_sentences.json").read_text("utf-8"))
TEXTS = [sentence["text"] for sentence in SENTENCES]


@pytest.fixture(scope="module")
def claims_of(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Claims of each sentence but its dates, read from a table as a user gives one."""
    file = tmp_path_factory.mktemp("sentences") / "sentences.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "title", "text"])
        rows.writerows([[text, "Note" if text[0].isascii() else "记事", text] for text in TEXTS])
    claims: dict[str, list[dict[str, Any]]] = {text: [] for text in TEXTS}
    for claim in rt.Claims(rt.read_table(file)).claims:
        quantity = claim.quantity
        if quantity.kind != "date":
            values = {"value": quantity.value, "high": quantity.value_high, "unit": quantity.unit}
            words = {"kind": quantity.kind, "qual": quantity.qualifier, "as_of": claim.as_of}
            claims[claim.article_id].append(values | words)
    return claims


def is_as_asked(asked: dict[str, Any], found: dict[str, Any], *, any_sign: bool) -> bool:
    """Whether a claim has what is asked for; what is not named is not asked for, a list names alternatives."""
    value = abs(found["value"]) if any_sign else found["value"]
    if value != pytest.approx(abs(asked["value"]) if any_sign else asked["value"], rel=1e-3):
        return False
    high = asked.get("high")
    if high != "any" and (found["high"] is None) != (high is None):
        return False
    if high not in {None, "any"} and found["high"] != pytest.approx(high, rel=1e-3):
        return False
    names = [name for name in ("unit", "kind", "qual", "as_of") if asked.get(name) is not None]
    return all(found[name] in (asked[name] if isinstance(asked[name], list) else [asked[name]]) for name in names)


@pytest.mark.parametrize("sentence", SENTENCES, ids=[f"{one['kind']}: {one['text']}" for one in SENTENCES])
def test_a_sentence_has_these_quantities_and_none_more(
    sentence: dict[str, Any], claims_of: dict[str, list[dict[str, Any]]]
) -> None:
    found = claims_of[sentence["text"]]
    any_sign = sentence.get("any_sign", False)
    assert any(
        len(accepted) == len(found)
        and all(is_as_asked(asked, one, any_sign=any_sign) for asked, one in zip(accepted, found, strict=True))
        for accepted in sentence["accepted"]
    ), found
