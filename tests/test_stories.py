"""Specification of articles that tell one story: their numbers are put side by side, whatever they are called."""

from __future__ import annotations

import pytest

from rare_topics.claims import Claims
from tests.test_claims import read_claims

# One event in both languages, with other words for what the numbers measure.
PERU = (
    "Lima's tin smelter at Pisco restarted on 3 March 2026 after a pause of 26 months, Minsur said. It is rated at "
    "31,500 tonnes a year, and its owner has sunk $187 million into the furnaces. Bolivia supplies 45% of its feed. "
    "Some 640 people found work. Ore grades of 1.83% are expected."
)
PERU_ZH = (
    "停了26个月之后,秘鲁皮斯科的锡厂2026年3月3日重新点火。工厂年产31500吨,改造炉子花了1.87亿美元,原料有四成五"
    "从玻利维亚买。当地640人因此有了工作。预计矿石品位1.8%。"
)


def partners(found: Claims) -> set[tuple[float, ...]]:
    """Return the values of each group, in order."""
    table = found.disagreements
    return {tuple(sorted(group["value"])) for _, group in table.groupby("group")}


class TestOneStory:
    """Numbers that two articles on one event share."""

    def test_equal_numbers_are_partners_whatever_they_are_called(self) -> None:
        found = partners(read_claims(PERU, PERU_ZH))
        assert {(31500.0, 31500.0), (187e6, 187e6), (640.0, 640.0)} <= found

    def test_a_rounded_number_meets_the_precise_one(self) -> None:
        assert (1.8, 1.83) in partners(read_claims(PERU, PERU_ZH))

    def test_a_number_changed_in_translation_contradicts(self) -> None:
        titles = ["Peru's tin smelter is back", "秘鲁锡厂复工"]
        found = read_claims(PERU, PERU_ZH.replace("1.87亿", "2.4亿"), titles=titles)
        verdicts = dict(found.disagreements[["value", "verdict"]].to_numpy())
        assert verdicts[187e6] == verdicts[240e6] == "contradict"

    def test_the_verdict_of_one_story_is_no_matter_of_words(self) -> None:
        found = read_claims(PERU, PERU_ZH).disagreements
        assert set(found["verdict"]) <= {"agree", "agree at different precision"}

    @pytest.mark.parametrize(
        "other",
        [
            # Three numbers that many articles have, and a thing apart.
            "Norway will take 26 months to open its zinc mine; 45% of the ore goes to Spain.",
            "缅甸的税从每吨3万元提到5万元。",
            "Ghana's cocoa harvest fell by 45% in March.",
        ],
    )
    def test_other_stories_have_no_partners(self, other: str) -> None:
        assert partners(read_claims(PERU, other)) == set()

    def test_two_amounts_are_partners_with_their_own(self) -> None:
        """A price now and one before, told twice, are two groups and not one that contradicts itself."""
        english = (
            "In Antwerp gallium fetched $612 a kilo on May 7, against $388 before the strike. "
            "Traders hold 14.5 tonnes, which lasts 33 days, and 71% of it is Korean."
        )
        chinese = (
            "5月7日,安特卫普的镓报每公斤612美元,罢工之前只有388美元。贸易商手里有14.5吨,够用33天,其中71%来自韩国。"
        )
        found = read_claims(english, chinese, published="2026-05-08")
        assert {(612.0, 612.0), (388.0, 388.0)} <= partners(found)
        assert "contradict" not in set(found.disagreements["verdict"])


class TestTimes:
    """Which states are compared."""

    def test_a_month_is_not_compared_with_a_year(self) -> None:
        bodies = (
            "Chile exported 41,300 tons of lithium in 2025.",
            "Chile exported 5,120 tons of lithium in February 2025.",
        )
        assert partners(read_claims(*bodies)) == set()

    def test_months_are_compared(self) -> None:
        bodies = (
            "Chile exported 6,700 tons of lithium in January 2025.",
            "Chile exported 5,120 tons of lithium in February 2025.",
        )
        assert set(read_claims(*bodies).disagreements["verdict"]) == {"differ by date"}

    def test_roundings_that_only_touch_are_two_values(self) -> None:
        bodies = ("Kenya has 140 engineers.", "Kenya has 150 engineers.")
        assert set(read_claims(*bodies).disagreements["verdict"]) == {"differ"}
