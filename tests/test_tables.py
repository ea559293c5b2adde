"""Specification of tables: which files enter, which fields they fill, and every way a table can be broken."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.limits import replace_unprintable
from rare_topics.corpus.tables import read_table_articles
from rare_topics.errors import InputError

ROWS: list[dict[str, Any]] = [
    {
        "id": "a1",
        "title": "钕价上涨",
        "text": "钕价周五上涨,\t涨幅2%。",
        "published": "2024-03-01",
        "source": "财经早报",
        "lang": "zh",
        "label": "price",
    },
    {
        "id": "a2",
        "title": "Mine, reopened",
        "text": "The mine reopened.",
        "published": "2024-03-02 09:30",
        "source": "",
        "lang": "",
        "label": "mine",
    },
]
Writer = Callable[[Path, list[dict[str, Any]]], None]


def _csv(path: Path, rows: list[dict[str, Any]]) -> None:
    cells = [list(rows[0]), *(list(row.values()) for row in rows)]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in cells) + "\n", "utf-8")


def _tsv(path: Path, rows: list[dict[str, Any]]) -> None:
    cells = [list(rows[0]), *(list(row.values()) for row in rows)]
    path.write_text("\n".join("\t".join(str(c).replace("\t", " ") for c in line) for line in cells) + "\n", "utf-8")


def _jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def _parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), path)


WRITERS: dict[str, Writer] = {".csv": _csv, ".tsv": _tsv, ".jsonl": _jsonl, ".parquet": _parquet}


def text_file(folder: Path, name: str, text: str) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def error_of(path: Path) -> str:
    """Give the one line with which a table is refused."""
    with pytest.raises(InputError) as error:
        read_table_articles(path)
    assert "\n" not in str(error.value)
    assert error.value.fix
    assert path.name in str(error.value)
    return str(error.value)


class TestFormats:
    """Four formats, plain or gzipped, one content."""

    @pytest.mark.parametrize("zipped", [False, True])
    @pytest.mark.parametrize("suffix", WRITERS)
    def test_every_format_gives_the_same_articles(self, tmp_path: Path, suffix: str, zipped: bool) -> None:
        """With the table's id as the article's."""
        path = tmp_path / f"table{suffix}"
        WRITERS[suffix](path, ROWS)
        if zipped:
            data = path.read_bytes()
            path = tmp_path / f"table{suffix}.gz"
            path.write_bytes(gzip.compress(data))
        first, second = read_table_articles(path)[0]
        assert (first.article_id, first.title, first.source, first.label) == ("a1", "钕价上涨", "财经早报", "price")
        assert first.body == ROWS[0]["text"].replace("\t", " " if suffix == ".tsv" else "\t")
        assert first.published == datetime(2024, 3, 1)  # noqa: DTZ001 - no time zone is given
        assert (second.title, second.title_lang, second.body_lang) == ("Mine, reopened", "en", "en")
        assert second.published == datetime(2024, 3, 2, 9, 30)  # noqa: DTZ001 - no time zone is given

    def test_title_and_text_are_enough(self, tmp_path: Path) -> None:
        """The rest is found, or left empty."""
        (article,), _, warnings = read_table_articles(text_file(tmp_path, "t.csv", "text,title\n矿山复工。,复工\n"))
        assert (article.title, article.body, article.body_lang) == ("复工", "矿山复工。", "zh")
        assert (article.published, article.source, article.pages, warnings) == (None, "", (), [])
        assert len(article.article_id) == 12

    @pytest.mark.parametrize(
        ("said", "text", "lang", "warning"),
        [
            ("zh-CN", "矿山复工。", "zh", None),
            ("EN_us", "The mine reopened.", "en", None),
            ("中文", "2025", "zh", None),
            ("Chinese", "The mine reopened.", "en", "lang 'Chinese', but the text is 'en', which is taken"),
            ("fr", "La mine rouvre.", "en", "lang 'fr' is neither Chinese nor English; the text is taken for 'en'"),
        ],
    )
    def test_the_language_is_known_by_any_name_and_checked_against_the_text(
        self, tmp_path: Path, said: str, text: str, lang: str, warning: str | None
    ) -> None:
        """Nothing about a language is lost silently."""
        path = text_file(tmp_path, "t.tsv", f"title\ttext\tlang\n\t{text}\t{said}\n")
        (article,), _, warnings = read_table_articles(path)
        assert article.body_lang == lang
        assert len(warnings) == (warning is not None)
        assert all((warning or "") in line and line.startswith("t.tsv:2") for line in warnings)

    def test_a_row_of_a_title_alone_has_the_language_of_the_title(self, tmp_path: Path) -> None:
        (article,), *_ = read_table_articles(text_file(tmp_path, "t.csv", "title,text\n钕价上涨,\n"))
        assert (article.title_lang, article.body_lang) == ("zh", "zh")

    def test_upper_case_suffixes_are_known(self, tmp_path: Path) -> None:
        """As some systems write them."""
        assert read_table_articles(text_file(tmp_path, "T.CSV", "title,text\na,b\n"))[0]

    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    def test_byte_order_mark_and_line_ends_do_not_matter(self, tmp_path: Path, newline: str) -> None:
        """Nor does a last line end."""
        text = "\ufeff" + newline.join(["title,text", "复工,矿山复工。"])
        (article,), _, _ = read_table_articles(text_file(tmp_path, "t.csv", text))
        assert (article.title, article.body) == ("复工", "矿山复工。")

    def test_a_quoted_cell_may_hold_line_ends(self, tmp_path: Path) -> None:
        """And separators and quotes."""
        (article,), _, _ = read_table_articles(text_file(tmp_path, "t.csv", 'title,text\na,"one,\ntwo ""three"""\n'))
        assert article.body == 'one,\ntwo "three"'

    def test_quotes_in_a_tab_separated_file_are_text(self, tmp_path: Path) -> None:
        """It needs none to keep cells apart."""
        (article,), _, _ = read_table_articles(text_file(tmp_path, "t.tsv", 'title\ttext\na\t"b" said\n'))
        assert article.body == '"b" said'

    @given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(min_size=1).filter(str.isprintable))
    def test_any_text_survives_json(self, tmp_path_factory: pytest.TempPathFactory, title: str, body: str) -> None:
        """Character by character, but for those that must not be printed."""
        path = tmp_path_factory.mktemp("t") / "t.jsonl"
        path.write_text(json.dumps({"title": title, "text": body}), "utf-8")
        (article,), _, _ = read_table_articles(path)
        assert (article.title, article.body) == (replace_unprintable(title)[0], body)

    def test_nulls_of_json_and_parquet_are_empty(self, tmp_path: Path) -> None:
        """Not the word None."""
        path = tmp_path / "t.parquet"
        pq.write_table(pa.table({"title": ["a"], "text": ["b"], "source": [None], "published": [float("nan")]}), path)
        (article,), _, _ = read_table_articles(path)
        assert (article.source, article.published) == ("", None)

    def test_dates_of_parquet_are_taken_as_printed(self, tmp_path: Path) -> None:
        """Without a time zone."""
        stamp = datetime(2024, 3, 1, 12, 5)  # noqa: DTZ001 - no time zone is given
        path = tmp_path / "t.parquet"
        pq.write_table(pa.table({"title": ["a"], "text": ["b"], "published": [stamp]}), path)
        assert read_table_articles(path)[0][0].published == stamp


