"""The file of a lexicon: a table of concepts with their forms in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from rare_topics.corpus.limits import decode_text, read_bytes
from rare_topics.errors import UNPRINTABLE, InputError, list_names, shown_in_line

LEXICON_COLUMNS = ("concept", "category", "zh", "en", "short")
# What a concept is where a file does not say it: a thing, of which there can be amounts and prices.
DEFAULT_CATEGORY = "commodity"
CATEGORIES = (
    "country", "place", "company", "person", "institution", "alliance", "element", "mineral", "material", "product",
    "technology", "process", "policy", "event", "project", "sector", "commodity", "finance", "military", "trade",
    "role", "act",
)  # fmt: skip

# Characters of a name or form; the longest of the package has 69.
MAX_FORM_LENGTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing the field talks about, and its surface forms in both languages.

    Attributes
    ----------
    concept
        Identifier, in lower case.
    category
        One of `CATEGORIES`.
    zh, en
        Forms; the first is the label. Upper-case letters of an English form must stand in
        upper case in the text, lower-case ones match either case.
    short
        Single Han characters that stand for the concept in compounds such as 中美 (China and U.S.).
    """

    concept: str
    category: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    short: tuple[str, ...] = ()


def read_lexicon(path: str | Path | None = None) -> tuple[Concept, ...]:
    """Read a lexicon file.

    Parameters
    ----------
    path
        A tab-separated UTF-8 file with the column ``concept`` and those it uses of ``category, zh,
        en, short``, in any order, forms separated by ``; ``; without a category a concept is a
        commodity. None reads the lexicon of this package.

    Raises
    ------
    InputError
        If a column is wrong, a category unknown, or a form claimed twice; the message names
        the line.
    """
    file = Path(path) if path is not None else Path(str(files("rare_topics") / "data" / "lexicon.tsv"))
    lines = decode_text(read_bytes(file), name=file.name).replace("\r\n", "\n").split("\n")
    header = tuple(name.strip() for name in lines[0].split("\t"))
    if not _is_header(header):
        raise InputError(
            f"the columns are {list_names(header)}; expected {', '.join(LEXICON_COLUMNS)}, or concept and some of them",
            where=f"{file.name}:1",
            fix="separate the columns by tabs",
        )
    concepts: list[Concept] = []
    claimed: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        concept = _parse_row(line.split("\t"), header, where=f"{file.name}:{number}")
        _claim_forms(concept, claimed, number=number, name=file.name)
        concepts.append(concept)
    return tuple(concepts)


def _is_header(header: tuple[str, ...]) -> bool:
    """Tell whether columns name a concept and forms, and each once."""
    names = {*header}
    return (
        len(names) == len(header) and names <= {*LEXICON_COLUMNS} and "concept" in names and bool(names & {"zh", "en"})
    )


def _parse_row(cells: list[str], header: tuple[str, ...], *, where: str) -> Concept:
    if len(cells) != len(header):
        n_cells = f"{len(cells)} cells, expected {len(header)}"
        raise InputError(n_cells, where=where, fix="separate them by tabs")
    row = {"category": DEFAULT_CATEGORY, **dict(zip(header, (cell.strip() for cell in cells), strict=True))}
    name, category, *forms = (row.get(column, "") for column in LEXICON_COLUMNS)
    if category not in CATEGORIES:
        raise InputError(
            f"unknown category '{shown_in_line(category, max_length=60)}'",
            where=where,
            fix=f"take one of {', '.join(CATEGORIES)}",
        )
    zh, en, short = (tuple(form.strip() for form in cell.split(";") if form.strip()) for cell in forms)
    if not (name and (zh or en)):
        raise InputError("a concept without name or forms", where=where, fix="fill in concept and zh or en")
    for form in (name, *zh, *en, *short):
        if len(form) > MAX_FORM_LENGTH or UNPRINTABLE.search(form) or len(form.splitlines()) > 1:
            quoted = shown_in_line(form, max_length=40)
            fix = f"give at most {MAX_FORM_LENGTH} characters that can be printed"
            raise InputError(f"'{quoted}' is no word or phrase", where=where, fix=fix)
    if any(len(form) > 1 for form in short):
        raise InputError("a short form of several characters", where=where, fix="put it among the Chinese forms")
    return Concept(concept=name, category=category, zh=zh, en=en, short=short)


def _claim_forms(concept: Concept, claimed: dict[tuple[str, str], int], *, number: int, name: str) -> None:
    """Note the line that claims each name and form, or raise an error if another line claims it."""
    claims = {("concept", concept.concept), *(("zh", form) for form in concept.zh)}
    claims |= {("en", form) for form in concept.en} | {("short", form) for form in concept.short}
    for claim in sorted(claims):
        if claim in claimed:
            quoted = shown_in_line(claim[1], max_length=60)
            raise InputError(
                f"the {claim[0]} form '{quoted}' is claimed in line {claimed[claim]} already",
                where=f"{name}:{number}",
                fix="leave it to one concept",
            )
        claimed[claim] = number


@lru_cache(maxsize=1)
def domain_words() -> tuple[str, ...]:
    """Return the Chinese forms of the package's lexicon with two or more characters."""
    return tuple(form for concept in read_lexicon() for form in concept.zh if len(form) > 1)
