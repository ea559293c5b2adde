"""Specification of a body's passages: items under headings, sentences of wrapped text, and their offsets."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import fields
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.feed_pages import TRUNCATION_MARK
from rare_topics.corpus.passage_splitter import body_spans, split_passages
from rare_topics.corpus.records import Article, Passage

# What bodies are made of, so that hypothesis meets the grammar and not only noise.
PIECES = st.one_of(
    st.sampled_from(
        [" - ", "Core Viewpoint", "Group 1", "Group 2: Ore Supply", "Summary by Sections", "[1]", "[2][13]"]
    ),
    st.sampled_from([".", ". ", " ", "A mine opens", "vs.", "U.S.", "$10 - $15 billion", "3.5%", "Mr. Li", "", "-"]),
    st.sampled_from(
        ["稀土", "矿山复工。", "“是的。”", " ...", "…", "\n", "[", "]", "\u3000", "é", "\U00020000", "\ufeff"]
    ),
)
BODIES = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


def article(body: str, title: str = "标题") -> Article:
    """Give an article of that body."""
    return Article(article_id="a", title=title, body=body)


def items(body: str) -> list[tuple[str, str]]:
    """Give section and text of the passages of a summary."""
    found = [passage for passage in split_passages(article(body)) if passage.kind != "title"]
    assert {passage.kind for passage in found} == {"item"}
    return [(passage.section, passage.text) for passage in found]


def pieces(body: str) -> list[tuple[str, str]]:
    """Give kind and text of the passages of plain text."""
    return [(passage.kind, passage.text) for passage in split_passages(article(body)) if passage.kind != "title"]


def sentences(body: str) -> list[str]:
    """Give the sentences of plain text that holds nothing else."""
    found = pieces(body)
    assert {kind for kind, _ in found} <= {"sentence"}
    return [text for _, text in found]


class TestLaws:
    """What holds for every text."""

    @given(BODIES, BODIES)
    def test_every_passage_slices_back(self, title: str, body: str) -> None:
        """Text and offsets never part."""
        for passage in split_passages(article(body, title)):
            whole = title if passage.kind == "title" else body
            assert passage.text == whole[passage.start : passage.end]
            assert passage.text

    @given(BODIES)
    def test_passages_of_a_body_stand_in_order_and_apart(self, body: str) -> None:
        """No character is quoted twice."""
        spans = [span for span in body_spans(body) if span.start < span.end]
        assert all(one.end <= other.start for one, other in pairwise(spans))

    @given(BODIES)
    def test_passages_have_no_space_at_their_ends(self, body: str) -> None:
        """Quotes are clean."""
        for passage in split_passages(article(body)):
            assert passage.kind == "title" or passage.text == passage.text.strip()

    @given(BODIES)
    def test_plain_text_loses_no_character(self, body: str) -> None:
        """Sentences and headings together are the text, up to the mark that cuts it."""
        spans = list(body_spans(body))
        if any(span.kind == "item" for span in spans):
            return
        cut = TRUNCATION_MARK.search(body)
        quoted = "".join(body[span.start : span.end] for span in spans)
        assert "".join(quoted.split()) == "".join(body[: cut.start() if cut else len(body)].split())

    @given(BODIES)
    def test_passage_ids_are_unique(self, body: str) -> None:
        """A quote can be cited."""
        ids = [passage.passage_id for passage in split_passages(article(body))]
        assert len(ids) == len(set(ids))

    @pytest.mark.parametrize(
        "body", ["", " ", "-", " - ", " -  - ", " ...", "…", "[1]", ".", "\n", "Core Viewpoint - "]
    )
    def test_a_body_that_says_nothing_gives_no_words(self, body: str) -> None:
        """And no error."""
        assert not any(char.isalpha() for _, text in pieces(body) for char in text)

    def test_the_title_is_the_first_passage(self) -> None:
        """Whole, with offsets into the title."""
        first = split_passages(article("正文。", "  标题... "))[0]
        assert (first.kind, first.passage_id, first.start, first.text) == ("title", "a:00", 0, "  标题... ")


class TestSummaries:
    """A lead, groups, and items that end in citation marks."""

    @pytest.mark.parametrize("lead", ["Core Viewpoint", "Core Insights", "Core Points"])
    def test_a_lead_stands_under_no_section(self, lead: str) -> None:
        """And its label is no passage."""
        body = f"{lead} - Prices rise again [1]. Group 1: Mines - Two mines reopen [2] - One closes [3][4]"
        assert items(body) == [
            ("", "Prices rise again"),
            ("Mines", "Two mines reopen"),
            ("Mines", "One closes"),
        ]

    def test_a_bare_group_keeps_its_name(self) -> None:
        """It is all that tells two sections apart."""
        body = "Group 1 - Output grows [1] Group 2 - Demand falls [2]."
        assert items(body) == [("Group 1", "Output grows"), ("Group 2", "Demand falls")]

    def test_a_numbered_heading_loses_its_number(self) -> None:
        """The number says nothing about the subject."""
        assert items("Group 7: Ore Supply - Output grows [1]") == [("Ore Supply", "Output grows")]

    def test_core_insights_may_be_the_heading_of_a_group(self) -> None:
        """Then it is a heading like any other, without its number."""
        body = "Group 1: Core Insights - Output grows [1] Group 2: Ore Supply - Demand falls [2]"
        assert items(body) == [("Core Insights", "Output grows"), ("Ore Supply", "Demand falls")]

    def test_a_bare_heading_follows_the_marks_of_the_item_before(self) -> None:
        """With no separator of its own."""
        body = "Core Viewpoint - Prices rise [1]. Mine Openings - Two mines reopen [2][3]. Outlook for 2030 - Calm [4]"
        assert items(body) == [
            ("", "Prices rise"),
            ("Mine Openings", "Two mines reopen"),
            ("Outlook for 2030", "Calm"),
        ]

    def test_a_body_may_begin_with_a_bare_heading(self) -> None:
        """As its citation marks tell."""
        assert items("Mine Openings - Two mines reopen [1] - One closes [2]") == [
            ("Mine Openings", "Two mines reopen"),
            ("Mine Openings", "One closes"),
        ]

    @pytest.mark.parametrize(
        "heading",
        ["China vs. Australia", "U.S. Output", "Supply-Demand Balance", '"Just in Time" Ends', "Q3: What's Next (I)"],
    )
    def test_headings_may_hold_abbreviations_and_marks(self, heading: str) -> None:
        """A full stop in `vs.` or `U.S.` ends no sentence."""
        body = f"Core Viewpoint - Prices rise [1]. {heading} - Two mines reopen [2]"
        assert items(body)[1] == (heading, "Two mines reopen")

    def test_summary_by_sections_is_no_heading(self) -> None:
        """The heading is what follows it."""
        body = "Core Viewpoint - Prices rise [1]. Summary by Sections Mine Openings - Two mines reopen [2]"
        assert items(body)[1] == ("Mine Openings", "Two mines reopen")

    def test_summary_by_sections_may_stand_before_a_group(self) -> None:
        """And goes with the group's number."""
        body = "Core Viewpoint - Prices rise [1]. Summary by Sections Group 1: Mines - Two mines reopen [2]"
        assert items(body)[1] == ("Mines", "Two mines reopen")

    @pytest.mark.parametrize(
        "phrase",
        [
            "a cost of $10 - $15 billion",
            "neodymium-iron-boron magnets",
            "between 2025 - 2030",
            "the F-35 jet",
            "the ministry - unlike the mines - agrees",
        ],
    )
    def test_dashes_within_an_item_divide_nothing(self, phrase: str) -> None:
        """Only a dash behind an item's end does."""
        body = f"Core Viewpoint - Output sees {phrase} this year [1] - Next [2]"
        assert items(body) == [("", f"Output sees {phrase} this year"), ("", "Next")]

    def test_marks_within_an_item_do_not_end_it(self) -> None:
        """Text goes on behind them."""
        body = "Core Points - Output [1] grew - so it says - last year [2] - Next [3]"
        assert items(body) == [("", "Output [1] grew - so it says - last year"), ("", "Next")]

    @pytest.mark.parametrize("marks", ["[1]", " [1]", "[1].", "[1][13]", " [1][13].", "[1] [2]"])
    def test_citation_marks_are_not_part_of_an_item(self, marks: str) -> None:
        """With or without a space and a full stop."""
        assert items(f"Core Viewpoint - Prices rise{marks} - Demand falls{marks}") == [
            ("", "Prices rise"),
            ("", "Demand falls"),
        ]

    def test_items_without_marks_end_with_their_sentence(self) -> None:
        """And keep the full stop."""
        body = "Core Insights - Prices rise. - Demand falls by 3.5%. Group 1: Mines - Two reopen."
        assert items(body) == [("", "Prices rise."), ("", "Demand falls by 3.5%."), ("Mines", "Two reopen.")]

    def test_an_item_may_go_on_behind_its_marks_to_the_end_of_a_sentence(self) -> None:
        """Such an item ends there."""
        body = "Core Insights - Prices rise [1] says the bank. - Demand falls [2]"
        assert items(body) == [("", "Prices rise [1] says the bank."), ("", "Demand falls")]

    def test_a_cut_summary_ends_without_its_mark(self) -> None:
        """The dots are the page's, not the item's."""
        assert items("Core Viewpoint - Prices rise [1] - Demand is about to ...")[1] == ("", "Demand is about to")

    def test_dashes_alone_do_not_make_a_summary(self) -> None:
        """Plain English uses them too."""
        body = "The deal - worth $3 billion - was signed. Nobody paid [1]."
        assert sentences(body) == ["The deal - worth $3 billion - was signed.", "Nobody paid [1]."]

    def test_offsets_count_in_the_body_as_it_stands(self) -> None:
        """Label, spaces and all."""
        body = "  Core Viewpoint - Prices rise [1]"
        spans = [(passage.start, passage.end) for passage in split_passages(article(body[2:]))[1:]]
        assert spans == [(17, 28)]


