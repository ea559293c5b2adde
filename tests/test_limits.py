"""Specification of hostile input: refused or made harmless in one sentence, and never obeyed."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import linear_time
import pandas as pd
import pytest
from conftest import page_text
from hypothesis import given
from hypothesis import strategies as st

import rare_topics as rt
from rare_topics.cli import main
from rare_topics.corpus.limits import Limits, replace_unprintable
from rare_topics.errors import UNPRINTABLE, InputError
from rare_topics.runtime.csv_files import FORMULA_START, PLAIN_NUMBER, read_csv, to_csv, write_csv

HERE = Path(__file__).parent
RECORD = ("标题", "雪球· 2025-10-01 10:00", "美国对中国大豆加征关税。")


def page(path: Path, *records: tuple[str, str, str]) -> Path:
    path.write_bytes(page_text(records or [RECORD]).encode("utf-8"))
    return path


class TestLimits:
    """What goes beyond a limit is refused, with the name of the limit."""

    @pytest.mark.parametrize(
        ("name", "write"),
        [
            ("file_bytes", page),
            ("line_characters", lambda path: page(path, (*RECORD[:2], "字" * 600))),
            ("file_articles", lambda path: page(path, *[(f"标题{n}", *RECORD[1:]) for n in range(11)])),
            ("token_characters", lambda path: page(path, (*RECORD[:2], "A1b2" * 30))),
        ],
    )
    def test_of_a_page(self, name: str, write, tmp_path: Path) -> None:
        limits = Limits(
            file_bytes=100 if name == "file_bytes" else 10**6,
            line_characters=500,
            file_articles=10,
            token_characters=100,
        )
        path = write(tmp_path / "page.txt")
        with pytest.raises(InputError, match=rf"page\.txt.*more than .*, or raise the limit {name}"):
            rt.read_pages(path, limits=limits)
        assert len(rt.read_pages(path)) > 0

    @pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet"])
    @pytest.mark.parametrize("name", ["file_bytes", "line_characters", "file_articles", "token_characters"])
    def test_of_a_table(self, suffix: str, name: str, tmp_path: Path) -> None:
        text = {"line_characters": "字" * 600, "token_characters": "A1b2" * 30}.get(name, "正文。")
        frame = pd.DataFrame({"title": [f"标题{n}" for n in range(11)], "text": text})
        path = tmp_path / f"news.{suffix}"
        {
            "csv": partial(frame.to_csv, index=False),
            "tsv": partial(frame.to_csv, index=False, sep="\t"),
            "jsonl": partial(frame.to_json, orient="records", lines=True, force_ascii=False),
            "parquet": frame.to_parquet,
        }[suffix](path)
        small = {"file_bytes": 50, "line_characters": 500, "file_articles": 10, "token_characters": 100}[name]
        with pytest.raises(InputError, match=rf"limit {name}|larger than field limit"):
            rt.read_table(path, limits=Limits(**{name: small}))
        assert len(rt.read_table(path)) == 11

    @pytest.mark.parametrize("suffix", ["csv.gz", "jsonl.gz", "parquet"])
    def test_a_small_file_that_expands_to_a_large_one(self, suffix: str, tmp_path: Path) -> None:
        path = tmp_path / f"bomb.{suffix}"
        text = "字 " * 1_000_000
        if suffix == "parquet":
            pd.DataFrame({"title": ["a"] * 50, "text": [text] * 50}).to_parquet(path)
        else:
            rows = f"title,text\na,{text}\n" if suffix == "csv.gz" else json.dumps({"title": "a", "text": text})
            path.write_bytes(gzip.compress(rows.encode()))
        assert path.stat().st_size < 1_000_000
        with pytest.raises(InputError, match=r"more than 1,000,000 bytes once expanded.*limit expanded_bytes"):
            rt.read_table(path, limits=Limits(expanded_bytes=1_000_000))

    @pytest.mark.parametrize("value", [0, -1, 2.5, "many", None, True])
    def test_a_limit_that_is_none(self, value: object) -> None:
        with pytest.raises(InputError, match=r"the limit file_bytes is .*; give a whole number above 0"):
            Limits(file_bytes=value)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "setting", ["bytes=3", "file_bytes", "file_bytes=", "file_bytes=-1", "file_bytes=1e9", "=", "file_bytes=٣"]
    )
    def test_a_limit_of_the_command_that_is_none_lists_those_there_are(
        self, setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["run", str(page(tmp_path / "page.txt")), "--out", str(tmp_path / "b"), "--limit", setting]) == 2
        assert "NAME one of file_bytes, expanded_bytes, line_characters" in capsys.readouterr().err

    def test_the_command_takes_limits(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert (
            main(["run", str(page(tmp_path / "page.txt")), "--out", str(tmp_path / "b"), "--limit", "file_bytes=9"])
            == 2
        )
        assert "more than 9 bytes in a file" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
class TestSpecialFiles:
    """Only plain files of the folder are read."""

    @pytest.mark.parametrize("suffix", ["txt", "csv"])
    def test_a_pipe_is_refused_and_not_waited_for(self, suffix: str, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / f"pipe.{suffix}")
        with pytest.raises(InputError, match=r"is a folder, a pipe or a device; give a plain file"):
            rt.read_pages(tmp_path) if suffix == "txt" else rt.read_table(tmp_path / "pipe.csv")

    @pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
    def test_a_device_is_refused(self, device: str, tmp_path: Path) -> None:
        (tmp_path / "page.txt").symlink_to(device)
        for path in (tmp_path / "page.txt", tmp_path):
            with pytest.raises(InputError, match=r"a pipe or a device|leads out of the folder"):
                rt.read_pages(path)

    def test_a_link_out_of_the_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "pages").mkdir()
        page(tmp_path / "secret.txt")
        (tmp_path / "pages" / "page.txt").symlink_to("../secret.txt")
        with pytest.raises(InputError, match=r"page\.txt: a link that leads out of the folder; copy the file"):
            rt.read_pages(tmp_path / "pages")
        assert len(rt.read_pages(tmp_path / "pages" / "page.txt")) == 1

    def test_a_link_within_the_folder_is_a_page(self, tmp_path: Path) -> None:
        (tmp_path / "also.txt").symlink_to(page(tmp_path / "page.txt"))
        assert len(rt.read_pages(tmp_path)) == 1

    @pytest.mark.parametrize("target", ["nowhere.txt", "page.txt"])
    def test_a_link_to_nothing_or_to_itself_is_told(self, target: str, tmp_path: Path) -> None:
        (tmp_path / "page.txt").symlink_to(target)
        with pytest.raises(InputError, match=r"page\.txt: "):
            rt.read_pages(tmp_path)

    def test_a_name_with_tricks_is_a_name(self, tmp_path: Path) -> None:
        """It is printed in one line, whatever it holds."""
        path = tmp_path / "a\nb.txt"
        path.write_bytes(b"nothing")
        with pytest.raises(InputError) as error:
            rt.read_pages(path)
        assert "\n" not in str(error.value)


class TestUnprintable:
    """What a terminal would obey, or what turns text around, is replaced one for one and said."""

    @pytest.mark.parametrize("char", ["\x07", "\x1b", "\x9b", "\u202e", "\u2066", "\x7f"])
    def test_in_a_page_and_in_a_table(self, char: str, tmp_path: Path) -> None:
        body = f"美国{char}[31m对中国大豆加征关税。"
        path = page(tmp_path / "page.txt", (*RECORD[:2], body))
        (tmp_path / "news.csv").write_text(f"title,text\n标题,{body}\n", "utf-8")
        for corpus in (rt.read_pages(path), rt.read_table(tmp_path / "news.csv")):
            assert corpus[0].body == body.replace(char, "\ufffd")
            assert len(corpus[0].body) == len(body)
            assert any(f"U+{ord(char):04X} must not be printed" in warning for warning in corpus.warnings)

    @given(st.text(st.characters(), max_size=40))
    def test_offsets_never_change(self, text: str) -> None:
        plain, found = replace_unprintable(text)
        assert len(plain) == len(text)
        assert not UNPRINTABLE.search(plain)
        assert bool(found) == bool(UNPRINTABLE.search(text))
        assert all(other in (one, "\ufffd") for one, other in zip(text, plain, strict=True))

    def test_half_a_character_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "news.jsonl").write_text('{"title": "a", "text": "\\ud83d"}', "ascii")
        with pytest.raises(InputError, match="half of a surrogate pair"):
            rt.read_table(tmp_path / "news.jsonl")


class TestSpreadsheet:
    """Cells are shown and not obeyed; reading back gives the text."""

    @pytest.mark.parametrize(
        "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1"]
    )
    def test_a_formula_gets_an_apostrophe(self, cell: str) -> None:
        written = to_csv(pd.DataFrame({"text": [cell]})).split("\n", 1)[1]
        assert next(csv.reader([written]))[0].startswith("'")

    @pytest.mark.parametrize("cell", ["-5", "+3.2%", "-1,000", "a=b", "稀土", "", "1-2"])
    def test_numbers_and_words_stay(self, cell: str) -> None:
        assert to_csv(pd.DataFrame({"text": [cell, "x"]})).split("\n")[1].strip('"') == cell

    def test_columns_of_numbers_stay(self) -> None:
        table = pd.DataFrame({"x": [-1.5, 2.0], "n": [-1, 2]})
        assert to_csv(table) == table.to_csv(index=False, lineterminator="\n")

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1))
    def test_what_is_written_is_read_back(self, tmp_path_factory, cells) -> None:
        path = tmp_path_factory.mktemp("csv") / "a.csv"
        table = pd.DataFrame({"text": cells, "number": range(len(cells))})
        path.write_text(to_csv(table), "utf-8", newline="")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        for row in rows[1:]:
            assert not row or row[0][:1] not in {*"=+-@\t\r"} or PLAIN_NUMBER.fullmatch(row[0])
        assert read_csv(path, dtype={"text": str})["text"].tolist() == cells

    @given(st.lists(st.tuples(st.text('a=\r\n",稀', max_size=4), st.floats(-1, 1)), min_size=1), st.integers(1, 5))
    def test_parts_are_written_as_the_whole(self, tmp_path_factory, rows, size) -> None:
        """Wherever it is cut, and whichever part has what must be quoted."""
        path = tmp_path_factory.mktemp("csv") / "a.csv"
        table = pd.DataFrame(rows, columns=["text", "number"])
        write_csv(path, lambda: [table[start : start + size] for start in range(0, len(table), size)])
        assert path.read_bytes().decode() == to_csv(table)

    def test_every_table_of_a_run_is_guarded(self, tmp_path: Path) -> None:
        rows = [(f"=HYPERLINK({n})", "Farmers store soybeans because tariffs keep buyers away.") for n in range(4)]
        pd.DataFrame(rows, columns=["title", "text"]).to_csv(tmp_path / "news.csv", index=False)
        study = rt.Study(n_topics=1, n_clusters=1).fit(rt.read_table(tmp_path / "news.csv"))
        folder = rt.write_run(study, tmp_path / "build", figures=False)
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.reader(file):
                    assert not any(
                        FORMULA_START.match(cell) and cell[0] != "'" and not PLAIN_NUMBER.fullmatch(cell)
                        for cell in row
                    )
        assert set(read_csv(folder / "articles.csv")["title"]) == {title for title, _ in rows}


class TestLinearTime:
    """No text makes a regular expression take for ever."""

    def test_every_pattern_of_the_package_is_found(self) -> None:
        assert len(linear_time.pattern_uses()) > 60

    @pytest.mark.parametrize("pattern", [r"(?:a+)+\x01", r"a+b"], ids=["exponential", "quadratic"])
    def test_a_pattern_that_takes_too_long_would_be_found(self, pattern: str) -> None:
        uses = {(pattern, 32): {"finditer"}}
        script = f"from linear_time import slow_patterns; print(*slow_patterns({uses!r}, timeout=1))"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=HERE, check=True)
        assert done.stdout.startswith("finditer")

    @pytest.mark.slow
    @pytest.mark.skipif(os.name != "posix", reason="a pattern without end is stopped by a signal")
    def test_no_pattern_takes_more_than_linear_time(self) -> None:
        """On long texts of whatever its parts begin with: eight times the text, far less than 64 times the time."""
        script = Path(linear_time.__file__)
        done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
        assert done.stdout == ""
