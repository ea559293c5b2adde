"""Specification of the cells of tables: decoded, set aside with a warning, or refused in one line."""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import page_text
from hypothesis import given
from hypothesis import strategies as st

import rare_topics as rt
from rare_topics.corpus.cells import cell_date, cell_text
from rare_topics.corpus.feed_pages import parse_page
from rare_topics.corpus.limits import Limits
from rare_topics.corpus.parquet_footer import column_chunks
from rare_topics.corpus.tables import parse_row
from rare_topics.errors import UNPRINTABLE, InputError

# How Python writes bytes, lists, mappings and objects; no cell may be read so.
PYTHON_REPR = re.compile(r"^(?:b['\"]|\[|\{|\(|<|None$|nan$|inf$|True$|False$|datetime\.|Decimal\()")
BODY = "China exports rare earths."

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2)
    | st.text(st.characters(), max_size=12)
    | st.binary(max_size=12)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.uuids()
)
CELLS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
ROWS = st.fixed_dictionaries(
    {"title": CELLS, "text": CELLS},
    optional=dict.fromkeys(("id", "published", "source", "lang", "label"), CELLS),
)


def table(path: Path, **columns: Any) -> Path:
    n = max(len(column) for column in columns.values())
    given = {"title": [f"title {number}" for number in range(n)], "text": [f"{BODY} {number}" for number in range(n)]}
    pq.write_table(pa.table({**given, **columns}), path)
    return path


def outcome(path: Path, **how: Any) -> rt.Corpus | str:
    """Read a table; where it is refused, return the one line that says so."""
    try:
        return rt.read_table(path, **how)
    except InputError as error:
        line = str(error)
    assert "\n" not in line
    assert path.name in line
    assert not UNPRINTABLE.search(line)
    return line


@given(ROWS)
def test_a_row_of_any_cells_is_an_article_or_one_clear_line(row: dict[str, Any]) -> None:
    try:
        article, warnings = parse_row(row, where="t.parquet:1")
    except InputError as error:
        article, warnings = None, [str(error)]
    assert all(line.startswith("t.parquet:1: ") for line in warnings)
    assert not any(UNPRINTABLE.search(line) or "\n" in line for line in warnings)
    if article is None:
        return
    assert article.published is None or 1500 <= article.published.year <= 2200
    for name, text in (("title", article.title), ("text", article.body), ("id", article.article_id)):
        assert not UNPRINTABLE.search(text)
        text.encode()
        if not isinstance(row.get(name), (str, bytes)):
            assert not PYTHON_REPR.match(text)


@given(st.lists(ROWS, min_size=1, max_size=4))
def test_any_cells_of_json_lines_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    path = tmp_path_factory.mktemp("t") / "t.jsonl"
    path.write_text("".join(json.dumps(row, default=str) + "\n" for row in rows), "utf-8")
    outcome(path)


@given(
    SCALARS.flatmap(lambda one: st.lists(st.just(one) | st.none(), min_size=1, max_size=3)),
    st.sampled_from(["title", "text", "id", "published"]),
)
def test_any_column_of_parquet_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, cells: list, name: str
) -> None:
    try:
        column = pa.array(cells)
        path = table(tmp_path_factory.mktemp("t") / "t.parquet", **{name: column})
    except (pa.ArrowException, OverflowError, ValueError, UnicodeEncodeError):
        return
    outcome(path)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (math.nan, ""),
        (Decimal("NaN"), ""),
        ("稀土", "稀土"),
        ("稀土".encode(), "稀土"),
        (bytearray(b"ore"), "ore"),
        (memoryview(b"ore"), "ore"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (1.5, "1.5"),
        (Decimal("1.50"), "1.50"),
        (date(2025, 1, 2), "2025-01-02"),
        (datetime(2025, 1, 2, 3, 4), "2025-01-02 03:04:00"),  # noqa: DTZ001 - as printed
        (time(3, 4), "03:04:00"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
)
def test_a_cell_with_a_text_is_that_text(cell: object, text: str) -> None:
    assert cell_text(cell, where="t:1") == text


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (b"\xff", "not UTF-8 (byte 0xff of a cell)"),
        (b"cut \xe7\xa8", "not UTF-8 (byte 0xe7 of a cell)"),
        ("\ud800", "half of a surrogate pair"),
        ({"a": [1]}, "a structure is no text"),
        ([b"x"], "a list is no text"),
        ((), "a list is no text"),
        (timedelta(days=1), "a value of the type timedelta is no text"),
        (object(), "a value of the type object is no text"),
        (1j, "a value of the type complex is no text"),
        (math.inf, "an infinite number is no text"),
        (Decimal("-Infinity"), "an infinite number is no text"),
        (10**5000, "a number of too many digits"),
    ],
    ids=range(12),
)
def test_a_cell_without_a_text_is_named_with_its_place(cell: object, problem: str) -> None:
    with pytest.raises(InputError) as error:
        cell_text(cell, where="t.jsonl:7")
    assert str(error.value).startswith(f"t.jsonl:7: {problem}")


