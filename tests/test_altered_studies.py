"""Specification of a saved study that was altered: refused in one line that names the part, or harmless."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_storage import reseal
from test_study import ENGLISH, corpus_of

import rare_topics as rt
from rare_topics.errors import InputError
from rare_topics.study import Study
from rare_topics.study.storage import ARRAYS, ARTICLES, CHECKSUMS, DESCRIPTION, PARTS

Json = Any
# Values that stand in no place of a study where they are put.
WRONG = st.sampled_from(
    [None, "x", [], {}, {"list": []}, -7, 1e308, True, {"array": "a9999"}, {"kind": "Popen"}, "a\x1b[2J"]
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a small study; tests copy it before they change anything."""
    folder = tmp_path_factory.mktemp("kept")
    return Study(n_topics=2, n_clusters=2).fit(corpus_of(ENGLISH, folder)).save(folder / "study")


@pytest.fixture
def saved(kept: Path, tmp_path: Path) -> Path:
    """Give a copy of the folder that may be altered."""
    return Path(shutil.copytree(kept, tmp_path / "study"))


def change(folder: Path, name: str, alter: Callable[[Json], object]) -> None:
    """Alter the JSON of a file, and make its checksum right."""
    content = json.loads((folder / name).read_text("utf-8"))
    alter(content)
    (folder / name).write_text(json.dumps(content), "utf-8")
    reseal(folder)


def change_array(folder: Path, part: str, alter: Callable[[np.ndarray], np.ndarray]) -> None:
    """Alter the array of a part, and make its checksum right."""
    name = json.loads((folder / PARTS).read_text("utf-8"))[part]["array"]
    with np.load(folder / ARRAYS) as archive:
        arrays = {key: archive[key] for key in archive.files}
    arrays[name] = alter(arrays[name])
    np.savez(folder / ARRAYS, **arrays)
    reseal(folder)


def places(data: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """List the places of JSON, the innermost of long mappings left out."""
    if path:
        yield path
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, entry in list(entries)[:30]:
        yield from places(entry, (*path, key))


def filled(value: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda array: np.full_like(array, value)


class TestNumbers:
    """Numbers are finite, of their type and size, and in their range."""

    @pytest.mark.parametrize("part", ["vectors", "doc_topic", "passage_topic", "confidence", "places"])
    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_what_is_not_finite(self, part: str, value: float, saved: Path) -> None:
        change_array(saved, part, filled(value))
        with pytest.raises(InputError, match=f"{part}: expected finite numbers"):
            rt.load(saved)

    @pytest.mark.parametrize(
        ("part", "alter", "said"),
        [
            ("labels", filled(1_000_000_000), "labels does not fit"),
            ("labels", filled(-5), "labels: expected numbers from -1"),
            ("labels", lambda array: array.astype(np.float64), "type int"),
            ("confidence", filled(1.5), "numbers from 0"),
            ("confidence", lambda array: array[:-1], "confidence: expected 12 articles"),
            ("doc_topic", lambda array: array / 2, "add up to 1"),
            ("vectors", lambda array: array * 3, "length 1"),
            ("vectors", lambda array: array.astype(np.float16), "type float"),
            ("places", lambda array: array.astype(np.complex128), "no numbers"),
            ("places", lambda array: array.astype(">f8"), "no numbers"),
            ("places", lambda array: array[:, :1], "an axis of 2"),
            ("places", lambda array: array.ravel(), "2 axes"),
        ],
    )
    def test_other_types_sizes_and_ranges(
        self, part: str, alter: Callable[..., np.ndarray], said: str, saved: Path
    ) -> None:
        change_array(saved, part, alter)
        with pytest.raises(InputError, match=said):
            rt.load(saved)


class TestParts:
    """Parts and attributes are known, and hold together."""

    @pytest.mark.parametrize(
        ("alter", "said"),
        [
            (lambda p: p.update(extra=1), "'extra' is no part"),
            (lambda p: p.update(own_files={"dict": {}}), "'own_files' is no part"),
            (lambda p: p.update(topic_ids={"list": [0, 0]}), "topic_ids does not fit"),
            (lambda p: p.update(topic_ids={"list": ["<b>", "x"]}), r"topic_ids\[0\]"),
            (lambda p: p.update(topic_ids={"list": [0, 10**12]}), "topic_ids does not fit"),
            (lambda p: p.update(is_refitted=True), "is_refitted does not fit"),
            (lambda p: p.update(vectors=p["places"]), "is an array of no part"),
            (lambda p: p["clusterer"]["state"].update(predict=1), "'predict' is none of its parts"),
            (lambda p: p["clusterer"]["state"].update(n_resamples=10**9), "n_resamples: expected 200"),
            (lambda p: p["topic_model"]["state"].update(n_jobs=10**6), "n_jobs: expected -1"),
            (lambda p: p["projector"]["state"].update(n_neighbors_=10**6), "n_neighbors_: expected"),
            (lambda p: p["vectorizer"]["state"]["vocabulary_"]["dict"].update(zzz=3), "vocabulary_: expected names"),
            (lambda p: p["vectorizer"]["state"]["surfaces_"]["dict"].popitem(), "surfaces_"),
            (lambda p: p["space"].update(kind="MapProjector"), "space: expected a ConceptSpace"),
        ],
    )
    def test_what_is_not_declared(self, alter: Callable[[Json], object], said: str, saved: Path) -> None:
        change(saved, PARTS, alter)
        with pytest.raises(InputError, match=said):
            rt.load(saved)

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_whatever_is_altered_is_refused_or_does_no_harm(
        self, data: st.DataObject, kept: Path, tmp_path: Path
    ) -> None:
        """One place of the parts is taken out, or holds another value."""
        folder = Path(shutil.copytree(kept, tmp_path / "study", dirs_exist_ok=True))
        parts = json.loads((folder / PARTS).read_text("utf-8"))
        path = data.draw(st.sampled_from(list(places(parts))))
        holder = parts
        for key in path[:-1]:
            holder = holder[key]
        if data.draw(st.booleans()):
            del holder[path[-1]]
        else:
            holder[path[-1]] = data.draw(WRONG)
        (folder / PARTS).write_text(json.dumps(parts), "utf-8")
        reseal(folder)
        try:
            study = rt.load(folder)
        except InputError as error:
            assert "\n" not in str(error)  # noqa: PT017 - either of the two is right
        else:
            assert len(rt.Report(study).html) > 1000

    @pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, "[]", "null", '"x"', ""])
    def test_json_that_says_nothing_clear(self, text: str, saved: Path) -> None:
        for name in (PARTS, DESCRIPTION):
            (saved / name).write_text(text, "utf-8")
            reseal(saved)
            with pytest.raises(InputError, match="cannot be read"):
                rt.load(saved)


