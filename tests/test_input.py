"""Specification of input by hand: frames, lists, slices, what Excel, feeds and saved pages give."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rare_topics as rt
from rare_topics.corpus.html_text import html_to_text, is_html
from rare_topics.corpus.written_dates import read_date
from rare_topics.errors import InputError

FRAME = pd.DataFrame(
    {
        "标题": ["矿山复工", "Mine reopened"],
        "正文": ["北方一座矿山周一复工。", "A mine in the north reopened on Monday."],
        "日期": ["2025年3月4日", "2025/3/5"],
        "媒体": ["财经早报", "Daily Ore"],
    }
)


def line_of(call, *words: object, **options: object) -> str:
    """Give the one line with which something is refused."""
    with pytest.raises(InputError) as error:
        call(*words, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


class TestFrames:
    """Tables in memory."""

    @pytest.mark.parametrize(
        "frame",
        [FRAME, FRAME.to_dict("list"), FRAME.to_dict("records"), pa.Table.from_pandas(FRAME)],
        ids=["pandas", "columns", "rows", "arrow"],
    )
    def test_usual_names_of_either_language_are_found(self, frame: object) -> None:
        first, second = rt.read(frame)
        assert (first.title, first.source, first.published) == ("矿山复工", "财经早报", datetime(2025, 3, 4))  # noqa: DTZ001
        assert (second.body, second.body_lang) == (FRAME["正文"][1], "en")

    @pytest.mark.parametrize(
        ("title", "text"), [("Headline", "Body"), ("题名", "内容"), ("Article_Title", "full-text"), ("標題", "內容")]
    )
    def test_names_are_known_in_any_case_with_any_gap(self, title: str, text: str) -> None:
        (article,) = rt.read(pd.DataFrame({text: ["b"], title: ["a"]}))
        assert (article.title, article.body) == ("a", "b")

    def test_the_field_s_own_name_goes_first(self) -> None:
        (article,) = rt.read(pd.DataFrame({"content": ["no"], "text": ["yes"], "headline": ["no"], "title": ["yes"]}))
        assert (article.title, article.body) == ("yes", "yes")

    def test_columns_by_argument_go_before_all(self) -> None:
        frame = pd.DataFrame({"title": ["a"], "text": ["b"], "abstract of it": ["c"]})
        (article,) = rt.read(frame, columns={"text": "abstract of it"})
        assert (article.title, article.body) == ("a", "c")

    def test_what_is_missing_is_empty(self) -> None:
        frame = pd.DataFrame({"title": ["a", None], "text": ["b", "c"], "date": [pd.NaT, pd.Timestamp("2025-01-02")]})
        first, second = rt.read(frame)
        assert (first.title, first.published) == ("a", None)
        assert (second.title, second.published) == ("", datetime(2025, 1, 2))  # noqa: DTZ001

    @pytest.mark.parametrize(
        ("frame", "options", "said"),
        [
            (pd.DataFrame({"price": [1]}), {}, "no column text and no column title; the columns are price"),
            (FRAME, {"columns": {"body": "正文"}}, "no field 'body'; take one of title, text, id"),
            (FRAME, {"columns": {"text": "Body"}}, "no column 'Body' for text; the columns are 标题, 正文"),
            (FRAME, {"columns": ["text"]}, "columns is a list; give a dict"),
            (FRAME.iloc[:0], {}, "holds no article"),
            (FRAME.assign(id=["a", "a"]), {}, "the id 'a' stands in line 1 already"),
        ],
    )
    def test_a_table_that_cannot_be_read_is_refused_in_one_line(self, frame: object, options: dict, said: str) -> None:
        assert said in line_of(rt.read, frame, **options)


class TestTexts:
    """Texts without a table."""

    @pytest.mark.parametrize("kind", [list, tuple, pd.Series, np.array, iter])
    def test_any_list_of_texts_is_a_corpus(self, kind) -> None:
        corpus = rt.read(kind(["Tariffs rise.", "关税上调。"]))
        assert sorted(article.body_lang for article in corpus) == ["en", "zh"]

    def test_missing_texts_are_left_out_with_a_warning(self) -> None:
        corpus = rt.read(["Tariffs rise.", None, float("nan"), " "])
        assert len(corpus) == 2
        assert sum("is left out" in warning for warning in corpus.warnings) == 2

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ([], "holds no article"),
            ([1, 2], "entry 1 is 1, of the type int, and no text"),
            (None, "a source of the type NoneType; give a path, a DataFrame, a list of texts"),
            (7, "a source of the type int"),
            (b"text", "bytes where texts were expected"),
            ("one text\nof two lines", "give a list of texts"),
            ("nowhere.csv", "nowhere.csv: no such file"),
            ("book.xls", "save it as .xlsx or CSV UTF-8"),
        ],
    )
    def test_what_is_no_list_of_texts_is_refused_in_one_line(self, source: object, said: str) -> None:
        assert said in line_of(rt.read, source)


class TestParts:
    """Parts of a corpus are corpora."""

    def test_slices_masks_positions_and_ids(self, seeds: rt.Corpus) -> None:
        is_zh = [article.body_lang == "zh" for article in seeds]
        ids = [seeds[0].article_id, seeds[5].article_id]
        for key, expected in [
            (slice(20), list(seeds)[:20]),
            (slice(None, None, -1), list(seeds)),
            (is_zh, [article for article in seeds if article.body_lang == "zh"]),
            (np.array(is_zh), [article for article in seeds if article.body_lang == "zh"]),
            (pd.Series(is_zh), [article for article in seeds if article.body_lang == "zh"]),
            ([0, -1], [seeds[0], seeds[33]]),
            (ids, [seeds[0], seeds[5]]),
        ]:
            part = seeds[key]
            assert isinstance(part, rt.Corpus)
            assert list(part) == expected

    def test_numpy_numbers_are_positions(self, seeds: rt.Corpus) -> None:
        assert seeds[np.int64(3)] == seeds[3]

    def test_a_part_filters_by_every_condition(self, seeds: rt.Corpus) -> None:
        part = seeds.filter(lang="en", since="2025-10-01", until=date(2025, 10, 31))
        assert part
        assert all(article.body_lang == "en" and article.published.month == 10 for article in part)

    @pytest.mark.parametrize("day", ["2025-10-21", "2025年10月21日"])
    def test_the_last_day_belongs_to_it_whole(self, seeds: rt.Corpus, day: str) -> None:
        on_day = [article for article in seeds if article.published and article.published.date() == date(2025, 10, 21)]
        assert list(seeds.filter(since=day, until=day)) == on_day != []

    def test_several_values_are_any_of_them(self, seeds: rt.Corpus) -> None:
        assert len(seeds.filter(lang=["en", "zh"])) == 34

    @pytest.mark.parametrize(
        ("conditions", "said"),
        [
            ({"lang": "de"}, "no article with lang 'de'; take one of en, zh"),
            ({"source": "Nobody"}, "no article with source 'Nobody'; take one of "),
            ({"label": "x"}, "none: no article has one"),
            ({"since": "soon"}, "since is 'soon', no date"),
            ({"since": "2025-12-01", "until": "2025-01-01"}, "since 2025-12-01 is after until 2025-01-01"),
        ],
    )
    def test_a_condition_that_nothing_can_fulfil_is_refused(
        self, seeds: rt.Corpus, conditions: dict, said: str
    ) -> None:
        assert said in line_of(seeds.filter, **conditions)

    @pytest.mark.parametrize("key", [[True], ["nobody"], [99], {"a": 1}, 1.5])
    def test_a_key_that_means_nothing_is_refused(self, seeds: rt.Corpus, key: object) -> None:
        line_of(seeds.__getitem__, key)

    def test_an_unknown_id_names_some_that_there_are(self, seeds: rt.Corpus) -> None:
        with pytest.raises(KeyError) as error:
            seeds["nobody"]
        assert f"no article 'nobody'; the first ids are {seeds[0].article_id}" in str(error.value)


class TestExcel:
    """What a spreadsheet saves."""

    @pytest.mark.parametrize(
        "text",
        [
            'title;text\n复工;"北方; 一座矿山"\n',
            'title\ttext\n复工\t"北方; 一座矿山"\n',
            "sep=;\r\ntitle;text\r\n复工;北方; 一座矿山\r\n".replace("北方; 一座矿山", '"北方; 一座矿山"'),
            "sep=|\ntitle|text\n复工|北方; 一座矿山\n",
            '"title","text"\r\n"复工","北方; 一座矿山"\r\n',
            '\ufeff标题;正文\r\n复工;"北方; 一座矿山"\r\n',
        ],
    )
    def test_every_separator_is_found(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "t.csv").write_bytes(text.encode())
        (article,) = rt.read(tmp_path / "t.csv")
        assert (article.title, article.body) == ("复工", "北方; 一座矿山")

    def test_lines_are_counted_with_the_one_above_the_header(self, tmp_path: Path) -> None:
        (tmp_path / "t.csv").write_text("sep=;\ntitle;text\na;b\nc\n", "utf-8")
        assert "t.csv:4: 1 cells in a table of 2 columns" in line_of(rt.read, tmp_path / "t.csv")

    @pytest.mark.parametrize(
        ("text", "codec", "named"),
        [
            ("标题,正文\n中国的稀土,这是中国对美国的出口管制\n", "gb18030", "GB18030"),
            ("標題,正文\n中國的稀土,這是中國對美國的出口管制,有人說會來\n", "cp950", "BIG5"),
            ("title,text\nCafé,The café’s owner said the price was 5 € in the end.\n", "cp1252", "CP1252"),
            ("title\ttext\na\tb\n", "utf-16", "UTF-16"),
        ],
    )
    def test_another_encoding_is_named_with_the_way_out(
        self, tmp_path: Path, text: str, codec: str, named: str
    ) -> None:
        (tmp_path / "t.csv").write_bytes(text.encode(codec))
        said = line_of(rt.read, tmp_path / "t.csv")
        assert f"iconv -f {named} -t UTF-8 t.csv > new.csv" in said
        assert "save it in Excel as CSV UTF-8" in said

    def test_a_workbook_is_a_table(self, tmp_path: Path) -> None:
        pytest.importorskip("openpyxl")
        path = tmp_path / "t.xlsx"
        FRAME.assign(日期=[datetime(2025, 3, 4, 9, 30), None]).to_excel(path, index=False)  # noqa: DTZ001
        undated, dated = rt.read(path)
        assert (dated.title, dated.published) == ("矿山复工", datetime(2025, 3, 4, 9, 30))  # noqa: DTZ001
        assert undated.title == "Mine reopened"

    def test_what_is_no_workbook_is_refused(self, tmp_path: Path) -> None:
        pytest.importorskip("openpyxl")
        (tmp_path / "t.xlsx").write_text("title,text\na,b\n", "utf-8")
        assert "t.xlsx: not an .xlsx workbook" in line_of(rt.read, tmp_path / "t.xlsx")


class TestDates:
    """Dates in the forms that tables and feeds write."""

    @pytest.mark.parametrize(
        "text",
        [
            *("2025/3/4", "2025-3-4", "2025.03.04", "2025年3月4日", "2025-03-04", "20250304", "4 March 2025"),
            *("Mar. 4, 2025", "March 4th, 2025", "4 mar 2025"),
        ],
    )
    def test_a_day(self, text: str) -> None:
        assert read_date(text) == datetime(2025, 3, 4)  # noqa: DTZ001

    @pytest.mark.parametrize(
        ("text", "zone"),
        [
            *((text, "") for text in ("2025-03-04T15:30", "2025/3/4 15:30:00", "2025年3月4日 15:30")),
            *(
                (text, "")
                for text in ("2025/3/4 3:30 PM", "2025年3月4日下午3点30分", "Tue, 04 Mar 2025 15:30:00 -0000")
            ),
            *((text, "+08:00") for text in ("2025-03-04T15:30:00+08:00", "Tue, 04 Mar 2025 15:30:00 +0800")),
            *((text, "+00:00") for text in ("2025-03-04 15:30Z", "1741102200", "1741102200000", 1741102200)),
        ],
    )
    def test_a_clock_as_printed_with_its_zone(self, text: object, zone: str) -> None:
        (article,) = rt.read(pd.DataFrame({"text": ["a"], "date": [text]}))
        assert (article.published, article.utc_offset) == (datetime(2025, 3, 4, 15, 30), zone)  # noqa: DTZ001

    @pytest.mark.parametrize("text", ["3/4/2025", "04.03.25", "March 2025", "2025", "45000", "31 June 2025"])
    def test_what_could_be_two_days_or_none_is_none(self, text: str) -> None:
        assert read_date(text) is None

    @given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
    def test_every_date_of_iso_8601_comes_back(self, moment: datetime) -> None:
        assert read_date(moment.isoformat()) == moment

    def test_many_odd_dates_are_counted_and_not_listed(self) -> None:
        corpus = rt.read(pd.DataFrame({"text": [f"text {n}" for n in range(50)], "date": ["soon"] * 50}))
        assert len(corpus.warnings) == 11
        assert corpus.warnings[-1] == "table: 40 more dates that cannot be read"


class TestMarkup:
    """HTML in cells, feeds, saved pages."""

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<p>矿山&nbsp;复工。</p><p>钕价&#65288;上涨&#65289;</p>", "矿山 复工。\n钕价（上涨）"),
            ("AT&amp;T said<br/>no", "AT&T said\nno"),
            ("<div>a<script>if (x < 1) { '</div>' }</script>b</div>", "ab"),
            ("<p>a<!-- <p>hidden</p> -->b</p>", "ab"),
            ("<p>open", "open"),
            ("<p>a</p><script>never closed", "a"),
        ],
    )
    def test_html_in_a_text_is_read_as_text(self, html: str, text: str) -> None:
        assert html_to_text(html) == text

    def test_html_in_a_table_is_said(self) -> None:
        corpus = rt.read(["<p>Tariffs rise.</p>", "x < y and y > z & more"])
        assert sorted(article.body for article in corpus) == ["Tariffs rise.", "x < y and y > z & more"]
        assert any("HTML in 1 text; tags and entities are taken out" in warning for warning in corpus.warnings)

    @given(st.text(st.characters(exclude_characters="<&", exclude_categories=["Cs"])))
    def test_a_text_without_markup_is_none(self, text: str) -> None:
        assert not is_html(text)

    @pytest.mark.parametrize("piece", ["<", "<a", "<!--", "<script>", "</p", "&", "<a <", "<p>"])
    def test_unclosed_markup_takes_linear_time(self, piece: str) -> None:
        """A megabyte of it is read at once."""
        html_to_text(piece * (10**6 // len(piece)))

    FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Daily Ore</title>
    <item><title>Mine &amp; mill</title><description>&lt;p&gt;A mine reopened.&lt;/p&gt;</description>
    <pubDate>Tue, 04 Mar 2025 09:30:00 +0800</pubDate></item>
    <item><title>磁体</title><description>磁体短缺。</description></item></channel></rss>"""

    def test_a_feed_gives_its_entries(self, tmp_path: Path) -> None:
        pytest.importorskip("feedparser")
        (tmp_path / "feed.xml").write_text(self.FEED, "utf-8")
        undated, dated = rt.read(tmp_path / "feed.xml")
        assert (dated.title, dated.body, dated.source) == ("Mine & mill", "A mine reopened.", "Daily Ore")
        assert (dated.published, dated.utc_offset) == (datetime(2025, 3, 4, 9, 30), "+08:00")  # noqa: DTZ001
        assert (undated.title, undated.body) == ("磁体", "磁体短缺。")

    def test_a_saved_page_gives_its_article(self, tmp_path: Path) -> None:
        pytest.importorskip("trafilatura")
        sentence = "A mine in the north reopened on Monday, said its owner in a long report, part"
        body = "".join(f"<p>{sentence} {n}.</p>" for n in range(9))
        head = "<head><title>Mine reopened</title></head>"
        page = f"<html>{head}<body><article><h1>Mine reopened</h1>{body}</article></body></html>"
        (tmp_path / "page.html").write_text(page, "utf-8")
        (article,) = rt.read(tmp_path / "page.html")
        assert article.title == "Mine reopened"
        assert "part 8." in article.body
        assert "<p>" not in article.body

    def test_what_is_no_feed_is_refused(self, tmp_path: Path) -> None:
        pytest.importorskip("feedparser")
        (tmp_path / "feed.xml").write_text("<a>no feed</a>", "utf-8")
        assert "no entry of RSS or Atom" in line_of(rt.read, tmp_path / "feed.xml")
