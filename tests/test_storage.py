"""Specification of a saved study: plain data, whole or refused, and the same answers as before it was saved."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_study import ENGLISH, corpus_of

import rare_topics as rt
from rare_topics.errors import InputError
from rare_topics.study import Study, storage
from rare_topics.study.serialization import pack, unpack
from rare_topics.study.storage import ARRAYS, ARTICLES, CHECKSUMS, DESCRIPTION, PARTS

TABLES = ("topics", "article_topics", "clusters", "similar", "map", "terms", "topic_terms", "model_selection")
UNSEEN = (
    "美国国防部与MP材料公司签署稀土磁体合同,中国限制出口。",
    "Greenland's rare earth deposits draw U.S. investors; tariffs on soybeans remain.",
    "12 34",
)
# Assigns unseen texts in a process of its own.
ASSIGN = """
import sys
import numpy as np
import rare_topics as rt

study = rt.load(sys.argv[1])
counts = study.state.vectorizer.transform(sys.argv[3:])
vectors = study.state.space.transform(counts)
np.savez(
    sys.argv[2], counts=counts.toarray(), vectors=vectors, topics=study.state.topic_model.transform(counts),
    clusters=study.state.clusterer.predict(vectors), places=study.state.projector.transform(vectors),
)
"""
LEXICON = "concept\tcategory\tzh\ten\tshort\nbean\tcommodity\t大豆\tsoybean; soybeans\t\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Give a study of twelve short articles with a lexicon of its own."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "beans.tsv").write_text(LEXICON, "utf-8")
    corpus = corpus_of(ENGLISH, folder)
    return Study(n_topics=2, n_clusters=2, lexicon=folder / "beans.tsv").fit(corpus)


@pytest.fixture(scope="module")
def kept(small: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of that study; tests copy it before they change anything."""
    return small.save(tmp_path_factory.mktemp("kept") / "study")


@pytest.fixture
def saved(kept: Path, tmp_path: Path) -> Path:
    """Give a copy of the folder that may be damaged."""
    return Path(shutil.copytree(kept, tmp_path / "study"))


