"""Feed broken files to the readers: whatever bytes come, an `InputError` is the worst that may happen.

    pip install atheris
    python tests/fuzz/fuzz_inputs.py [FOLDER_OF_INPUTS] -max_total_time=3600

The first byte of an input chooses what it is read as: a page or a table, a file of the user's own, or a file of a saved
study, whose checksums are made right. Every article that is read is cut into passages and tokens, whose offsets must
slice back to the text.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

TABLES = (".txt", ".csv", ".tsv", ".jsonl", ".txt", ".csv.gz", ".parquet", ".jsonl.gz")
USER_FILES = ("themes.toml", "lexicon.tsv", "glosses.u8")
# Read only where a study was saved into the folder of the fuzzer.
STUDY_FILES = ("parts.json", "study.json", "checksums.sha256", "articles.parquet", "arrays.npz")
KINDS = (*TABLES, *USER_FILES, *STUDY_FILES)
STUDY = "study"
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
THEMES = (
    """[groups]
fruit = ["soybean"]
[[themes]]
id = "harvest"
title_en = "Harvest"
title_zh = "丰收"
weight = 1.0
[[themes.frames]]
says = "A harvest is sold."
act = ["@fruit"]
reach = 3
weight = 0.5
cases = ["doer"]
needs = [["@fruit"]]
""",
    "a = nan\nb = [[[[[[]]]]]]\nc = 1e400\nd = 2025-01-01\n",
)


def check_input(data: bytes, folder: Path) -> int:
    """Read bytes as a file of the kind their first byte says, and return how many articles or entries it holds.

    Raises
    ------
    AssertionError
        If an offset does not slice back, or an error cannot be shown in one line.
    """
    from rare_topics.errors import UNPRINTABLE, InputError

    kind = KINDS[data[0] % len(KINDS)] if data else ".txt"
    read = read_articles if kind in TABLES else read_user_file if kind in USER_FILES else read_study
    try:
        return read(kind, data[1:], folder)
    except InputError as error:
        if "\n" in str(error) or UNPRINTABLE.search(str(error)):
            raise AssertionError("an error of two lines, or one that cannot be shown") from error
        return 0


def read_articles(kind: str, data: bytes, folder: Path) -> int:
    """Read a page or a table, down to its tokens."""
    from rare_topics.corpus.corpus import read
    from rare_topics.text.segmenter import Segmenter

    path = folder / f"input{kind}"
    path.write_bytes(data)
    corpus = read(path)
    segmenter = Segmenter()
    texts = {article.article_id: (article.title, article.body) for article in corpus}
    assert all(1500 <= article.published.year <= 2200 for article in corpus if article.published)
    for passage in corpus.passages:
        title, body = texts[passage.article_id]
        assert (title if passage.kind == "title" else body)[passage.start : passage.end] == passage.text
        previous_start = 0
        for token in segmenter.tokenize(passage.text):
            assert previous_start <= token.start < token.end <= len(passage.text)
            previous_start = token.start
    corpus.to_frame().to_csv(folder / "articles.csv")
    return len(corpus)


def read_user_file(kind: str, data: bytes, folder: Path) -> int:
    """Read a file of the user's own."""
    from rare_topics.lexicon.cedict import Glosses
    from rare_topics.text.lexicon_file import read_lexicon
    from rare_topics.themes.theme_file import read_themes

    path = folder / kind
    path.write_bytes(data)
    if kind == "themes.toml":
        return len(read_themes(path, concepts={"soybean": "commodity", "ore": "mineral"}, countries=["china"]))
    return len(read_lexicon(path)) if kind == "lexicon.tsv" else len(Glosses(path).senses("石"))