@pytest.mark.parametrize(
    "cell",
    [
        *("0001-01-01", "1499-12-31", "2201-01-01", "9999-12-31", "9999/12/31 23:59", "20000-01-01", "-0044-03-15"),
        *("+12025-01-01", "0000-01-01", "999999999999-01-01T00:00:00Z", datetime(1, 1, 1), date(9999, 12, 31)),  # noqa: DTZ001 - as printed
        b"9999-12-31",
    ],
    ids=str,
)
def test_a_date_that_no_news_can_have_is_none_with_a_warning(cell: object) -> None:
    published, (warning,) = cell_date(cell, where="t.csv:2")
    assert published is None
    assert warning.startswith("t.csv:2: ")
    assert warning.endswith("lies outside the years 1500 to 2200; the article has no date")


@pytest.mark.parametrize(
    "cell",
    ["someday", "2025-13-01", "1" * 100_000, [2025], {}, True, time(1), timedelta(1), "2025-02-30", math.inf, 10**5000],
    ids=range(11),
)
def test_what_is_no_date_is_none_with_a_short_warning(cell: object) -> None:
    """One slip in a column of dates refuses no table."""
    published, (warning,) = cell_date(cell, where="t.csv:2")
    assert published is None
    assert warning.startswith("t.csv:2: ")
    assert len(warning) < 300


@pytest.mark.parametrize(
    "cell", ["1500-01-01", "2200-12-31 23:59", date(2025, 1, 2), b"2025-01-02", 20250102, "", None, math.nan]
)
def test_other_dates_are_read_without_a_word(cell: object) -> None:
    published, warnings = cell_date(cell, where="t.csv:2")
    assert warnings == []
    assert (published is None) == (cell in ("", None) or cell != cell)  # noqa: PLR0124 - NaN


@pytest.mark.parametrize("year", ["0001", "1499", "2201", "9999"])
def test_a_page_s_date_follows_the_same_rule(year: str) -> None:
    (article,), warnings = parse_page(page_text([("标题", f"来源· {year}-01-02 03:04", "正文。")]), name="page.txt")
    assert article.published is None
    assert any("lies outside the years 1500 to 2200" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("cell", "lang", "warned"),
    [
        ("en", "en", False),
        ("EN", "en", False),
        ("en_GB", "en", False),
        ("", "en", False),
        (" ", "en", False),
        ("fr", "en", True),
        ("../../x", "en", True),
        ("\x1b", "en", True),
    ],
)
def test_a_language_that_is_not_read_is_told_by_the_text(cell: str, lang: str, warned: bool) -> None:
    article, warnings = parse_row({"title": "a", "text": BODY, "lang": cell}, where="t.csv:2")
    assert article is not None
    assert article.body_lang == lang
    assert bool([line for line in warnings if "neither Chinese nor English" in line]) == warned


def test_a_name_that_no_system_takes_is_no_file() -> None:
    for name in ("x" * 5000, "a\0b", "x" * 5000 + ".csv"):
        with pytest.raises(InputError, match="no such file"):
            rt.read(name)


