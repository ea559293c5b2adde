"""Specification of changes: which group is which, and what became of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.study.changes import group_changes, match_groups

GROUPS = st.dictionaries(st.integers(0, 4), st.frozensets(st.sampled_from("abcdefgh"), min_size=1), max_size=5)


def groups(**members: str) -> dict[int, frozenset[str]]:
    return {int(name.removeprefix("g")): frozenset(articles) for name, articles in members.items()}


def became(before: dict[int, frozenset[str]], after: dict[int, frozenset[str]]) -> dict[int, tuple[str, int | None]]:
    return {change.group: (change.change, change.other) for change in group_changes(before, after)}


def indicators(*labels: int) -> np.ndarray:
    return (np.array(labels)[:, None] == np.arange(max(labels) + 1)).astype(float)


class TestSameGroups:
    """Groups are matched one to one by the articles they share."""

    def test_other_numbers_for_the_same_groups(self) -> None:
        assert match_groups(indicators(0, 0, 1, 1, 2), indicators(2, 2, 0, 0, 1)) == {2: 0, 0: 1, 1: 2}

    def test_a_group_that_shares_too_little_is_another(self) -> None:
        assert match_groups(indicators(0, 0, 0, 0), indicators(0, 1, 2, 3)) == {}

    def test_equal_groups_that_share_half_are_the_same(self) -> None:
        assert set(match_groups(indicators(0, 0, 1, 1), indicators(0, 1, 0, 1))) == {0, 1}
        assert match_groups(indicators(0, 0, 0, 1, 1, 1), indicators(0, 1, 2, 0, 1, 2)) == {}

    def test_weights_are_compared_like_members(self) -> None:
        before = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9]])
        assert match_groups(before, before[:, ::-1]) == {0: 1, 1: 0}
        assert match_groups(before, np.full((3, 2), 0.5), least=0.9) == {}

    def test_without_groups_nothing_is_matched(self) -> None:
        assert match_groups(np.zeros((3, 0)), indicators(0, 0, 1)) == {}


class TestChanges:
    """Each group's fate in one word, with the articles that did it."""

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            (groups(g0="ab"), groups(g0="ab"), {0: ("same", None)}),
            (groups(g0="ab"), groups(g0="abc"), {0: ("grown", None)}),
            (groups(g0="abc"), groups(g0="ab"), {0: ("shrunk", None)}),
            (groups(g0="abc"), groups(g0="abd"), {0: ("changed", None)}),
            (groups(g0="ab"), groups(g0="ab", g1="cd"), {0: ("same", None), 1: ("new", None)}),
            (groups(g0="abcd"), groups(g0="ab", g1="cd"), {0: ("shrunk", None), 1: ("split", 0)}),
            (groups(g0="ab", g1="cd"), groups(g0="abcd"), {0: ("grown", None), 1: ("merged", 0)}),
            (groups(g0="ab", g1="cd"), groups(g0="ab"), {0: ("same", None), 1: ("died", None)}),
            (groups(g0="ab", g1="cd", g2="ef"), groups(g0="abc", g2="efd"),
             {0: ("grown", None), 1: ("died", None), 2: ("grown", None)}),
            (groups(), groups(g3="ab"), {3: ("new", None)}),
            (groups(), groups(), {}),
        ],
        ids=["same", "grown", "shrunk", "changed", "new", "split", "merged", "died", "scattered", "first", "nothing"],
    )  # fmt: skip
    def test_what_became_of_each(self, before, after, said) -> None:
        assert became(before, after) == said

    @given(GROUPS, GROUPS)
    def test_every_article_that_came_or_went_is_named(self, before, after) -> None:
        for change in group_changes(before, after):
            was, now = before.get(change.group, frozenset()), after.get(change.group, frozenset())
            assert (was | {*change.joined}) - {*change.left} == now
            assert (change.change == "same") == (was == now)

    @given(GROUPS)
    def test_nothing_became_of_what_stayed(self, before) -> None:
        assert {change.change for change in group_changes(before, before)} <= {"same"}