class TestPlainEnglish:
    """One passage a sentence."""

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("Prices rose 3.5% to $4.2. Demand fell.", ["Prices rose 3.5% to $4.2.", "Demand fell."]),
            ("Mr. Li met Dr. Wu. They agreed.", ["Mr. Li met Dr. Wu.", "They agreed."]),
            ("U.S. firms pay. Others wait.", ["U.S. firms pay.", "Others wait."]),
            ("Acme Corp. and Sons Ltd. sold ore. Why?", ["Acme Corp. and Sons Ltd. sold ore.", "Why?"]),
            ("It is Japan vs. Korea now. Yes!", ["It is Japan vs. Korea now.", "Yes!"]),
            ('He said: "Never." She left.', ['He said: "Never."', "She left."]),
            ("One [1]. Two [2][3]. Three.", ["One [1].", "Two [2][3].", "Three."]),
            ("One. [1] Two.", ["One. [1]", "Two."]),
            ("Wait... What?! Go", ["Wait...", "What?!", "Go"]),
            ("See example.com today. End.", ["See example.com today.", "End."]),
            ("No full stop", ["No full stop"]),
            ("The smelter (包钢) may close. It lost money.", ["The smelter (包钢) may close.", "It lost money."]),
        ],
    )
    def test_sentences(self, body: str, expected: list[str]) -> None:
        """Decimals, abbreviations, initials and addresses end none."""
        assert sentences(body) == expected

    def test_a_line_that_is_no_sentence_is_a_heading(self) -> None:
        """Where more text follows on another line."""
        assert pieces("Outlook\nPrices rise. Demand falls.") == [
            ("heading", "Outlook"),
            ("sentence", "Prices rise."),
            ("sentence", "Demand falls."),
        ]


