"""Specification of broken pages and of users' mistakes: an `InputError` that says what to do is the worst."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import page_text
from hypothesis import given, settings
from hypothesis import strategies as st
from test_study import CHINESE, ENGLISH, corpus_of

import rare_topics as rt
from rare_topics.cli import main
from rare_topics.corpus.feed_pages import parse_page
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.errors import InputError
from rare_topics.study.stories import is_first_telling
from rare_topics.text.segmenter import Segmenter

FUZZ = Path(__file__).parent / "fuzz" / "fuzz_inputs.py"

WORDS = st.sampled_from(
    [
        *(
            "稀土",
            "美国",
            "U.S.",
            "Core View",
            "Group 1: Trade",
            " - ",
            "[1]",
            "[2][3].",
            "。",
            "...",
            "$10-15 billion",
        ),
        *("2.1万项", "\u202e", "\x07", "“", "(", "\u3000", "Summary by Sections", "=1+1", "<b>", "\U0001f600"),
        "Search documents",
    ]
)
TEXT = st.lists(
    WORDS | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\x00"), max_size=8), max_size=12
)
LINE = TEXT.map(" ".join)
DATE = st.tuples(
    st.text("雪球A ", min_size=1, max_size=4), st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32)
).map(lambda parts: f"{parts[0]}· {parts[1]:04d}-{parts[2]}-{parts[3]} 08:00")
RECORDS = st.lists(st.tuples(LINE, DATE | LINE, LINE), max_size=5)
BREAKS = st.lists(
    st.tuples(st.sampled_from(["cut", "drop", "double", "insert", "swap"]), st.integers(0, 10**6), LINE), max_size=4
)


def broken(text: str, breaks: list[tuple[str, int, str]]) -> str:
    """Break a page that the grammar wrote: cut it, drop, double or swap its lines, insert others."""
    for kind, at, line in breaks:
        lines = text.split("\n")
        place = at % len(lines)
        if kind == "cut":
            text = text[: at % (len(text) + 1)]
            continue
        if kind == "drop":
            lines.pop(place)
        elif kind == "double":
            lines.insert(place, lines[place])
        elif kind == "insert":
            lines.insert(place, line)
        else:
            lines[place - 1], lines[place] = lines[place], lines[place - 1]
        text = "\n".join(lines)
    return text


class TestBrokenPages:
    """Pages written by the grammar and then broken."""

    @settings(max_examples=300)
    @given(RECORDS, BREAKS)
    def test_whatever_is_read_slices_back_and_whatever_is_not_is_reported(self, records, breaks) -> None:
        try:
            articles, _ = parse_page(broken(page_text(records), breaks), name="page.txt")
        except InputError as error:
            message = str(error)
        else:
            message = "page.txt"
        assert "page.txt" in message
        assert "\n" not in message
        if message != "page.txt":
            return
        segmenter = Segmenter()
        for article in articles:
            for passage in split_passages(article):
                text = article.title if passage.kind == "title" else article.body
                assert text[passage.start : passage.end] == passage.text
                tokens = segmenter.tokenize(passage.text)
                assert all(0 <= token.start < token.end <= len(passage.text) for token in tokens)

    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_refused(self, tmp_path_factory, data: bytes) -> None:
        path = tmp_path_factory.mktemp("bytes") / "page.txt"
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"page\.txt"):
            rt.read_pages(path)

    @pytest.mark.slow
    @pytest.mark.skipif(
        importlib.util.find_spec("atheris") is None, reason="atheris is not installed: pip install atheris"
    )
    def test_the_fuzzer_finds_nothing_in_a_short_run(self, tmp_path: Path) -> None:
        # With a seed: another run would find what this one does not.
        words = [sys.executable, str(FUZZ), "-runs=3000", "-max_len=4000", "-timeout=60", "-seed=1"]
        # Its limit of memory counts the peak of what started it: a shell in between, and not all that ran before.
        shell = ["sh", "-c", '"$@"; exit $?', "sh"]
        done = subprocess.run([*shell, *words], capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stderr[-2000:]

    def test_the_fuzzer_s_own_check_reads_its_examples(self, tmp_path: Path) -> None:
        """And without atheris the target says what to install."""
        spec = importlib.util.spec_from_file_location("fuzz_inputs", FUZZ)
        target = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(target)
        (tmp_path / "examples").mkdir()
        target.write_examples(tmp_path / "examples")
        examples = sorted((tmp_path / "examples").iterdir())
        assert sum(target.check_input(path.read_bytes(), tmp_path) > 0 for path in examples) >= 5
        assert target.check_input(b"", tmp_path) == target.check_input(b"\7broken", tmp_path) == 0


class TestMistakes:
    """What users do by mistake, and what the error says."""

    def run_and_fail(self, capsys: pytest.CaptureFixture[str], *words: str) -> str:
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        return err

    def test_the_wrong_folder(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "photos").mkdir()
        assert "save the feed pages there as .txt" in self.run_and_fail(capsys, "run", str(tmp_path / "photos"))
        assert "give a folder that Study.save or rare-topics run wrote" in self.run_and_fail(
            capsys, "add", str(tmp_path / "photos"), str(Path(__file__).parent.parent / "seeds")
        )

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5", "shift_jis"])
    def test_the_wrong_encoding(self, encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = page_text([("大豆", "A· 2025-10-01 08:00", "大豆。")])
        (tmp_path / "page.txt").write_bytes(text.encode(encoding, "replace"))
        message = self.run_and_fail(capsys, "run", str(tmp_path / "page.txt"))
        assert "convert it, for example: iconv" in message or "save it as plain UTF-8 text" in message

    @pytest.mark.parametrize("n", [1, 2])
    def test_too_few_articles(self, n: int, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"at least 3; add pages or rows"):
            rt.Study().fit(corpus_of(ENGLISH[:n], tmp_path))

    @pytest.mark.parametrize("rows", [ENGLISH[:5], CHINESE[:5]], ids=["english", "chinese"])
    def test_five_articles_of_one_language_are_a_study_that_says_how_little_that_is(self, rows, tmp_path: Path) -> None:
        study = rt.Study().fit(corpus_of(rows, tmp_path))
        assert len(study.clusters) == 5
        assert any("read stability and confidence before the labels" in warning for warning in study.warnings)
        rt.write_run(study, tmp_path / "build", figures=False)

    def test_the_same_article_again_and_again(self, tmp_path: Path) -> None:
        """It is one story, and a warning says so."""
        study = rt.Study().fit(corpus_of(tuple((f"{ENGLISH[0][0]} {n}", ENGLISH[0][1]) for n in range(6)), tmp_path))
        assert is_first_telling(study.state).sum() == 1
        assert any("tells the story of n00 again" in warning for warning in study.warnings)
        rt.write_run(study, tmp_path / "build", figures=False)

    @pytest.mark.parametrize("number", ["topics", "clusters"])
    def test_more_groups_than_articles(self, number: str, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=rf"n_{number} is 900 for 4 articles; give a whole number from 1 to \d+"):
            rt.Study(**{f"n_{number}": 900}).fit(corpus_of(ENGLISH[:4], tmp_path))

    def test_an_unknown_figure_lists_the_known_ones(self, capsys: pytest.CaptureFixture[str]) -> None:
        message = self.run_and_fail(capsys, "figures", "mapp")
        assert "mapp" in message
        assert "map" in message.replace("mapp", "")
        assert "topic_terms" in message

    def test_an_unknown_theme_lists_the_known_ones(self, study: rt.Study) -> None:
        with pytest.raises(KeyError, match=r"no theme 'us_dependance'; there are .*us_dependence"):
            study.themes["us_dependance"]


class TestQuiet:
    """Nothing is printed or logged unless it is asked for."""

    def test_the_library_says_nothing(self, tmp_path: Path) -> None:
        script = (
            "import sys, rare_topics as rt\n"
            "study = rt.Study(n_topics=1, n_clusters=1).fit(rt.read_table(sys.argv[1]))\n"
            "study.save(sys.argv[2]); rt.load(sys.argv[2]).add(sys.argv[1])\n"
        )
        corpus_of(ENGLISH[:4], tmp_path)
        words = [sys.executable, "-c", script, str(tmp_path / "news.csv"), str(tmp_path / "kept")]
        done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONUTF8": "1"}, check=True)
        assert (done.stdout, done.stderr) == ("", "")