class TestFiles:
    """Nothing outside the folder is read, and memory stays in proportion to the files."""

    @pytest.mark.parametrize(
        "name",
        ["../../secret.tsv", "/etc/hostname", "a/b", "..", "", "a\u2028b", "a\x85b", "a\nb", "a\0b", "C:b", 3, None],
    )
    def test_a_name_that_leads_elsewhere(self, name: object, saved: Path) -> None:
        change(saved, DESCRIPTION, lambda about: about.update(own_files={"lexicon": name}))
        with pytest.raises(InputError, match="own_files: expected a bare name"):
            rt.load(saved)

    @pytest.mark.parametrize("name", [ARTICLES, ARRAYS, PARTS])
    def test_a_link(self, name: str, saved: Path) -> None:
        outside = (saved / name).rename(saved.parent / name)
        (saved / name).symlink_to(outside)
        with pytest.raises(InputError, match=f"'{name}' is a link or a device"):
            rt.load(saved)

    @pytest.mark.parametrize(
        ("alter", "said"),
        [
            (lambda about: about["parameters"].update(lexicon="/etc/hostname"), "'lexicon' is no parameter"),
            (lambda about: about["parameters"].update(themes="../secret.toml"), "'themes' is no parameter"),
            (lambda about: about["parameters"].update(passages_below=1), "'passages_below' is no parameter"),
            (lambda about: about["inputs"].append(["\ud800", "0" * 64]), "another name or digest"),
            (lambda about: about["inputs"].append(["a.txt", "<script>"]), "another name or digest"),
            (lambda about: about["readers"].update(jieba="\x1b[2J"), "no version of 'jieba'"),
            (lambda about: about["readers"].update(jieba="9" * 10**6), "no version of 'jieba'"),
            (lambda about: about.update(rare_topics="\ud800"), "no version of 'rare_topics'"),
        ],
    )
    def test_a_description_of_what_no_study_has(self, alter: Callable[[Json], object], said: str, saved: Path) -> None:
        change(saved, DESCRIPTION, alter)
        with pytest.raises(InputError, match=said):
            rt.load(saved)

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_json_in_another_encoding(self, encoding: str, saved: Path) -> None:
        for name in (PARTS, DESCRIPTION):
            (saved / name).write_text((saved / name).read_text("utf-8"), encoding)
        reseal(saved)
        with pytest.raises(InputError, match="cannot be read"):
            rt.load(saved)

    @pytest.mark.parametrize("content", ["[" * 1000, "[[themes]]\nweight = nan\n"])
    def test_themes_of_the_user_s_that_are_none(self, content: str, saved: Path) -> None:
        (saved / "themes").mkdir()
        (saved / "themes" / "own.toml").write_text(content, "utf-8")
        change(saved, DESCRIPTION, lambda about: about.update(own_files={"themes": "own.toml"}))
        with pytest.raises(InputError, match=r"own\.toml"):
            rt.load(saved)

    @pytest.mark.parametrize("header", ["{'descr': (\n", "(" * 5000, "-" * 9000, "{'descr': '(1'}\n", "  {\n\t1\n}"])
    def test_the_header_of_an_array_that_is_none(self, header: str, saved: Path) -> None:
        with zipfile.ZipFile(saved / ARRAYS) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(saved / ARRAYS, "w") as archive:
            for name, content in members.items():
                written = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
                archive.writestr(name, written if name == "a0000.npy" else content)
        reseal(saved)
        with pytest.raises(InputError, match="cannot be read"):
            rt.load(saved)

    def test_arrays_that_are_encrypted(self, saved: Path) -> None:
        data = bytearray((saved / ARRAYS).read_bytes())
        for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.find(signature) + flags] |= 1
        (saved / ARRAYS).write_bytes(data)
        reseal(saved)
        with pytest.raises(InputError, match="encrypted"):
            rt.load(saved)

    def test_an_array_that_promises_more_than_it_holds(self, saved: Path) -> None:
        with np.load(saved / ARRAYS) as archive:
            arrays = {key: archive[key] for key in archive.files}
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
        with zipfile.ZipFile(saved / ARRAYS, "w") as archive:
            for key, array in arrays.items():
                content = io.BytesIO()
                np.lib.format.write_array(content, array, version=(1, 0))
                archive.writestr(f"{key}.npy", header.getvalue() if key == "a0000" else content.getvalue())
        reseal(saved)
        with pytest.raises(InputError, match="not of the size that it says"):
            rt.load(saved)

    def test_arrays_that_are_compressed(self, saved: Path) -> None:
        with np.load(saved / ARRAYS) as archive:
            np.savez_compressed(saved / "new.npz", **{key: archive[key] for key in archive.files})
        (saved / "new.npz").replace(saved / ARRAYS)
        reseal(saved)
        with pytest.raises(InputError, match="arrays are compressed"):
            rt.load(saved)

    def test_articles_that_unpack_to_far_more(self, saved: Path) -> None:
        """One long text, named by each of many rows."""
        table = pq.read_table(saved / ARTICLES).take([0] * 2000)
        table = table.set_column(0, "article_id", pa.array([str(number) for number in range(2000)]))
        table = table.set_column(2, "body", pa.array(["x" * 300_000] * 2000))
        pq.write_table(table, saved / ARTICLES)
        assert (saved / ARTICLES).stat().st_size < 200_000
        reseal(saved)
        with pytest.raises(InputError, match="unpacks to far more than its size"):
            rt.load(saved)

    @pytest.mark.parametrize(
        ("column", "values", "said"),
        [
            ("article_id", ["same"] * 12, "two articles with the id"),
            ("title", [None] * 12, "without a text"),
            ("source", ["\x1b[2J"] * 12, "cannot be printed"),
            ("body_lang", ["tlh"] * 12, "a language"),
            ("tags", [["\u202e"]] * 12, "cannot be printed"),
            ("pages", [["a\x1b.txt"]] * 12, "cannot be printed"),
        ],
    )
    def test_articles_that_are_none(self, column: str, values: list[Any], said: str, saved: Path) -> None:
        table = pq.read_table(saved / ARTICLES)
        at = table.schema.get_field_index(column)
        kind = table.schema.field(at)
        pq.write_table(table.set_column(at, kind, pa.array(values, kind.type)), saved / ARTICLES)
        reseal(saved)
        with pytest.raises(InputError, match=said):
            rt.load(saved)

    def test_checksums_that_name_other_files_are_no_list_of_ours(self, saved: Path, kept: Path) -> None:
        (saved / "data.csv").write_text("mine", "ascii")
        with (saved / CHECKSUMS).open("a", encoding="utf-8") as file:
            file.write(f"{hashlib.sha256(b'mine').hexdigest()}  data.csv\n")
        with pytest.raises(InputError, match="which no study wrote"):
            rt.load(kept).save(saved)
        assert (saved / "data.csv").read_text("ascii") == "mine"