class TestWrappedChinese:
    """A line that fills the column was wrapped; a shorter one ended a paragraph."""

    # 40 columns; the words 磁材 and 复工 are broken at the ends of lines.
    FULL = "这家位于南方的分离厂去年曾因环保检查停产磁 材企业因此一度找不到足够的原料。当地官员称复 工没有问题。"
    CAPTION = "厂区大门"

    def test_a_word_broken_at_the_end_of_a_line_stays_in_its_sentence(self) -> None:
        """The space is part of the quote, as it stands in the page."""
        assert sentences(self.FULL) == [
            "这家位于南方的分离厂去年曾因环保检查停产磁 材企业因此一度找不到足够的原料。",
            "当地官员称复 工没有问题。",
        ]

    def test_a_line_with_letters_that_hang_over_does_not_make_the_others_short(self) -> None:
        """The first line is as wide as 44 columns, the second had room for 40."""
        body = f"{'稀' * 17}OCEANIA123 {'土' * 20} 厂因此停工。"
        assert sentences(body) == [body]

    def test_a_short_line_between_paragraphs_is_a_heading(self) -> None:
        """Captions and subheadings are not sentences."""
        assert pieces(f"{self.FULL} {self.CAPTION} {self.FULL}")[2] == ("heading", self.CAPTION)

    def test_a_paragraph_may_end_without_a_mark_at_the_cut(self) -> None:
        """The last piece of a cut body is the beginning of a sentence, not a heading."""
        assert pieces("磁材价格回落。下游企业 ...") == [("sentence", "磁材价格回落。"), ("sentence", "下游企业")]

    @pytest.mark.parametrize("mark", ["...", "…", "……", " ...", "... "])
    def test_the_mark_of_the_cut_is_no_text(self, mark: str) -> None:
        """However it is printed."""
        assert sentences(f"磁材价格回落。下游企业{mark}")[-1].rstrip("…") == "下游企业"

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("价格涨了3.5%。需求不变。", ["价格涨了3.5%。", "需求不变。"]),
            ("他问:“真的吗?”没人回答。", ["他问:“真的吗?”", "没人回答。"]),
            ("复工!停产?都有可能。", ["复工!", "停产?", "都有可能。"]),
            ("没有标点", ["没有标点"]),
        ],
    )
    def test_chinese_sentences(self, body: str, expected: list[str]) -> None:
        """A closing quote belongs to its sentence."""
        assert sentences(body) == expected


