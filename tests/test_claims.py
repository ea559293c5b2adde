"""Specification of claims: what a number is said of, which claims belong together, and whether they can all be true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.claims import VERDICTS, Claim, Claims
from rare_topics.claims.claims import COLUMNS
from rare_topics.claims.comparison import DISAGREEMENT_COLUMNS
from rare_topics.claims.measures import measures
from rare_topics.claims.verdicts import PRECISION, verdict
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.languages import language_of
from rare_topics.corpus.records import Article
from rare_topics.lexicon import Lexicon
from rare_topics.quantities import KINDS
from rare_topics.quantities.units import currency_of_country
from rare_topics.text.segmenter import Segmenter

LEXICON = Lexicon()
SEGMENTER = Segmenter(LEXICON.words)


def article(number: int, body: str, *, title: str = "", published: str = "2025-10-20") -> Article:
    """Make an article of one body."""
    return Article(
        article_id=f"a{number}",
        title=title,
        body=body,
        published=datetime.fromisoformat(published),
        body_lang=language_of(body),
    )


def read_claims(*bodies: str, titles: Sequence[str] = (), published: str = "2025-10-20") -> Claims:
    """Read the claims of articles with these bodies."""
    named = [*titles, *[""] * (len(bodies) - len(titles))]
    articles = tuple(
        article(number, body, title=title, published=published)
        for number, (body, title) in enumerate(zip(bodies, named, strict=True))
    )
    return Claims(Corpus(articles), lexicon=LEXICON, segmenter=SEGMENTER)


def verdict_of_group(found: Claims) -> dict[str, str]:
    """Return the verdict of each group, by name."""
    return dict(found.disagreements[["group", "verdict"]].to_numpy())


@pytest.fixture(scope="module")
def seed_claims(seeds: Corpus) -> Claims:
    """Give the claims of the embedded pages."""
    return Claims(seeds, lexicon=LEXICON, segmenter=SEGMENTER)


class TestSubjects:
    """What is measured, of what, and where."""

    @pytest.mark.parametrize(
        ("body", "subject"),
        [
            ("China controls 92% of rare earth refining.", "processing share · rare_earths · china"),
            ("全球超过80%的稀土精炼产能集中在中国。", "processing share · rare_earths · china"),
            ("China accounts for nearly 70% of rare earth mining.", "mining share · rare_earths · china"),
            ("Myanmar's exports of dysprosium fell by 53%.", "export change · dysprosium · myanmar"),
            ("印度对中国钢铁征收12%的关税。", "tariff rate · steel · india"),
            ("Russia ranks fifth in the world by rare earth reserves.", "reserves rank · rare_earths · russia"),
            ("The US needs at least 20 years to catch up with China.", "catch-up time · usa"),
            ("The price of neodymium exceeded $98,000 per ton.", "price · neodymium"),
            ("The price of neodymium exceeded 980,000 yuan per ton.", "price · neodymium · china"),
            ("中国氧化镝的市场价为每千克4到7美元。", "price · dysprosium · china"),
        ],
    )
    def test_a_subject_is_the_same_in_both_languages(self, body: str, subject: str) -> None:
        assert read_claims(body).table["subject"].tolist() == [subject]

    def test_shares_side_by_side_have_a_subject_each(self) -> None:
        found = read_claims("China controls approximately 60%-70% of mining and 85%-90% of refining.").table
        assert [subject.split(" · ")[0] for subject in found["subject"]] == ["mining share", "processing share"]
        assert found["value_high"].tolist() == [70, 90]

    def test_the_other_side_of_a_relation_is_not_the_place(self) -> None:
        found = read_claims("Over 90% of US rare earth imports come from China.").table
        assert found["subject"].item().endswith("usa")

    @pytest.mark.parametrize(
        ("body", "dates"),
        [
            ("Its refining share rose from 85% in 2022 to 91% by 2024.", ["2022", "2024"]),
            ("出口量从2009年的5万吨降至2011年的约3万吨。", ["2009", "2011"]),
            ("In July 2025, 3,834 tons of oxides were shipped.", ["2025-07"]),
            ("GDP grew by 5.4%.", [""]),
        ],
    )
    def test_a_claim_holds_at_the_date_the_text_says(self, body: str, dates: list[str]) -> None:
        assert read_claims(body).table["as_of"].tolist() == dates

    def test_a_bare_sum_takes_the_currency_of_its_article_or_country(self) -> None:
        found = read_claims("Russia will invest 700 billion rubles in rare earths.", titles=["俄罗斯砸7000亿"]).table
        assert found["unit"].tolist() == ["RUB", "RUB"]
        assert read_claims("美国砸5亿买稀土。").table["unit"].tolist() == ["USD"]


class TestGroups:
    """Which claims belong together, and whether they can all be true."""

    def test_both_languages_meet_in_one_group(self) -> None:
        found = read_claims("China controls 90% of rare earth processing.", "中国控制着全球90%的稀土加工。")
        assert verdict_of_group(found) == {"processing share · rare_earths · china": "agree"}
        assert found.disagreements["article_id"].tolist() == ["a0", "a1"]

    @pytest.mark.parametrize(
        ("bodies", "verdict"),
        [
            (("China controls 92% of rare earth refining.", "China controls 92% of rare earth processing."), "agree"),
            (
                ("China controls over 80% of rare earth refining.", "China controls 92% of rare earth refining."),
                "agree at different precision",
            ),
            (
                ("China held 85% of rare earth refining in 2022.", "China held 92% of rare earth refining in 2024."),
                "differ by date",
            ),
            (("China controls 60% of rare earth refining.", "China controls 92% of rare earth refining."), "differ"),
            (
                ("The US imported 3,834 tons of antimony.", "The US imported 3,834 tons of rare earth oxides."),
                "differ by definition",
            ),
            (
                (
                    "The US needs $10-15 billion to catch up with China.",
                    "The US needs $5 trillion to catch up with China.",
                ),
                "implausible",
            ),
        ],
    )
    def test_a_group_has_a_verdict(self, bodies: tuple[str, str], verdict: str) -> None:
        assert list(verdict_of_group(read_claims(*bodies)).values()) == [verdict]

    @pytest.mark.parametrize(
        ("numbers", "related", "copies", "expected"),
        [
            (("80%", "90%"), True, False, "contradict"),
            (("80%", "90%"), False, False, "differ"),
            (("90%", "90%"), True, True, "agree as copies of one text"),
            (("90%", "90%"), True, False, "agree"),
        ],
    )
    def test_tellings_of_one_story_contradict_and_copies_are_no_agreement(
        self, numbers: tuple[str, str], expected: str, *, related: bool, copies: bool
    ) -> None:
        class Stories:
            """Knows how the two articles of the test are related."""

            def are_related(self, one: Claim, other: Claim) -> bool:
                return related

            def are_copies(self, one: Claim, other: Claim) -> bool:
                return copies

        found = read_claims(*(f"China controls {number} of rare earth refining." for number in numbers))
        assert verdict(found.claims, stories=Stories()) == expected

    @pytest.mark.parametrize(
        ("bodies", "expected"),
        [
            # Both have a date, or the verdict is no matter of dates.
            (("China refined 85% of rare earths in 2022.", "China refines 92% of rare earths."), "differ"),
            (("China refines about 90% of rare earths.", "China refines 90% of rare earths."), "agree"),
            (("Chile mined 210,000 tons of lithium in 2024.", "智利2024年开采锂21万吨。"), "agree"),
            (("Chile mined 210,000 tons of lithium in 2024.", "智利2024年开采锂25万吨。"), "differ"),
            (("China refines nearly 90% of rare earths.", "China refines 89% of rare earths."), PRECISION),
        ],
    )
    def test_dates_roundings_and_languages_have_their_verdict(self, bodies: tuple[str, str], expected: str) -> None:
        assert list(verdict_of_group(read_claims(*bodies)).values()) == [expected]

    @pytest.mark.parametrize(
        "bodies",
        [
            ("China controls 90% of rare earth processing.", "Over 90% of US imports of rare earths come from China."),
            ("China controls 90% of rare earth refining.", "China controls 90% of antimony refining."),
            ("Australia will invest $8 billion in rare earths.", "Australia will invest $1 billion in rare earths."),
            ("Japan waited three months for rare earths.", "India opened three rare earth factories."),
        ],
    )
    def test_the_same_number_for_different_things_makes_no_group(self, bodies: tuple[str, str]) -> None:
        assert verdict_of_group(read_claims(*bodies)) == {}

    def test_what_one_article_repeats_is_no_group(self) -> None:
        body = "In spring 3,834 tons of rare earth oxides entered the US."
        assert read_claims(body, titles=["近四千吨稀土运往美国"]).disagreements.empty

    def test_a_headline_joins_the_number_it_rounds(self) -> None:
        body = "In spring 3,834 tons of rare earth oxides entered the US."
        found = read_claims(body, body, titles=["近四千吨稀土运往美国"])
        assert found.disagreements["value"].tolist() == [4000, 3834, 3834]

    def test_a_date_that_contradicts_the_publication_is_flagged(self) -> None:
        wrong = read_claims("Since October 9, 2023 exports need a licence.", published="2025-10-19")
        assert verdict_of_group(wrong) == {"date of publication": "contradicts publication"}
        assert (
            verdict_of_group(read_claims("Since October 9, 2025 exports need a licence.", published="2025-10-19")) == {}
        )
        assert verdict_of_group(read_claims("In May 2023 exports needed a licence.", published="2025-10-19")) == {}


class TestSeeds:
    """The embedded pages."""

    def test_the_tables_have_the_promised_columns(self, seed_claims: Claims) -> None:
        assert tuple(seed_claims.table.columns) == COLUMNS
        assert tuple(seed_claims.disagreements.columns) == DISAGREEMENT_COLUMNS
        assert set(seed_claims.disagreements["verdict"]) <= set(VERDICTS)
        assert seed_claims.table["claim_id"].is_unique

    def test_every_claim_slices_back_to_what_is_printed(self, seed_claims: Claims, seeds: Corpus) -> None:
        titles = {passage.passage_id for passage in seeds.passages if passage.kind == "title"}
        for row in seed_claims.table.itertuples():
            whole = seeds[row.article_id].title if row.passage_id in titles else seeds[row.article_id].body
            assert whole[row.start : row.end] == row.printed

    def test_nine_articles_state_the_processing_share_of_china(self, seed_claims: Claims) -> None:
        """Shares of mining, of profits and of other countries are not in this group."""
        group = seed_claims.disagreements.query("group == 'processing share · rare_earths · china'")
        assert group["article_id"].nunique() == 9
        assert group["value"].between(80, 92).all()

    def test_a_number_stated_of_oxides_and_of_antimony_differs_by_definition(self, seed_claims: Claims) -> None:
        found = seed_claims.disagreements.query("value == 3834")
        assert {subject.split(" · ")[1] for subject in found["subject"]} >= {"rare_earth_oxide", "antimony"}
        assert set(found["verdict"]) == {"differ by definition"}

    @pytest.mark.parametrize("words", ["processing share", "加工占比", "Processing Share China", "加工占比 中国"])
    def test_claims_are_found_in_either_language(self, seed_claims: Claims, words: str) -> None:
        found = seed_claims.about(words)
        assert found["article_id"].nunique() >= 9
        assert all(row.printed in row.quote for row in found.itertuples())

    def test_an_unknown_subject_gives_an_empty_table(self, seed_claims: Claims) -> None:
        found = seed_claims.about("weather on Mars")
        assert found.empty
        assert tuple(found.columns) == COLUMNS


class TestLaws:
    """Properties of every corpus."""

    def test_claims_do_not_depend_on_the_other_articles(self, seed_claims: Claims, seeds: Corpus) -> None:
        halves = [Corpus(seeds.articles[:17]), Corpus(seeds.articles[17:])]
        parts = [Claims(half, lexicon=LEXICON, segmenter=SEGMENTER).table for half in halves]
        pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), seed_claims.table)

    def test_a_corpus_of_nothing_has_empty_tables(self) -> None:
        found = read_claims()
        assert found.table.empty
        assert found.disagreements.empty
        assert found.groups == ()

    @given(st.text(alphabet="0123456789.,%$-至到约近超过万亿吨美元年月成in to of the <b>&", max_size=60))
    def test_any_text_gives_finite_values_that_slice_back(self, body: str) -> None:
        corpus = Corpus((article(0, body),))
        found = Claims(corpus, lexicon=LEXICON, segmenter=SEGMENTER)
        assert found.table["value"].notna().all()
        assert all(body[row.start : row.end] == row.printed for row in found.table.itertuples())
        assert len(found.disagreements) >= 0

    @pytest.mark.slow
    @pytest.mark.parametrize("unit", ["9", "5% ", "1 ", "China 5%、", "in 2024 5 tons "])
    def test_a_very_long_passage_is_read(self, unit: str) -> None:
        """It is read in chunks; what is printed still slices back."""
        body = unit * (10_000 // len(unit))
        found = read_claims(body).claims
        assert all(body[claim.quantity.start : claim.quantity.end] == claim.printed for claim in found)

    def test_hostile_text_is_shown_as_text(self) -> None:
        shown = read_claims(
            "China controls 90% of rare earth processing.", titles=["<script>alert(1)</script> 90%"]
        )._repr_html_()
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown


class TestData:
    """The word lists fit the lexicon and each other."""

    def test_measures_are_named_once_by_concepts_that_exist(self) -> None:
        entries = (files("rare_topics") / "data" / "measures.toml").read_text("utf-8").count("[[measure]]")
        assert len(measures()) == entries
        concepts = {concept for measure in measures().values() for concept in measure.concepts}
        assert concepts <= LEXICON.concepts.keys()
        assert all(measure.kinds <= set(KINDS) for measure in measures().values())

    def test_currencies_belong_to_countries_of_the_lexicon(self) -> None:
        assert currency_of_country().keys() <= LEXICON.concepts.keys()
        assert {unit.kind for unit in currency_of_country().values()} == {"money"}


@pytest.mark.parametrize(
    ("text", "as_of"),
    [
        ("In 2024, exports were 5 tons and imports 9 tons", {"5 tons": "2024", "9 tons": "2024"}),
        ("Exports were 5 tons in 2024", {"5 tons": "2024"}),
        ("2024年约9 tons", {"9 tons": "2024"}),
        ("Exports were 9 tons. In 2024 came a ban.", {"9 tons": "", "2024": "2024"}),
        ("It was 9 tons a year earlier than 2024", {"9 tons": "", "2024": "2024"}),
    ],
)
def test_a_date_belongs_to_the_quantity_of_its_clause(text: str, as_of: dict[str, str]) -> None:
    assert dict(read_claims(text).table[["printed", "as_of"]].to_numpy()) == as_of