def reseal(folder: Path) -> None:
    """Write checksums that fit whatever stands there now, as one would who means harm."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names if name != CHECKSUMS
    ]
    (folder / CHECKSUMS).write_text("".join(lines), "utf-8")


def edit(folder: Path, name: str, **changes: object) -> None:
    content = json.loads((folder / name).read_text("utf-8"))
    (folder / name).write_text(json.dumps({**content, **changes}), "utf-8")
    reseal(folder)


class TestSameAnswers:
    """What was saved and what is loaded are one study."""

    @pytest.mark.parametrize("name", TABLES)
    def test_every_table_is_equal(self, name: str, small: Study, kept: Path) -> None:
        pd.testing.assert_frame_equal(getattr(rt.load(kept), name), getattr(small, name), check_exact=True)

    def test_scores_settings_and_warnings_are_equal(self, small: Study, kept: Path) -> None:
        loaded = rt.load(kept)
        assert (loaded.scores, loaded.settings, loaded.warnings) == (small.scores, small.settings, small.warnings)
        assert loaded.corpus == small.corpus
        assert loaded.settings["lexicon"] == "beans.tsv"

    def test_unseen_articles_are_assigned_bit_for_bit_in_another_process(self, study: Study, tmp_path: Path) -> None:
        """Counts, vectors, topics, clusters and places on the map."""
        study.save(tmp_path / "study")
        words = [sys.executable, "-c", ASSIGN, str(tmp_path / "study"), str(tmp_path / "there.npz"), *UNSEEN]
        subprocess.run(words, check=True, capture_output=True)
        there = np.load(tmp_path / "there.npz")
        counts = study.state.vectorizer.transform(UNSEEN)
        vectors = study.state.space.transform(counts)
        here = {
            "counts": counts.toarray(),
            "vectors": vectors,
            "topics": study.state.topic_model.transform(counts),
            "clusters": study.state.clusterer.predict(vectors),
            "places": study.state.projector.transform(vectors),
        }
        for name, values in here.items():
            assert values.tobytes() == there[name].tobytes(), name

    def test_a_lexicon_of_one_s_own_travels_along(self, small: Study, saved: Path) -> None:
        Path(small.lexicon).rename(Path(small.lexicon).with_name("moved.tsv"))
        try:
            loaded = rt.load(saved)
        finally:
            Path(small.lexicon).with_name("moved.tsv").rename(small.lexicon)
        assert "bean" in loaded.state.vectorizer.vocabulary_
        counts = loaded.state.vectorizer.transform(["soybeans"])
        assert counts[0, loaded.state.vectorizer.vocabulary_["bean"]] > 0

    def test_saved_again_it_is_byte_for_byte_the_same(self, saved: Path, tmp_path: Path) -> None:
        rt.load(saved).save(tmp_path / "again")
        names = storage.saved_files(saved)
        assert set(names) == {DESCRIPTION, PARTS, ARRAYS, ARTICLES, CHECKSUMS, "lexicon/beans.tsv"}
        for name in names:
            assert (saved / name).read_bytes() == (tmp_path / "again" / name).read_bytes()

    def test_a_loaded_study_is_saved_over_itself(self, small: Study, saved: Path) -> None:
        rt.load(saved).save(saved)
        pd.testing.assert_frame_equal(rt.load(saved).clusters, small.clusters)
        assert [path.name for path in saved.parent.iterdir()] == ["study"]

    def test_the_folder_of_a_run_is_loaded_too(self, small: Study, tmp_path: Path) -> None:
        rt.write_run(small, tmp_path / "build", figures=False)
        pd.testing.assert_frame_equal(rt.load(tmp_path / "build").clusters, small.clusters)

    def test_other_readers_are_said(self, saved: Path) -> None:
        about = json.loads((saved / DESCRIPTION).read_text("utf-8"))
        edit(saved, DESCRIPTION, readers={**about["readers"], "jieba": "0.1"})
        loaded = rt.load(saved)
        assert "new articles may be read otherwise" in loaded.warnings[-1]
        assert "jieba 0.1 is now" in loaded.warnings[-1]

    def test_fitted_again_it_forgets_what_was_loaded(self, small: Study, saved: Path, tmp_path: Path) -> None:
        loaded = rt.load(saved)
        again = loaded.fit(small.corpus)
        pd.testing.assert_frame_equal(again.clusters, small.clusters)
        assert again.warnings == small.warnings


class TestPlainData:
    """Nothing in the folder can be executed, and nothing of it ever is."""

    def test_no_file_is_a_pickle_or_holds_one(self, saved: Path) -> None:
        for name in storage.saved_files(saved):
            with pytest.raises(Exception):  # noqa: B017, PT011 - whatever pickle says of it
                pickle.loads((saved / name).read_bytes())  # noqa: S301 - the call is the test
        with zipfile.ZipFile(saved / ARRAYS) as arrays:
            for name in arrays.namelist():
                np.lib.format.read_array(io.BytesIO(arrays.read(name)), allow_pickle=False)

    def test_a_pickle_among_the_arrays_is_refused(self, saved: Path, tmp_path: Path) -> None:
        class Attack:
            def __reduce__(self) -> tuple[object, tuple[Path]]:
                return Path.touch, (tmp_path / "executed",)

        with np.load(saved / ARRAYS) as arrays:
            content = {name: arrays[name] for name in arrays.files}
        content["a0000"] = np.array([Attack()], dtype=object)
        np.savez(saved / ARRAYS, allow_pickle=True, **content)
        reseal(saved)
        with pytest.raises(InputError, match="cannot be read"):
            rt.load(saved)
        assert not (tmp_path / "executed").exists()

    @pytest.mark.parametrize("kind", ["Study", "Popen", "os.system", "", None, ["ConceptSpace"]], ids=str)
    def test_no_other_class_is_ever_made(self, kind: object) -> None:
        with pytest.raises((KeyError, TypeError)):
            unpack({"kind": kind, "state": {}}, {}, {})

    def test_no_method_is_ever_replaced(self) -> None:
        with pytest.raises(ValueError, match="'transform' is no learned attribute"):
            unpack({"kind": "ConceptSpace", "state": {"transform": 1}}, {}, {})

    @pytest.mark.parametrize(
        "value",
        [print, object(), {1: 2}, np.array([print]), {1, 2}],
        ids=["function", "object", "dict of numbers", "array of objects", "set"],
    )
    def test_what_is_no_plain_data_is_never_saved(self, value: object) -> None:
        with pytest.raises(TypeError, match="no plain data"):
            pack(value, {})

    def test_plain_data_comes_back_as_it_was(self) -> None:
        arrays: dict[str, np.ndarray] = {}
        value = {"a": [1, (2.5, None)], "b": {"中": True}, "c": np.arange(3.0), "d": float("inf")}
        back = unpack(json.loads(json.dumps(pack(value, arrays))), arrays, {})
        assert back["a"] == [1, (2.5, None)]
        assert back["b"] == {"中": True}
        assert back["c"].tobytes() == np.arange(3.0).tobytes()
        assert back["d"] == float("inf")


class TestDamaged:
    """A folder that is not as it was saved is refused in one sentence."""

    @pytest.mark.parametrize("name", [DESCRIPTION, PARTS, ARRAYS, ARTICLES, CHECKSUMS, "lexicon/beans.tsv"])
    @pytest.mark.parametrize("damage", ["cut", "altered", "empty", "gone"])
    def test_any_file_cut_altered_or_gone(self, name: str, damage: str, saved: Path) -> None:
        path = saved / name
        data = path.read_bytes()
        half = len(data) // 2
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(
                {"cut": data[:half], "empty": b"", "altered": data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :]}[
                    damage
                ]
            )
        with pytest.raises(InputError, match=r"study.*(not as it was saved|is missing|cannot be read|no saved study)"):
            rt.load(saved)

    def test_a_file_that_was_not_there(self, saved: Path) -> None:
        (saved / "extra.py").write_text("print()", "ascii")
        with pytest.raises(InputError, match=r"'extra\.py' was not there when it was saved; take it out"):
            rt.load(saved)

    @pytest.mark.parametrize(
        ("number", "said"),
        [(storage.FORMAT + 1, "install that version"), (0, "run again from the pages")],
    )
    def test_another_format_is_told_from_damage(self, number: int, said: str, saved: Path) -> None:
        edit(saved, DESCRIPTION, format=number, rare_topics="9.9")
        with pytest.raises(
            InputError,
            match=rf"saved in format {number} by rare_topics 9\.9; this version reads format {storage.FORMAT}; {said}",
        ):
            rt.load(saved)

    @pytest.mark.parametrize(
        "changes",
        [
            {"passages": "0" * 64},
            {"parameters": {"n_topics": 2, "open": "door"}},
            {"parameters": None},
            {"inputs": [["a"]]},
            {"own_files": {"lexicon": "../../beans.tsv"}},
            {"own_files": {"__class__": "beans.tsv"}},
            {"format": "many"},
        ],
        ids=str,
    )
    def test_statements_that_cannot_be_are_refused(self, changes: dict[str, object], saved: Path) -> None:
        """Even where the checksums fit."""
        edit(saved, DESCRIPTION, **changes)
        with pytest.raises(InputError, match="cannot be read"):
            rt.load(saved)

    @pytest.mark.parametrize(
        "part", ["vectorizer", "passage_counts", "space", "doc_topic", "clusterer", "places", "unheard_of"]
    )
    def test_parts_that_do_not_fit_together_are_refused(self, part: str, saved: Path) -> None:
        edit(saved, PARTS, **{part: {"list": [1, 2]}})
        with pytest.raises(InputError, match="cannot be read"):
            rt.load(saved)

    def test_an_index_out_of_bounds_is_refused(self, saved: Path) -> None:
        """Compiled loops would follow it."""
        parts = json.loads((saved / PARTS).read_text("utf-8"))
        with np.load(saved / ARRAYS) as arrays:
            content = {name: arrays[name] for name in arrays.files}
        content[parts["passage_counts"]["csr"][1]][0] = 10**6
        np.savez(saved / ARRAYS, **content)
        reseal(saved)
        with pytest.raises(InputError, match="cannot be read"):
            rt.load(saved)

    @pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "a/../../b"])
    def test_a_checksum_that_points_out_of_the_folder_is_refused(self, name: str, saved: Path) -> None:
        with (saved / CHECKSUMS).open("a", encoding="utf-8") as file:
            file.write(f"{'0' * 64}  {name}\n")
        with pytest.raises(InputError, match="cannot be read"):
            rt.load(saved)

    @pytest.mark.parametrize(
        ("place", "said"), [("nowhere", "no such folder"), (".", "holds no saved study"), ("file", "no such folder")]
    )
    def test_a_wrong_folder_is_named(self, place: str, said: str, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("mine", "ascii")
        with pytest.raises(InputError, match=f"{said}; give (the|a) folder"):
            rt.load(tmp_path / place)


class TestSave:
    """Saving is all or nothing, and destroys nothing else."""

    def test_before_fit_there_is_nothing_to_save(self, tmp_path: Path) -> None:
        with pytest.raises(Exception, match=r"call fit\(corpus\) first"):
            Study().save(tmp_path / "study")
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_with_anything_else_is_refused(self, small: Study, saved: Path) -> None:
        (saved / "thesis.tex").write_text("mine", "ascii")
        with pytest.raises(InputError, match=r"holds 'thesis\.tex', which no study wrote"):
            small.save(saved)
        assert (saved / "thesis.tex").read_text("ascii") == "mine"

    def test_an_error_keeps_the_earlier_study(self, small: Study, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(np, "savez", full)
        with pytest.raises(InputError, match="make room"):
            small.save(saved)
        assert rt.load(saved).corpus == small.corpus
        assert [path.name for path in saved.parent.iterdir()] == ["study"]