HOSTILE = [" - ", " - A", " ", "[1]", "[1] ", "[", "A.", "U.S.", "vs.", ". ", ".)", "...", "... ", "Group 1: "]
HOSTILE += [". Group 1: A", "x [1] - Y", "Core Viewpoint - ", "中 ", "中.", "中 \n", "A\n", "\u3000", "。"]


@pytest.mark.parametrize("opening", ["", "Core Viewpoint - ", "Growth - A [1] ", "中"])
@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_length_of_a_hostile_body(opening: str, unit: str) -> None:
    """A hundred thousand characters take no minutes of a processor, whatever they are and whoever else computes."""
    begun = time.process_time()
    split_passages(article(opening + unit * (100_000 // len(unit)) + "x"))
    assert time.process_time() - begun < 5


def test_a_heading_of_initials_is_read_in_no_time() -> None:
    """A pattern that tries every way to divide them would never end."""
    body = "Core Viewpoint - Prices rise [1] " + "U.S." * 24 + "! - Demand falls [2]"
    assert split_passages(article(body))


class TestTheSeeds:
    """The embedded pages, with every count known."""

    def test_293_items_in_110_sections(self, seeds: Corpus) -> None:
        """Leads stand under none."""
        found = [passage for passage in seeds.passages if passage.kind == "item"]
        assert len(found) == 293
        assert len({(passage.article_id, passage.section) for passage in found if passage.section}) == 110

    def test_every_passage_slices_back(self, seeds: Corpus) -> None:
        """Into the body, or the title, as it stands in the page."""
        for passage in seeds.passages:
            whole = seeds[passage.article_id]
            text = whole.title if passage.kind == "title" else whole.body
            assert text[passage.start : passage.end] == passage.text

    def test_items_are_free_of_marks_and_labels(self, seeds: Corpus) -> None:
        """No citation, no separator at an end, no label of a group."""
        for passage in seeds.passages:
            if passage.kind == "item":
                assert not passage.text.startswith(("Group ", "Core ", "- "))
                assert not passage.text.endswith(("]", "].", " -"))

    def test_summaries_are_english_and_sentences_chinese(self, seeds: Corpus) -> None:
        """Each article is of one kind."""
        kinds = Counter((seeds[p.article_id].body_lang, p.kind == "item") for p in seeds.passages if p.kind != "title")
        assert set(kinds) == {("en", True), ("zh", False)}

    def test_the_smallest_summary(self, seeds: Corpus) -> None:
        """One item of the English headline, word for word at its ends."""
        (whole,) = [article for article in seeds if article.title_lang == "en"]
        lead = next(passage for passage in seeds.passages if passage.article_id == whole.article_id and passage.start)
        assert (lead.kind, lead.section, lead.start) == ("item", "", 17)
        assert lead.text.startswith("The establishment of strategic stockpiles")


class TestRows:
    """The passages of many articles, which are made when they are looked at."""

    def test_they_are_those_of_each_article_in_order(self, seeds: Corpus) -> None:
        expected = [passage for whole in seeds for passage in split_passages(whole)]
        assert list(seeds.passages) == expected
        assert seeds.passages[5:40:3] == expected[5:40:3]
        assert seeds.passages[-1] == expected[-1]
        assert list(seeds.passages.texts) == [passage.text for passage in expected]

    @pytest.mark.parametrize(("start", "end"), [(0, 10_000), (5, 40), (40, 40)])
    def test_their_fields_stand_in_columns_too(self, seeds: Corpus, start: int, end: int) -> None:
        columns = seeds.passages.columns(start, end)
        assert list(columns) == [field.name for field in fields(Passage)]
        rows = [Passage(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]
        assert rows == seeds.passages[start:end]

    def test_each_article_has_its_own(self, seeds: Corpus) -> None:
        for row, whole in enumerate(seeds):
            assert seeds.passages.of_article(row) == list(split_passages(whole))
        ids = [seeds[int(row)].article_id for row in seeds.passages.article_rows]
        assert ids == [passage.article_id for passage in seeds.passages]

    def test_each_is_found_by_its_name(self, seeds: Corpus) -> None:
        for number, passage in enumerate(seeds.passages):
            assert seeds.passages.by_id(passage.passage_id) == passage
            assert seeds.passages.row_of(passage.passage_id) == number

    @pytest.mark.parametrize("name", ["", "none:00", "{}:9999", "{}:", "{}"])
    def test_a_name_that_no_passage_has_is_told(self, seeds: Corpus, name: str) -> None:
        with pytest.raises(KeyError):
            seeds.passages.by_id(name.format(seeds[0].article_id))

    def test_headings_are_told(self, seeds: Corpus) -> None:
        assert seeds.passages.is_heading.tolist() == [passage.kind == "heading" for passage in seeds.passages]

    def test_a_place_beyond_the_last_is_refused(self, seeds: Corpus) -> None:
        with pytest.raises(IndexError):
            seeds.passages[len(seeds.passages)]