class TestParquet:
    """Columns of every type."""

    @pytest.mark.parametrize(
        "kind",
        [
            pa.binary(),
            pa.large_binary(),
            pa.large_string(),
            pa.string_view(),
            pa.dictionary(pa.int32(), pa.string()),
            pa.binary(3),
        ],
        ids=str,
    )
    def test_texts_of_every_width_are_decoded(self, tmp_path: Path, kind: pa.DataType) -> None:
        column = pa.array([b"one", b"two"] if kind == pa.binary(3) else ["one", "two"]).cast(kind)
        corpus = rt.read_table(table(tmp_path / "t.parquet", title=column))
        assert {article.title for article in corpus} == {"one", "two"}

    @pytest.mark.parametrize(
        "column",
        [
            pa.array([{"a": 1}]),
            pa.array([["x"]]),
            pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string())),
            pa.array([timedelta(1)]),
            pa.array([[1.0, 2.0]], pa.list_(pa.float32(), 2)),
        ],
        ids=["struct", "list", "map", "duration", "fixed_size_list"],
    )
    @pytest.mark.parametrize("name", ["title", "text", "id", "published"])
    def test_a_nested_column_is_refused_by_name(self, tmp_path: Path, column: pa.Array, name: str) -> None:
        assert f"the column {name} is of the type" in str(outcome(table(tmp_path / "t.parquet", **{name: column})))

    @pytest.mark.parametrize("ticks", [2**62, -(2**62), -62_200_000_000_000_000])
    @pytest.mark.parametrize("unit", ["us", "ms", "ns"])
    @pytest.mark.parametrize("zone", [None, "UTC", "+05:00"])
    def test_time_stamps_beyond_any_calendar_are_no_dates(
        self, tmp_path: Path, ticks: int, unit: str, zone: str | None
    ) -> None:
        column = pa.array([ticks, 0]).cast(pa.int64()).view(pa.timestamp(unit, tz=zone))
        corpus = outcome(table(tmp_path / "t.parquet", published=column))
        assert not isinstance(corpus, str)
        dated = [article for article in corpus if article.published]
        assert 1 <= len(dated) <= 2
        assert len(corpus.warnings) == 2 - len(dated)

    def test_a_time_stamp_of_an_unknown_zone_stands_as_it_is(self, tmp_path: Path) -> None:
        column = pa.array([1_700_000_000_000_000, 2**62]).view(pa.timestamp("us", tz="Mars/Olympus"))
        corpus = rt.read_table(table(tmp_path / "t.parquet", published=column))
        assert [str(article.published) for article in corpus] == ["None", "2023-11-14 22:13:20"]

    def test_bytes_that_are_no_text_are_named_with_their_row(self, tmp_path: Path) -> None:
        column = pa.array([b"one", b"two \xff"]).view(pa.binary())
        broken = pa.Array.from_buffers(pa.string(), 2, column.buffers())
        for cells in (column, broken):
            assert str(outcome(table(tmp_path / "t.parquet", title=cells))).startswith(
                "t.parquet:2: not UTF-8 (byte 0xff"
            )

    def test_a_dictionary_of_few_texts_for_many_rows_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        column = pa.DictionaryArray.from_arrays(pa.array([0] * 5000, pa.int32()), ["稀土 " * 100_000])
        path = table(tmp_path / "bomb.parquet", text=column)
        assert path.stat().st_size < 500_000
        before = pa.total_allocated_bytes()
        assert "limit expanded_bytes" in str(outcome(path, limits=Limits(expanded_bytes=50_000_000)))
        assert pa.total_allocated_bytes() - before < 50_000_000

    def test_a_footer_that_contradicts_itself_is_refused(self, tmp_path: Path) -> None:
        """Arrow ends the process where the sizes of levels do not fit a column and its metadata are asked for."""
        data = bytearray(table(tmp_path / "t.parquet", label=pa.array([True, None])).read_bytes())
        footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
        for at in range(footer, len(data) - 8):
            for bit in (1, 4):
                changed = bytearray(data)
                changed[at] ^= bit
                (tmp_path / "t.parquet").write_bytes(changed)
                outcome(tmp_path / "t.parquet")

    def test_sizes_and_codecs_are_those_of_the_file(self, tmp_path: Path) -> None:
        pq.write_table(pa.table({"a": ["x"] * 3, "b": [1, 2, 3]}), tmp_path / "t.parquet", compression={"a": "ZSTD"})
        metadata = pq.ParquetFile(tmp_path / "t.parquet").metadata.row_group(0)
        sizes = [metadata.column(at).total_uncompressed_size for at in range(2)]
        data = (tmp_path / "t.parquet").read_bytes()
        assert column_chunks(data) == [("a", 6, sizes[0]), ("b", 0, sizes[1])]
        for broken in (b"", data[:-1], data[:-8] + b"\xff\xff\xff\x7fPAR1", b"\x1c" * 99 + b"\x50\0\0\0PAR1"):
            with pytest.raises(ValueError, match="footer"):
                column_chunks(broken)

    @pytest.mark.parametrize("at", range(0, 400, 7))
    def test_a_file_with_a_changed_byte_is_read_or_refused(self, tmp_path: Path, at: int) -> None:
        data = bytearray(table(tmp_path / "t.parquet", published=pa.array([date(2025, 1, 2)] * 3)).read_bytes())
        for place in (at % len(data), -1 - at % len(data)):
            changed = bytearray(data)
            changed[place] ^= 0xFF
            (tmp_path / "t.parquet").write_bytes(changed)
            outcome(tmp_path / "t.parquet")


def test_a_list_of_names_in_a_message_ends_after_ten(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(",".join(f"column{n}\x1b" for n in range(500)) + "\n", "utf-8")
    line = str(outcome(tmp_path / "t.csv"))
    assert "column9\ufffd and 490 more" in line
    assert "column10" not in line


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "tsv", "jsonl.gz"])
def test_halves_of_characters_and_encoded_bytes_end_in_one_line(tmp_path: Path, suffix: str) -> None:
    data = {
        "jsonl": b'{"title": "\\ud83d", "text": "\\udc00"}\n',
        "csv": b"title,text\n\xed\xa0\x80,x\n",
        "tsv": b"title\ttext\nx\t\xc0\x80\n",
        "jsonl.gz": gzip.compress(base64.b64decode("eyJ0aXRsZSI6ICL//w==")),
    }[suffix]
    (tmp_path / f"t.{suffix}").write_bytes(data)
    assert isinstance(outcome(tmp_path / f"t.{suffix}"), str)
