"""Feed broken pages and tables to the readers: whatever bytes come, an `InputError` is the worst that may happen.

    pip install atheris
    python tests/fuzz/fuzz_inputs.py [FOLDER_OF_INPUTS] -max_total_time=3600

The first byte of an input chooses what it is read as. Every article that is read is cut into
passages and tokens, whose offsets must slice back to the text.
"""

from __future__ import annotations

import sys
import tempfile
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
    from rare_topics.errors import InputError
    from rare_topics.text.segmenter import Segmenter

    path = folder / f"input{KINDS[data[0] % len(KINDS)] if data else '.txt'}"
    path.write_bytes(data[1:])
    try:
        corpus = read(path)
    except InputError as error:
        if "\n" in str(error):
            raise AssertionError("an error of two lines") from error
        return 0
    segmenter = Segmenter()
    texts = {article.article_id: (article.title, article.body) for article in corpus}
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
    ]
    for number, example in enumerate(examples):
        (folder / f"example-{number}").write_bytes(example)


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