class TestRowsThatRepeatOrSayNothing:
    """Never a silent loss."""

    def test_a_row_without_text_is_left_out_with_a_warning(self, tmp_path: Path) -> None:
        """That names its line."""
        articles, _, warnings = read_table_articles(text_file(tmp_path, "t.csv", "title,text\n,\na,b\n"))
        assert (len(articles), warnings) == (1, ["t.csv:2: neither title nor text; the row is left out"])

    def test_a_repeated_title_and_date_is_reported(self, tmp_path: Path) -> None:
        """Without ids the two rows are one article."""
        _, _, (warning,) = read_table_articles(text_file(tmp_path, "t.csv", "title,text\na,b\na,c\n"))
        assert warning.startswith("t.csv:3: title and date of line 2 again")

    def test_one_title_under_two_ids_is_two_articles(self, tmp_path: Path) -> None:
        """The table knows better."""
        articles, _, warnings = read_table_articles(text_file(tmp_path, "t.csv", "id,title,text\n1,a,b\n2,a,b\n"))
        assert ([article.article_id for article in articles], warnings) == (["1", "2"], [])


class TestBrokenTables:
    """An error names the file, the line and what to do."""

    def test_a_missing_file(self, tmp_path: Path) -> None:
        """Says so."""
        assert "no such file" in error_of(tmp_path / "none.csv")

    @pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".csv.gz"])
    @pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
    def test_an_empty_file(self, tmp_path: Path, suffix: str, data: bytes) -> None:
        """White space and a byte order mark are nothing."""
        path = tmp_path / f"t{suffix}"
        path.write_bytes(gzip.compress(data) if suffix.endswith("gz") else data)
        assert "empty" in error_of(path)

    @pytest.mark.parametrize(
        ("name", "text"),
        [("t.csv", "price,unit\na,b\n"), ("t.tsv", "price\tunit\na\tb\n"), ("t.jsonl", '{"price": 1, "unit": 2}\n')],
    )
    def test_neither_title_nor_text(self, tmp_path: Path, name: str, text: str) -> None:
        """Names the missing columns and those there are."""
        message = error_of(text_file(tmp_path, name, text))
        assert f"{name}:1: no column text and no column title; the columns are price, unit" in message

    def test_neither_title_nor_text_in_parquet(self, tmp_path: Path) -> None:
        """Names both."""
        path = tmp_path / "t.parquet"
        pq.write_table(pa.table({"b": ["b"]}), path)
        assert "no column text and no column title; the columns are b;" in error_of(path)

    def test_a_column_given_twice(self, tmp_path: Path) -> None:
        """One of them would be lost."""
        assert "two columns of one name" in error_of(text_file(tmp_path, "t.csv", "title,text,text\na,b,c\n"))

    @pytest.mark.parametrize("suffix", WRITERS)
    def test_duplicate_ids(self, tmp_path: Path, suffix: str) -> None:
        """Names the id and both lines."""
        path = tmp_path / f"t{suffix}"
        WRITERS[suffix](path, [ROWS[0], ROWS[1], {**ROWS[1], "id": "a1"}])
        header = 1 if suffix in {".csv", ".tsv"} else 0
        message = error_of(path)
        assert f"{path.name}:{3 + header}" in message
        assert f"the id 'a1' stands in line {1 + header} already" in message

    def test_an_empty_id(self, tmp_path: Path) -> None:
        """Where the others have one."""
        assert "t.csv:3: an empty id" in error_of(text_file(tmp_path, "t.csv", "id,title,text\n1,a,b\n,c,d\n"))

    @pytest.mark.parametrize("row", ["a", "a,b,c"])
    def test_a_ragged_row(self, tmp_path: Path, row: str) -> None:
        """Names its line and the number of cells."""
        message = error_of(text_file(tmp_path, "t.csv", f"title,text\na,b\n{row}\n"))
        assert f"t.csv:3: {row.count(',') + 1} cells in a table of 2 columns" in message

    def test_a_quote_that_never_closes(self, tmp_path: Path) -> None:
        """Is no text to the end of the file."""
        assert "t.csv" in error_of(text_file(tmp_path, "t.csv", 'title,text\na,"b\nc,d\n'))

    @pytest.mark.parametrize("line", ["{", "nothing", '["a"]', "3", '{"title": "a"', "1" * 5000, "[" * 100_000])
    def test_a_line_that_is_no_json_object(self, tmp_path: Path, line: str) -> None:
        """Names the line."""
        message = error_of(text_file(tmp_path, "t.jsonl", '{"title": "a", "text": "b"}\n' + line + "\n"))
        assert "t.jsonl:2: no JSON object" in message

    def test_half_a_surrogate_pair(self, tmp_path: Path) -> None:
        """JSON may name one, no file can hold it."""
        message = error_of(text_file(tmp_path, "t.jsonl", '{"title": "a", "text": "\\ud83d"}\n'))
        assert "t.jsonl:1: half of a surrogate pair" in message

    @pytest.mark.parametrize("data", [b"", b"no parquet", b"PAR1" + b"x" * 40 + b"PAR1"])
    def test_a_broken_parquet_file(self, tmp_path: Path, data: bytes) -> None:
        """Names the file."""
        path = tmp_path / "t.parquet"
        path.write_bytes(data)
        assert "Parquet" in error_of(path)

    @pytest.mark.parametrize("cut", [0, 5, 30])
    def test_a_broken_gzip_file(self, tmp_path: Path, cut: int) -> None:
        """Cut short, or none at all."""
        path = tmp_path / "t.csv.gz"
        path.write_bytes(gzip.compress(b"title,text\na,b\n")[:cut] or b"no gzip")
        assert "gzip" in error_of(path)

    def test_gb18030(self, tmp_path: Path) -> None:
        """Names the line and how to convert."""
        path = tmp_path / "t.csv"
        path.write_bytes("title,text\n复工,矿山\n".encode("gb18030"))
        assert "t.csv:2: not UTF-8" in error_of(path)

    @pytest.mark.parametrize("stamp", ["2024-02-30", "yesterday", "2024", "3/4/2025"])
    def test_an_impossible_date(self, tmp_path: Path, stamp: str) -> None:
        """Is quoted with its line, in a warning; the article has no date, and the table is read."""
        path = text_file(tmp_path, "t.csv", f"title,text,published\na,b,{stamp}\n")
        (article,), _, (warning,) = read_table_articles(path)
        assert article.published is None
        assert warning.startswith(f"t.csv:2: '{stamp}' is no date")

    def test_a_table_without_rows(self, tmp_path: Path) -> None:
        """Holds no article."""
        assert "holds no article" in error_of(text_file(tmp_path, "t.csv", "title,text\n"))
