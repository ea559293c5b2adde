"""Specification of the page grammar: header, records, languages, and every way a page can be broken."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from conftest import SEEDS, PageWriter, Record, page_text
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.feed_pages import parse_page, read_page
from rare_topics.corpus.limits import decode_text
from rare_topics.errors import InputError

ENGLISH: Record = (
    "澳矿企扩产重稀土",
    "Nan Fang Zhou Mo· 2024-02-29 08:05",
    "Core Viewpoint - A miner doubles its dysprosium output [1].",
)
CHINESE: Record = ("马来西亚分离厂复工", "财经早报· 2024-03-01 21:40", "当地一家分离厂周五恢复生产。工人已经返岗。")
CUT: Record = ("磁材价格回落,下游...", "财经早报· 2024-03-02 00:00", "磁材企业表示,订单正在恢复,但价格 ...")
TWO_PAGES = page_text([ENGLISH], tag="甲") + page_text([CHINESE], tag="乙")


def broken(error: pytest.ExceptionInfo[InputError], *parts: str) -> None:
    """Check that an error is one line that holds each part and ends in what to do."""
    text = str(error.value)
    assert "\n" not in text
    assert error.value.fix
    assert text.endswith(error.value.fix)
    for part in parts:
        assert part in text


class TestARecord:
    """Three lines make an article."""

    def test_the_three_lines_become_fields(self, page: PageWriter) -> None:
        """Title, source, printed time and body come out as they stand."""
        (article,) = read_page(page(ENGLISH, tag="重稀土")).articles
        assert article.title == ENGLISH[0]
        assert article.source == "Nan Fang Zhou Mo"
        assert article.published == datetime(2024, 2, 29, 8, 5)  # noqa: DTZ001 - no time zone is printed
        assert article.body == ENGLISH[2]
        assert article.pages == ("page.txt",)
        assert article.tags == ("重稀土",)

    def test_no_time_zone_is_invented(self, page: PageWriter) -> None:
        """The page prints none, so the date has none."""
        assert all(article.published.tzinfo is None for article in read_page(page(ENGLISH, CHINESE)).articles)

    def test_language_is_judged_on_the_text(self, page: PageWriter) -> None:
        """A Chinese headline may stand over an English summary."""
        english, chinese = read_page(page(ENGLISH, CHINESE)).articles
        assert (english.title_lang, english.body_lang) == ("zh", "en")
        assert (chinese.title_lang, chinese.body_lang) == ("zh", "zh")

    def test_a_cut_body_is_told_from_a_cut_title(self, page: PageWriter) -> None:
        """Dots at the end of a title say nothing about the body."""
        whole, cut = read_page(page(("标题未完...", *CHINESE[1:]), CUT)).articles
        assert (whole.title_truncated, whole.truncated) == (True, False)
        assert (cut.title_truncated, cut.truncated) == (True, True)

    def test_a_middle_dot_in_a_title_or_body_is_no_date_line(self, page: PageWriter) -> None:
        """U+00B7 also joins the parts of foreign names."""
        record = ("约翰· 史密斯谈稀土", "财经早报· 2024-05-05 05:05", "约翰·史密斯认为,供应仍然紧张。")
        (article,) = read_page(page(record)).articles
        assert (article.title, article.body) == (record[0], record[2])

    def test_spaces_around_a_line_belong_to_it(self, page: PageWriter) -> None:
        """Offsets count from the first character that stands in the file."""
        (article,) = read_page(page((CHINESE[0], CHINESE[1], f"  {CHINESE[2]} "))).articles
        assert article.body == f"  {CHINESE[2]} "

    def test_the_digest_is_that_of_the_bytes(self, page: PageWriter) -> None:
        """Whoever has the file can check it."""
        path = page(ENGLISH)
        assert read_page(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


class TestTheHeader:
    """A header ends at the line `Search documents`."""

    @pytest.mark.parametrize(
        "header",
        [("磁材",), ("磁材", ""), ("Workflow", "磁材", "icon"), ("icon", "Workflow", "磁材"), ("", "磁材", "", "icon")],
    )
    def test_the_tag_is_the_line_that_is_no_furniture(self, page: PageWriter, header: Sequence[str]) -> None:
        """Wherever it stands among `Workflow`, `icon` and empty lines."""
        (article,) = read_page(page(ENGLISH, header=header)).articles
        assert article.tags == ("磁材",)

    def test_a_header_without_a_tag_gives_none(self, page: PageWriter) -> None:
        """No tag is better than a guessed one."""
        (article,) = read_page(page(ENGLISH, header=("Workflow",))).articles
        assert article.tags == ()

    def test_two_pages_joined_into_one_file_keep_their_tags(self) -> None:
        """The second header is none of the records."""
        articles, warnings = parse_page(TWO_PAGES, name="joined.txt")
        assert [(article.title, article.tags) for article in articles] == [
            (ENGLISH[0], ("甲",)),
            (CHINESE[0], ("乙",)),
        ]
        assert warnings == []

    def test_joined_pages_may_both_begin_with_a_byte_order_mark(self) -> None:
        """As when two such files are put behind each other."""
        text = page_text([ENGLISH], header=("甲",)) + "\ufeff" + page_text([CHINESE], header=("乙",))
        articles, _ = parse_page(text, name="joined.txt")
        assert [article.tags for article in articles] == [("甲",), ("乙",)]

    def test_a_second_header_without_a_tag_takes_no_record_with_it(self) -> None:
        """The record before it is not read as part of the header."""
        text = page_text([ENGLISH, CHINESE]) + "Search documents\n" + "\n".join(CUT)
        articles, _ = parse_page(text, name="joined.txt")
        assert [article.title for article in articles] == [ENGLISH[0], CHINESE[0], CUT[0]]

    def test_a_title_without_the_rest_before_a_second_header_is_not_lost(self) -> None:
        """A record that lost two of its lines is an error, not a tag."""
        text = page_text([ENGLISH]) + "只有标题\n乙\nSearch documents\n" + "\n".join(CHINESE)
        with pytest.raises(InputError) as error:
            parse_page(text, name="joined.txt")
        broken(error, "joined.txt:9", "只有标题", "date line")


class TestLineEndsAndMarks:
    """The same articles come out however the file was saved."""

    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    @pytest.mark.parametrize("ending", [True, False])
    def test_line_ends_byte_order_mark_and_last_line_end_do_not_matter(
        self, page: PageWriter, tmp_path: Path, newline: str, mark: str, ending: bool
    ) -> None:
        """LF or CRLF, with or without BOM and final newline."""
        plain = read_page(page(ENGLISH, CHINESE, CUT)).articles
        text = mark + page_text([ENGLISH, CHINESE, CUT], newline=newline)
        path = tmp_path / "variant" / "page.txt"
        path.parent.mkdir()
        path.write_bytes((text if ending else text.removesuffix(newline)).encode())
        assert read_page(path).articles == plain

    @given(
        st.lists(st.sampled_from([ENGLISH, CHINESE, CUT]), min_size=1, unique=True),
        st.lists(st.sampled_from(["", "", "  "]), min_size=1, max_size=12),
    )
    def test_empty_lines_between_lines_do_not_matter(self, records: list[Record], gaps: list[str]) -> None:
        """A page may be spaced as it likes."""
        lines = page_text(records).splitlines()
        spaced = [part for number, line in enumerate(lines) for part in (line, *gaps[: number % (len(gaps) + 1)])]
        assert parse_page("\n".join(spaced), name="p")[0] == parse_page("\n".join(lines), name="p")[0]

    @pytest.mark.parametrize("odd", ["\u2028", "\u0085", "\x0b", "\x0c", "\u3000"])
    def test_only_lf_ends_a_line(self, odd: str) -> None:
        """Characters that some programs take for line ends stay within the body."""
        body = f"第一句。{odd}第二句。"
        articles, _ = parse_page(page_text([(CHINESE[0], CHINESE[1], body)]), name="p")
        assert articles[0].body == body


class TestBrokenPages:
    """An error names the file, the line, what was expected and what to do."""

    def test_a_missing_file(self, tmp_path: Path) -> None:
        """Names the path."""
        with pytest.raises(InputError) as error:
            read_page(tmp_path / "none.txt")
        broken(error, "none.txt", "No such file")

    @pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
    def test_an_empty_file(self, data: bytes) -> None:
        """White space and a byte order mark are nothing."""
        with pytest.raises(InputError) as error:
            decode_text(data, name="page.txt")
        broken(error, "page.txt", "empty")

    def test_nul_bytes(self) -> None:
        """Names the line of the first."""
        with pytest.raises(InputError) as error:
            decode_text(b"one\ntw\0o\n", name="page.txt")
        broken(error, "page.txt:2", "NUL")

    def test_a_binary_file(self, tmp_path: Path) -> None:
        """A picture is no page."""
        path = tmp_path / "picture.txt"
        path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe")
        with pytest.raises(InputError) as error:
            read_page(path)
        broken(error, "picture.txt:3", "binary")

    def test_gb18030(self) -> None:
        """Names the line and says how to convert."""
        data = b"tag\nSearch documents\n" + "稀土价格上涨".encode("gb18030")
        with pytest.raises(InputError) as error:
            decode_text(data, name="page.txt")
        broken(error, "page.txt:3", "not UTF-8", "iconv -f GB18030 -t UTF-8 page.txt")

    def test_utf16(self) -> None:
        """Its NUL bytes, or its byte order mark, give it away."""
        with pytest.raises(InputError):
            decode_text("Search documents".encode("utf-16"), name="page.txt")

    def test_a_file_cut_within_a_character(self) -> None:
        """Is told from a wrong encoding."""
        with pytest.raises(InputError) as error:
            decode_text(page_text([CHINESE]).encode()[:-3], name="page.txt")
        broken(error, "page.txt:7", "cut within a character")

    def test_a_page_without_its_header(self) -> None:
        """The first record must not be swallowed."""
        with pytest.raises(InputError) as error:
            parse_page("\n".join(ENGLISH), name="page.txt")
        broken(error, "page.txt:1", "Search documents")

    def test_a_header_behind_the_first_record_is_too_late(self) -> None:
        """The articles before it belong to no header."""
        with pytest.raises(InputError) as error:
            parse_page("\n".join(ENGLISH) + "\n" + page_text([CHINESE]), name="page.txt")
        broken(error, "page.txt:1", "Search documents")

    def test_a_header_without_records(self) -> None:
        """Names the line after which they were expected."""
        with pytest.raises(InputError) as error:
            parse_page("稀土\nSearch documents\n", name="page.txt")
        broken(error, "page.txt:2", "no record")

    @pytest.mark.parametrize("at", [0, 1])
    def test_a_record_without_its_date_line(self, at: int) -> None:
        """Names the line where it should stand, and quotes the title."""
        lines = page_text([ENGLISH, CHINESE]).splitlines()
        del lines[5 + 3 * at]
        with pytest.raises(InputError) as error:
            parse_page("\n".join([*lines, *CUT]), name="page.txt")
        broken(error, f"page.txt:{6 + 3 * at}", "SOURCE· YYYY-MM-DD HH:MM", (ENGLISH, CHINESE)[at][0])

    def test_a_record_without_its_title(self) -> None:
        """The date line in its place is named."""
        with pytest.raises(InputError) as error:
            parse_page(page_text([ENGLISH, CHINESE]).replace(CHINESE[0] + "\n", ""), name="page.txt")
        broken(error, "page.txt:8", "no title", CHINESE[1])

    def test_a_record_without_its_body(self) -> None:
        """The next record is not taken for it in silence."""
        with pytest.raises(InputError) as error:
            parse_page(page_text([ENGLISH, CHINESE]).replace(ENGLISH[2], ""), name="page.txt")
        broken(error, "page.txt:9", "no body")

    def test_two_date_lines(self) -> None:
        """A date line is no body."""
        with pytest.raises(InputError) as error:
            parse_page(page_text([(ENGLISH[0], ENGLISH[1], CHINESE[1])]), name="page.txt")
        broken(error, "page.txt:7", "another date line")

    @pytest.mark.parametrize("stamp", ["2023-02-29 08:00", "2024-13-01 08:00", "2024-01-01 24:00", "0000-01-01 00:00"])
    def test_an_impossible_date(self, stamp: str) -> None:
        """Is quoted with its line."""
        with pytest.raises(InputError) as error:
            parse_page(page_text([ENGLISH, ("标题", f"财经早报· {stamp}", "正文。")]), name="page.txt")
        broken(error, "page.txt:9", stamp, "correct the date")


class TestCutFiles:
    """What is whole is kept, what is lost is said."""

    @pytest.mark.parametrize(
        ("rest", "missing"),
        [
            (CHINESE[:1], "date line or body"),
            (CHINESE[:2], "body"),
            ((CHINESE[0], "财经早报· 2024-03"), "date line or body"),
        ],
    )
    def test_a_record_without_its_end_is_left_out_with_a_warning(self, rest: Sequence[str], missing: str) -> None:
        """The warning names line and title; the records before it stay."""
        articles, (warning,) = parse_page(page_text([ENGLISH]) + "\n".join(rest), name="page.txt")
        assert [article.title for article in articles] == [ENGLISH[0]]
        assert warning.startswith("page.txt:8: the file ends within the record")
        assert CHINESE[0] in warning
        assert f"its {missing} is missing" in warning

    def test_a_body_without_its_end_is_kept_as_cut_with_a_warning(self) -> None:
        """Half a sentence is evidence of a cut."""
        articles, (warning,) = parse_page(page_text([ENGLISH, CHINESE])[:-6], name="page.txt")
        assert [article.truncated for article in articles] == [False, True]
        assert warning.startswith("page.txt:10: the body ends within a sentence")

    @given(st.integers(min_value=1, max_value=len(page_text([ENGLISH, CHINESE, CUT]))))
    def test_a_cut_page_gives_its_whole_records_or_an_error(self, length: int) -> None:
        """Wherever the file is cut, nothing is lost without a word."""
        text = page_text([ENGLISH, CHINESE, CUT])
        try:
            articles, warnings = parse_page(text[:length], name="page.txt")
        except InputError:
            assert length <= text.index(ENGLISH[0])
            return
        assert [article.title for article in articles] == [r[0] for r in (ENGLISH, CHINESE, CUT)][: len(articles)]
        intact = parse_page(text, name="page.txt")[0][: len(articles)]
        between_records = text[:length].strip().endswith((ENGLISH[2], CHINESE[2], CUT[2]))
        assert bool(warnings) or articles == intact or between_records or articles[-1].body.endswith((".", "。", "]"))


class TestTheSeeds:
    """The five embedded pages, with every count known."""

    def test_34_articles_stand_on_five_pages(self) -> None:
        """10, 10, 4, 3 and 7, without a warning."""
        pages = [read_page(path) for path in sorted(SEEDS.glob("*.txt"))]
        assert [len(page.articles) for page in pages] == [10, 10, 4, 3, 7]
        assert [page.warnings for page in pages] == [()] * 5

    def test_languages(self, seeds: Corpus) -> None:
        """28 English and 6 Chinese bodies, 33 Chinese titles."""
        assert Counter(article.body_lang for article in seeds) == {"en": 28, "zh": 6}
        assert Counter(article.title_lang for article in seeds) == {"zh": 33, "en": 1}

    def test_cut_texts(self, seeds: Corpus) -> None:
        """Six bodies, all Chinese, and one title over a whole body."""
        assert [article.body_lang for article in seeds if article.truncated] == ["zh"] * 6
        (article,) = [article for article in seeds if article.title_truncated]
        assert (article.truncated, article.body[-3:]) == (False, "[9]")

    def test_sources(self, seeds: Corpus) -> None:
        """Seven, as printed."""
        assert {article.source for article in seeds} == {
            "Sou Hu Cai Jing",
            "Qi Huo Ri Bao Wang",
            "投资界",
            "Zhi Tong Cai Jing",
            "Xin Lang Cai Jing",
            "雪球",
            "Barrons",
        }

    def test_tags(self, seeds: Corpus) -> None:
        """One to each page."""
        assert Counter(tag for article in seeds for tag in article.tags) == {
            "稀土供应链": 10,
            "稀土产业": 10,
            "稀土产业升级": 4,
            "高性能稀土永磁体": 3,
            "稀土独立": 7,
        }

    def test_the_first_and_the_last_article(self, seeds: Corpus) -> None:
        """Dates as printed."""
        first, last = seeds[0], seeds[33]
        assert (first.title, str(first.published)) == (
            "全球稀土产业链格局重塑,谁能掌握话语权?",
            "2025-05-12 00:46:00",
        )
        assert (last.title, str(last.published)) == (
            "美国懵了,中国恢复稀土出口,但一个关键限制,让美方有苦说不错",
            "2025-12-27 04:15:00",
        )

    def test_the_one_english_title(self, seeds: Corpus) -> None:
        """With its source, date and the ends of its body."""
        (article,) = [article for article in seeds if article.title_lang == "en"]
        assert article.title == "Rare-Earths Stocks Fall. This U.S. Company Has a Plan to Cut China Dependence."
        assert (article.source, str(article.published)) == ("Barrons", "2025-10-28 09:25:00")
        assert article.body.startswith("Core Viewpoint - The establishment of strategic stockpiles o")
        assert article.body.endswith("es of rare earth materials [1]")
