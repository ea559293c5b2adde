"""Specification of numbers, depth and lengths in the user's own files and options: one clear line, and soon."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import rare_topics as rt
from rare_topics.cli import main
from rare_topics.corpus.limits import check_file_name
from rare_topics.errors import UNPRINTABLE, InputError, list_names, shown_in_line
from rare_topics.lexicon.cedict import Glosses
from rare_topics.text.lexicon_file import read_lexicon
from rare_topics.themes.theme_file import read_themes

THEMES = """[groups]
fruit = ["soybean"]
[[themes]]
id = "harvest"
weight = 1.0
[[themes.frames]]
says = "A harvest is sold."
act = ["@fruit"]
"""
DEEP = 100_000
MEGABYTE = 10**6
ACT = 'act = ["@fruit"]'
CHAIN = "".join(f'g{n} = ["@g{n + 1}"]\n' for n in range(20_000))


def refusal(call, *words: object) -> str:
    """Return the one short line with which something is refused."""
    with pytest.raises(InputError) as error:
        call(*words)
    line = str(error.value)
    assert "\n" not in line
    assert len(line) < 3200
    assert not UNPRINTABLE.search(line)
    assert error.value.fix
    return line


def themes(path: Path) -> object:
    return read_themes(path, concepts={"soybean": "commodity"}, countries=["china"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(("weight = 1.0", f"weight = {value}") for value in ("nan", "inf", "-inf", "-1", "0", "1e300", "true", '"1"')),
        *(("weight = 1.0", f"weight = {value}") for value in ("9" * 400, "9" * 5000, "[1]", "{ a = 1 }", "2025-01-01")),
        *((ACT, f"{ACT}\nreach = {value}") for value in ("nan", "inf", "-3", "0", "0.5", "1e9")),
        *((ACT, f"{ACT}\nweight = {value}") for value in ("nan", "inf", "2", "1" * 400, "[]")),
        *((ACT, f"{ACT}\ncases = {value}") for value in ('"doer"', "[[1]]", "5", "[nan]")),
        *((ACT, f"{ACT}\nneeds = {value}") for value in ('"@fruit"', "5", "[5]", "[[5]]")),
        *((ACT, f"{ACT}\n{key} = {value}") for key in ("role", "aspect") for value in ("[]", "1")),
        *((ACT, f'{ACT}\n{key} = "no"') for key in ("implied", "clause")),
        (ACT, f"act = {'[' * DEEP}{']' * DEEP}"),
        (ACT, f"act = {'{a=' * DEEP}1{'}' * DEEP}"),
        (ACT, f'act = ["{"f" * 10**6}"]'),
        (ACT, "act = 7"),
        ('["soybean"]', "{ a = 1 }"),
        ('["soybean"]', "[1, 2]"),
        ('[groups]\nfruit = ["soybean"]', "groups = 3"),
        ('[groups]\nfruit = ["soybean"]', "[[groups]]\nfruit = 1"),
        ('["soybean"]', f'["@g0"]\n{CHAIN}g20000 = ["soybean"]'),
        ('id = "harvest"', f'id = "{"h" * 10**6}"'),
        ('id = "harvest"', 'id = "har\\u001bvest"'),
        ('id = "harvest"', 'id = "har\\nvest"'),
        ('id = "harvest"', 'id = "harvest"\ntitle_en = { a = 1 }'),
        ('id = "harvest"', 'id = "harvest"\nquestion = "\\u202E"'),
        ('id = "harvest"', f'id = "harvest"\ntitle_zh = "{"题" * 10**6}"'),
        ('id = "harvest"', f'id = "harvest"\n{"k" * 10**6} = 1'),
        ('id = "harvest"', 'id = "harvest"\neach = [1]'),
        ('id = "harvest"', 'id = "harvest"\ncountry = 5'),
        ('says = "A harvest is sold."', 'says = ["x"]'),
        ('says = "A harvest is sold."', "says = 5"),
    ],
    ids=range(58),
)  # fmt: skip
def test_a_theme_file_is_refused_in_one_line(old: str, new: str, tmp_path: Path) -> None:
    assert old in THEMES
    (tmp_path / "own.toml").write_text(THEMES.replace(old, new, 1), "utf-8")
    assert "own.toml" in refusal(themes, tmp_path / "own.toml")


@pytest.mark.parametrize(
    "row",
    [
        "x\tmineral\t" + "石" * MEGABYTE + "\t\t",
        "x\tmineral\t\t" + "a " * MEGABYTE + "\t",
        "x" * MEGABYTE + "\tmineral\t石\t\t",
        "x\t" + "m" * MEGABYTE + "\t石\t\t",
        "x\tmineral\t石\x1b\t\t",
        "x\tmineral\t石\u2028头\t\t",
        "x\u202e\tmineral\t石\t\t",
        "x\tmineral\t\uffff\t\t",
        "x\tmineral\t石\t\t石头",
        "x" + "\t" * DEEP,
        "x\tmineral\t石; 石\t\t\nx\tmineral\t头\t\t",
    ],
    ids=range(11),
)  # fmt: skip
def test_a_lexicon_is_refused_in_one_line(row: str, tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text(f"concept\tcategory\tzh\ten\tshort\n{row}\n", "utf-8")
    assert "own.tsv:" in refusal(read_lexicon, tmp_path / "own.tsv")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f\x8b",
        gzip.compress("石 石 [shi2] /stone/\n".encode())[:-9],
        gzip.compress("石 石 [shi2] /stone/\n".encode())[:-9] + b"\0" * 9,
        "石 石 [shi2] /".encode() + b"(" * DEEP + b")" * DEEP + b"/\n",
        "石 石 [".encode() * DEEP,
        "石 石 [\n".encode() * DEEP,
        b"\xff\xfe",
        b"a\0b",
    ],
    ids=range(9),
)
def test_glosses_are_refused_in_one_line(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.u8").write_bytes(data)
    assert "own.u8" in refusal(Glosses, tmp_path / "own.u8")


def test_glosses_of_windows_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "own.u8").write_bytes("石 石 [shi2] /stone/\r\n".encode())
    assert Glosses(tmp_path / "own.u8").senses("石") == ["stone"]


@pytest.mark.parametrize(
    "words",
    [
        *(["--random-state", "-1"], ["--random-state", "99999999999999999999"], ["--limit", "file_bytes=nan"]),
        *(
            ["--limit", "file_bytes=inf"],
            ["--limit", "file_bytes=1e9"],
            ["--limit", "=" * 10**5],
            ["--limit", "\x1b=1"],
        ),
    ],
    ids=range(7),
)
def test_an_option_is_refused_in_one_line(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("title,text\na,b\n", "utf-8")
    assert main(["run", str(tmp_path / "t.csv"), "--out", str(tmp_path / "out"), *words]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "\x1b" not in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "name", ["a\nb.tsv", "my\u2028lex.tsv", "my\x85lex.tsv", "a\x1b[31m.tsv", "odd\udcff.tsv", "\u202egpj.tsv"]
)
@pytest.mark.parametrize("option", ["input", "--out", "--lexicon", "--themes", "--glosses"])
def test_a_name_that_cannot_be_shown_is_refused_before_anything_is_read(
    name: str, option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = str(tmp_path / name)
    words = ["run", odd] if option == "input" else ["run", str(tmp_path / "none.csv"), option, odd]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "rename the file or folder" in said
    assert not UNPRINTABLE.search(said.rstrip("\n"))
    with pytest.raises(InputError, match="rename the file or folder"):
        check_file_name(odd)
    with pytest.raises(InputError):
        rt.read(odd)


def test_a_message_is_one_line_that_can_be_shown() -> None:
    error = InputError("a\nb\x1b[31m\u2028\ud800" + "x" * 10**6, where="odd\udcff\uffff", fix="\u202e")
    assert str(error).startswith("odd\ufffd\ufffd: a b\ufffd[31m \ufffdxx")
    assert len(str(error)) < 2100
    assert shown_in_line("x" * 100, max_length=10) == "xxxxx … xxxxx"
    assert list_names(map(str, range(10))) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert list_names(range(1011)).endswith("9 and 1,001 more")
