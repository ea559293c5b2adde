"""Specification of the lexicon's file: what a line says, and every way it can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from rare_topics.errors import InputError
from rare_topics.text.lexicon_file import CATEGORIES, LEXICON_COLUMNS, Concept, domain_words, read_lexicon

HEADER = "\t".join(LEXICON_COLUMNS)
URANIUM = "uranium\telement\t铀; 铀矿\turanium; U3O8\t"


def lexicon(folder: Path, *lines: str, newline: str = "\n") -> Path:
    """Write a lexicon file of these lines and return its path."""
    path = folder / "own.tsv"
    path.write_bytes(newline.join(lines).encode())
    return path


def error_of(path: Path) -> str:
    """Give the one line with which a lexicon is refused."""
    with pytest.raises(InputError) as error:
        read_lexicon(path)
    assert "\n" not in str(error.value)
    assert error.value.fix
    return str(error.value)


class TestAFile:
    """A table of concepts and their forms."""

    def test_a_line_is_a_concept(self, tmp_path: Path) -> None:
        """Forms are separated by semicolons; the first is the label."""
        (concept,) = read_lexicon(lexicon(tmp_path, HEADER, URANIUM))
        assert concept == Concept(concept="uranium", category="element", zh=("铀", "铀矿"), en=("uranium", "U3O8"))

    def test_a_file_needs_only_the_columns_it_uses(self, tmp_path: Path) -> None:
        """In any order; what is not said to be anything else is a commodity."""
        (concept,) = read_lexicon(lexicon(tmp_path, "en\tconcept\tzh", "lithium brine; brine\tbrine\t盐湖卤水; 卤水"))
        assert concept == Concept(
            concept="brine", category="commodity", zh=("盐湖卤水", "卤水"), en=("lithium brine", "brine")
        )

    def test_comments_and_empty_lines_are_passed_over(self, tmp_path: Path) -> None:
        """And a header alone is an empty lexicon."""
        assert len(read_lexicon(lexicon(tmp_path, HEADER, "", "# a comment", URANIUM, ""))) == 1
        assert read_lexicon(lexicon(tmp_path, HEADER)) == ()

    def test_line_ends_and_byte_order_mark_do_not_matter(self, tmp_path: Path) -> None:
        """As spreadsheets write them."""
        plain = read_lexicon(lexicon(tmp_path, HEADER, URANIUM))
        assert read_lexicon(lexicon(tmp_path, "\ufeff" + HEADER, URANIUM, "", newline="\r\n")) == plain

    def test_short_forms_are_single_characters_for_compounds(self, tmp_path: Path) -> None:
        """In a column of their own."""
        (concept,) = read_lexicon(lexicon(tmp_path, HEADER, "chad\tcountry\t乍得\tChad\t乍"))
        assert concept.short == ("乍",)


class TestBrokenFiles:
    """An error names the line and what to do."""

    def test_a_missing_file(self, tmp_path: Path) -> None:
        """Is named."""
        assert "none.tsv" in error_of(tmp_path / "none.tsv")

    def test_an_empty_file(self, tmp_path: Path) -> None:
        """Holds no header."""
        assert "own.tsv: the file is empty" in error_of(lexicon(tmp_path, ""))

    @pytest.mark.parametrize(
        "header",
        ["concept\tcategory", "zh\ten", "concept,category,zh,en,short", HEADER.replace("zh", "cn"), HEADER + "\tnote"],
    )
    def test_a_wrong_column(self, tmp_path: Path, header: str) -> None:
        """Names what is there and what was expected."""
        message = error_of(lexicon(tmp_path, header, URANIUM))
        assert message.startswith("own.tsv:1: the columns are ")
        assert "expected concept, category, zh, en, short" in message

    def test_a_line_with_too_few_cells(self, tmp_path: Path) -> None:
        """Names the line."""
        assert "own.tsv:3: 2 cells, expected 5" in error_of(lexicon(tmp_path, HEADER, URANIUM, "gold\telement"))

    def test_an_unknown_category(self, tmp_path: Path) -> None:
        """Lists the known ones."""
        message = error_of(lexicon(tmp_path, HEADER, URANIUM.replace("element", "metal")))
        assert "own.tsv:2: unknown category 'metal'" in message
        assert all(category in message for category in CATEGORIES)

    @pytest.mark.parametrize("line", ["\telement\t铀\turanium\t", "uranium\telement\t; \t\t"])
    def test_a_concept_without_name_or_forms(self, tmp_path: Path, line: str) -> None:
        """Could never be found."""
        assert "own.tsv:2: a concept without name or forms" in error_of(lexicon(tmp_path, HEADER, line))

    @pytest.mark.parametrize(
        ("line", "claim"),
        [
            ("fuel\tcommodity\t铀矿\tfuel\t", "the zh form '铀矿'"),
            ("fuel\tcommodity\t燃料\tU3O8\t", "the en form 'U3O8'"),
            ("uranium\tcommodity\t燃料\tfuel\t", "the concept form 'uranium'"),
        ],
    )
    def test_a_form_claimed_twice(self, tmp_path: Path, line: str, claim: str) -> None:
        """Names the form and the line that has it."""
        message = error_of(lexicon(tmp_path, HEADER, URANIUM, "# between", line))
        assert f"own.tsv:4: {claim} is claimed in line 2 already" in message

    def test_gb18030(self, tmp_path: Path) -> None:
        """Names the line and how to convert."""
        path = tmp_path / "own.tsv"
        path.write_bytes(f"{HEADER}\n{URANIUM}\n".encode("gb18030"))
        assert "own.tsv:2: not UTF-8" in error_of(path)


class TestThePackagesOwn:
    """The domain lexicon that ships with the package."""

    def test_it_names_at_least_150_concepts_in_both_languages(self) -> None:
        """Of every category but few."""
        concepts = read_lexicon()
        assert sum(bool(concept.zh and concept.en) for concept in concepts) >= 150
        assert len({concept.category for concept in concepts}) > len(CATEGORIES) // 2

    @pytest.mark.parametrize(
        "name",
        ["usa", "china", "russia", "mongolia", "inner_mongolia", "new_south_wales", "rare_earths", "tariff", "japan"],
    )
    def test_it_holds_the_concepts_of_the_field(self, name: str) -> None:
        """With forms in both languages."""
        (concept,) = [concept for concept in read_lexicon() if concept.concept == name]
        assert concept.zh
        assert concept.en

    def test_forms_have_no_space_at_their_ends(self) -> None:
        """And short forms are single characters."""
        for concept in read_lexicon():
            assert all(form == form.strip() for form in (*concept.zh, *concept.en))
            assert all(len(form) == 1 for form in concept.short)

    def test_segmentation_learns_forms_of_two_characters_and_more(self) -> None:
        """A single character is no word to keep whole."""
        assert "稀土" in domain_words()
        assert min(map(len, domain_words())) == 2
