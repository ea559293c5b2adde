"""Specification of themes: concepts of passages, frames, strength, and tables whose quotes slice back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted_themes import planted_article, planted_themes

from rare_topics.clauses.dates import find_named_dates
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.records import Passage
from rare_topics.export.run_folder import run_tables
from rare_topics.figures import FIGURES
from rare_topics.study import Study
from rare_topics.themes import ThemeFinder
from rare_topics.themes.frames import FrameIndex, match_frame
from rare_topics.themes.strength import article_strength

THEME_COLUMNS = ["article_id", "theme", "strength", "confidence"]


EVIDENCE_COLUMNS = ["article_id", "theme", "passage_id", "quote", "start", "end", "score"]


@pytest.mark.parametrize(
    ("text", "case"),
    [("精矿流向中国。", "target"), ("卖给中国。", "target"), ("购自中国。", "source"), ("中国卖了。", "doer")],
)
def test_a_verb_tells_how_the_country_behind_it_stands(text: str, case: str, theme_finder: ThemeFinder) -> None:
    assert [mention.case for mention in theme_finder.reader.read(text) if mention.country] == [case]


def test_a_chinese_compound_is_what_its_last_character_names(theme_finder: ThemeFinder) -> None:
    assert {mention.concept for mention in theme_finder.reader.read("那座老矿旁有一家电扇厂。")} >= {"mine", "factory"}


WORDS_OF_FRAMES = ("China", "controls", "exports", "of", "rare", "earths", ",", "by", "Japan", "mines", "lags")
WORDS_OF_FRAMES += ("美国", "依赖", "中国", "稀土", "走私")


@given(text=st.lists(st.sampled_from(WORDS_OF_FRAMES)).map(" ".join))
def test_a_frame_whose_parts_are_not_named_is_not_found(text: str, theme_finder: ThemeFinder) -> None:
    """Neither the frames nor the concepts that are passed over would have given a match."""
    index = FrameIndex(theme.frames for theme in theme_finder.themes)
    all_mentions, needed = theme_finder.reader.read(text), theme_finder.reader.read(text, concepts=index.concepts)
    candidates = index.candidates(needed)
    for number, theme in enumerate(theme_finder.themes):
        expected = [match for frame in theme.frames for match in match_frame(frame, all_mentions)]
        assert expected == [match for frame in candidates.get(number, []) for match in match_frame(frame, needed)]


def passages(*scores: float, title: float = 0.0) -> tuple[list[Passage], dict[str, float]]:
    made = [
        Passage(
            passage_id=str(number), article_id="a", section="", kind="sentence" if number else "title",
            text="x" * 100, start=0, end=100,
        )
        for number in range(len(scores) + 1)
    ]  # fmt: skip
    return made, {str(number): score for number, score in enumerate((title, *scores)) if score}


def test_strength_grows_from_a_passage_in_passing_to_the_whole_article() -> None:
    steps = [(0,) * 24, (0,) * 23 + (1,), (0,) * 18 + (1,) * 6, (1,) * 24]
    assert [article_strength(*passages(*scores)).strength for scores in steps] == [0, 1, 2, 3]


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=12), st.integers(0, 11))
def test_more_evidence_never_weakens_a_theme(scores: Sequence[float], where: int) -> None:
    more = list(scores)
    more[where % len(more)] = 1.0
    weaker, stronger = (article_strength(*passages(*values)) for values in (scores, more))
    assert weaker.strength <= stronger.strength
    assert 0 <= weaker.confidence <= 1


def test_a_theme_carried_by_one_passage_is_less_sure_than_one_carried_by_all() -> None:
    one, all_of_them = (article_strength(*passages(*scores)) for scores in [(0, 1, 0, 0), (1, 1, 1, 1)])
    assert one.confidence < all_of_them.confidence == 1


def test_every_quote_slices_back_to_the_page(study: Study) -> None:
    kinds = {passage.passage_id: passage.kind for passage in study.corpus.passages}
    for table in (study.themes.evidence, study.themes.suppliers):
        assert len(table)
        for row in table.itertuples():
            found = study.corpus[row.article_id]
            text = found.title if kinds[row.passage_id] == "title" else found.body
            assert text[row.start : row.end] == row.quote


def test_the_tables_have_the_columns_of_their_files(study: Study) -> None:
    assert list(study.themes.table.columns) == THEME_COLUMNS
    assert list(study.themes.evidence.columns) == EVIDENCE_COLUMNS
    assert set(study.themes.table["strength"]) == {0, 1, 2, 3}
    assert {"themes", "evidence", "suppliers"} <= set(run_tables(study))
    assert set(study.themes.topic_coverage["share"].between(0, 1)) == {True}


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_long_tables_are_written_in_parts(study: Study, size: int) -> None:
    themes = study.themes
    for whole, parts in ((themes.table, themes.table_parts(size)), (themes.evidence, themes.evidence_parts(size))):
        written = pd.concat(parts, ignore_index=True)
        assert written.to_csv(index=False) == whole.to_csv(index=False)


def test_a_theme_ranks_its_evidence_and_names_what_is_missing(study: Study) -> None:
    theme = study.themes["us_dependence"]
    assert theme.evidence["score"].is_monotonic_decreasing
    assert set(theme.evidence["pages"]) != {""}
    assert len(theme.strength) == len(study.corpus)
    with pytest.raises(KeyError, match="no theme 'nonsense'"):
        study.themes["nonsense"]


def test_what_no_theme_explains_is_listed(theme_finder: ThemeFinder) -> None:
    rest = planted_themes(
        theme_finder, planted_article("News", "China controls its rare earth exports.", "The weather was fine.")
    ).uncovered_passages
    assert "The weather was fine." in set(rest["quote"])
    assert not rest["quote"].str.contains("controls").any()


def test_more_articles_do_not_change_the_themes_of_the_old_ones(theme_finder: ThemeFinder) -> None:
    one = planted_article("News", "Russia mines rare earths.", name="one")
    other = planted_article("News", "Greenland holds rare earth reserves.", name="other")
    alone, together = planted_themes(theme_finder, one).table, planted_themes(theme_finder, one, other).table
    kept = together[(together["article_id"] == "one") & together["theme"].isin(alone["theme"])]
    assert kept.reset_index(drop=True).equals(alone)


def test_months_are_counted_by_the_printed_date_and_empty_ones_stay_empty(theme_finder: ThemeFinder) -> None:
    text = "Russia mines rare earths."
    days = ["2025-05-02", "2025-05-09", "2025-05-20", "2025-07-01"]
    found = planted_themes(theme_finder, *(planted_article("News", text, name=day, published=day) for day in days))
    table = found["alt_supplier_russia"].over_time.set_index("month")
    assert list(table["n_articles"]) == [3, 0, 1]
    assert list(table.loc["2025-05", ["share", "low", "high"]]) == [1, 1, 1]
    assert table.loc["2025-06", "share":].isna().all()
    assert table.loc["2025-07", ["low", "high"]].isna().all()


def test_a_later_article_does_not_move_an_earlier_month(theme_finder: ThemeFinder) -> None:
    early = [
        planted_article("News", "Russia mines rare earths.", name=str(n), published=f"2025-05-0{n}")
        for n in range(1, 6)
    ]
    late = planted_article("News", "The weather was fine.", name="late", published="2025-09-01")
    before, after = planted_themes(theme_finder, *early).over_time, planted_themes(theme_finder, *early, late).over_time
    may = after[after["month"] == "2025-05"].reset_index(drop=True)
    assert may.equals(before.reset_index(drop=True))


@pytest.mark.parametrize(
    ("text", "dates", "suspect"),
    [
        ("Following October 9, 2023, China tightened.", ["2023-10-09"], True),
        ("On October 9 and on 4 April 2025.", ["2025-10-09", "2025-04-04"], False),
        ("2025年10月9日,新规出台,12月恢复。", ["2025-10-09", "2025-12"], False),
        ("They may produce 9 tons; March of 2,000 people.", [], False),
        ("6月底前。", ["2025-06"], False),
        ("From January to August 2025 exports fell.", ["2025-01"], False),
        ("In 2024, in Q1 2025 and in the 1990s.", [], False),
    ],
)
def test_dates_of_events_are_kept_apart_and_slips_are_flagged(text: str, dates: list[str], *, suspect: bool) -> None:
    found = list(find_named_dates(text, published=datetime.fromisoformat("2025-10-20"), offset=7))
    assert [event.date for event in found] == dates
    assert any(event.suspect for event in found) is suspect
    assert all(text[event.start - 7 : event.end - 7] == event.printed for event in found)


def test_the_timeline_marks_a_date_whose_year_is_a_slip(study: Study) -> None:
    """An article of October 2025 says October 9, 2023, where others say 2025."""
    table = FIGURES["control_timeline"].table(study)
    assert table.loc[table["is_doubtful"], "date"].tolist() == ["2023-10-09"]


def test_a_month_without_a_year_lies_before_the_publication() -> None:
    found = next(find_named_dates("In December 12 firms", published=datetime.fromisoformat("2026-01-05")))
    assert found.date == "2025-12-12"


def test_what_a_page_prints_cannot_break_a_notebook(theme_finder: ThemeFinder) -> None:
    found = planted_themes(
        theme_finder, planted_article("News", "China controls rare earth exports <script>alert(1)</script>.")
    )
    html = found["chinese_controls"]._repr_html_() + found._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_order_of_articles_does_not_matter(theme_finder: ThemeFinder) -> None:
    made = [
        planted_article("News", text, name=name) for name, text in [("a", "Russia mines terbium."), ("b", "Soybeans.")]
    ]
    one, other = (theme_finder.find_themes(Corpus(tuple(order))).table for order in (made, made[::-1]))
    keys = ["article_id", "theme"]
    assert one.sort_values(keys, ignore_index=True).equals(other.sort_values(keys, ignore_index=True))
