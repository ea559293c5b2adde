"""Feed broken pages and tables to the readers: whatever bytes come, an `InputError` is the worst that may happen.

    pip install atheris
    python tests/fuzz/fuzz_inputs.py [FOLDER_OF_INPUTS] -max_total_time=3600

The first byte of an input chooses what it is read as. Every article that is read is cut into
passages and tokens, whose offsets must slice back to the text.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

KINDS = (".txt", ".csv", ".tsv", ".jsonl", ".txt", ".csv.gz", ".parquet", ".jsonl.gz")
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def check_input(data: bytes, folder: Path) -> int:
    """Read bytes as a file of the kind their first byte says, and return how many articles it holds.

    Raises
    ------
    AssertionError
        If an offset does not slice back.
    """
    from rare_topics.corpus.corpus import read
    from rare_topics.errors import UNPRINTABLE, InputError
    from rare_topics.text.segmenter import Segmenter

    path = folder / f"input{KINDS[data[0] % len(KINDS)] if data else '.txt'}"
    path.write_bytes(data[1:])
    try:
        corpus = read(path)
    except InputError as error:
        if "\n" in str(error) or UNPRINTABLE.search(str(error)):
            raise AssertionError("an error of two lines, or one that cannot be shown") from error
        return 0
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


def write_examples(folder: Path) -> None:
    """Lay examples of every kind into a folder, for the fuzzer to break."""
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


def main() -> None:
    """Run the fuzzer until its time is over or something breaks."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris")
    with atheris.instrument_imports(include=["rare_topics"]):
        import rare_topics.corpus
        import rare_topics.corpus.tables
        import rare_topics.text.segmenter  # noqa: F401
    with tempfile.TemporaryDirectory() as temporary:
        examples = Path(temporary) / "examples"
        examples.mkdir()
        write_examples(examples)
        folder = Path(temporary) / "work"
        folder.mkdir()
        atheris.Setup([*sys.argv, str(examples)], lambda data: check_input(data, folder) and None)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