def read_study(kind: str, data: bytes, folder: Path) -> int:
    """Read a saved study of which one file is other, and what depends on all of its parts."""
    from rare_topics.study import load

    if not (folder / STUDY).exists():
        return 0
    shutil.copytree(folder / STUDY, folder / "altered", dirs_exist_ok=True)
    (folder / "altered" / kind).write_bytes(data)
    if kind != "checksums.sha256":
        names = sorted(path.name for path in (folder / STUDY).iterdir() if path.name != "checksums.sha256")
        sums = [f"{hashlib.sha256((folder / 'altered' / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
        (folder / "altered" / "checksums.sha256").write_text("".join(sums), "ascii")
    study = load(folder / "altered")
    return len(study.topics) + len(study.clusters) + len(study.map) + len(study.similar)


def write_examples(folder: Path, *, study: Path | None = None) -> None:
    """Lay examples of every kind into a folder, for the fuzzer to break; those of a saved study where one is given."""
    pages = [path.read_bytes() for path in sorted(SEEDS.glob("*.txt"))]
    table = 'id,title,text,published\na,标题,正文。第二句。,2025-01-02\nb,Title,"A body, quoted.",\n'.encode()
    lines = b'{"title": "a", "text": "\\u7a00\\u571f", "id": 1}\n{"title": "b", "text": "c", "id": "2"}\n'
    examples = [
        *(b"\0" + page[:3000] for page in pages),
        b"\1" + table,
        b"\2" + table.replace(b",", b"\t"),
        b"\3" + lines,
        *(b"\3" + row for row in poisoned_lines()),
        *(
            b"\1title,text,published\na,b," + stamp
            for stamp in (b"0001-01-01", b"9999-12-31", b"20000-01-01", b"-1-1-1")
        ),
        b"\1title,text\n\xed\xa0\x80,\xc0\x80\n",
        b"\5" + gzip.compress(table),
        *(b"\6" + file for file in parquet_files()),
        b"\7" + gzip.compress(lines),
        *(b"\x08" + text.encode() for text in THEMES),
        b"\x09concept\tcategory\tzh\ten\tshort\nore\tmineral\t\xe7\x9f\xb3\tore; ores\t\n",
        b"\x0a" + "# CC-CEDICT\n石 石 [shi2] /stone/rock (M: 塊|块[kuai4])/\n".encode(),
        *(bytes([KINDS.index(name)]) + (study / name).read_bytes() for name in STUDY_FILES if study is not None),
    ]
    for number, example in enumerate(examples):
        (folder / f"example-{number}").write_bytes(example)


def poisoned_lines() -> list[bytes]:
    """Return JSON lines with cells of every kind that is no text, and dates that are none."""
    cells = [
        None,
        True,
        1,
        1e400,
        float("nan"),
        -(10**400),
        [],
        ["x"],
        {"a": [1]},
        "\ud83d",
        "\x1b[31m\ufffe",
        "x" * 3000,
    ]
    rows = [{"title": cell, "text": "c"} for cell in cells]
    rows += [
        {"title": "t", "text": "c", "published": cell} for cell in (*cells, "0001-01-01", "9999-12-31T23:59", 20250102)
    ]
    rows += [{"title": "t", "text": "c", "id": cell} for cell in cells]
    return [json.dumps(row).encode() for row in rows] + [b"[" * 3000, b'{"title": ' * 1000]


def parquet_files() -> list[bytes]:
    """Return Parquet files with a column of each type, and one of a dictionary that is much larger unpacked."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    title, text = pa.array(["a", "b"]), pa.array(["标题。", "body"])
    stamps = pa.array([2**62, 0], pa.int64())
    columns = [
        {"published": stamps.view(pa.timestamp("us"))},
        {"published": stamps.view(pa.timestamp("ns", tz="UTC"))},
        {"published": pa.array([date(1, 1, 1), None])},
        {"published": pa.array([2**30, 0], pa.int32()).view(pa.date32())},
        {"published": pa.array([timedelta(1), None])},
        {"title": pa.array([b"\xff", b"b"])},
        {"title": pa.array([{"a": 1}, None])},
        {"text": pa.array([["x"], []])},
        {"text": pa.array([[("k", "v")], []], pa.map_(pa.string(), pa.string()))},
        {"id": pa.array([1, 2]).cast(pa.decimal128(30, 2))},
        {"label": pa.array([True, None])},
        {"text": pa.array(["x " * 50, "y"]).dictionary_encode()},
    ]
    files = []
    for given in columns:
        file = io.BytesIO()
        pq.write_table(pa.table({"title": title, "text": text, **given}), file)
        files.append(file.getvalue())
    return files


def save_study(folder: Path) -> Path:
    """Save a study of twelve short articles."""
    from rare_topics.study import Study

    things = ("soybean", "magnet")
    rows = [
        {"title": f"The {thing} {number}", "text": f"Farmers and makers sell {thing} number {number} to China."}
        for thing in things
        for number in range(6)
    ]
    table = folder / "study.jsonl"
    table.write_text("".join(json.dumps(row) + "\n" for row in rows), "ascii")
    study: Path = Study(n_topics=2, n_clusters=2).fit(table).save(folder / STUDY)
    return study


def main() -> None:
    """Run the fuzzer until its time is over or something breaks."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris")
    # Numba compiles its functions from their own code, without the marks of the fuzzer.
    with atheris.instrument_imports(include=["rare_topics"], exclude=["rare_topics.topics._kernels"]):
        import rare_topics.corpus.tables
        import rare_topics.study
        import rare_topics.themes.theme_file  # noqa: F401
    with tempfile.TemporaryDirectory() as temporary:
        examples, folder = Path(temporary) / "examples", Path(temporary) / "work"
        examples.mkdir()
        folder.mkdir()
        write_examples(examples, study=save_study(folder))
        atheris.Setup([*sys.argv, str(examples)], lambda data: check_input(data, folder) and None)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
