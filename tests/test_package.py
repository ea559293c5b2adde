"""Specification of the package's face: a small complete list of names, imported when they are used."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version

import pytest

import rare_topics
from rare_topics.figures import Figure

HEAVY = ("numpy", "scipy", "pandas", "sklearn", "numba", "umap", "gensim", "matplotlib", "jieba", "pyarrow")


def loaded_after(statement: str) -> set[str]:
    """Name the heavy packages that a fresh process has loaded after a statement."""
    script = f"import sys\n{statement}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Who only asks for its version waits for nothing."""
    assert loaded_after("import rare_topics; rare_topics.__version__; dir(rare_topics)") == set()


def test_reading_pages_loads_no_model_and_no_picture() -> None:
    """A name brings what it needs and no more."""
    assert loaded_after("from rare_topics import read_pages") <= {"numpy"}


@pytest.mark.parametrize("name", rare_topics.__all__)
def test_every_name_leads_to_what_it_says(name: str) -> None:
    """Each is defined in the room it is said to come from, and carries that name and a description."""
    value = getattr(rare_topics, name)
    home = import_module(f"rare_topics.{rare_topics._HOMES[name]}")
    assert value is getattr(home, name)
    # A figure is an entry of the registry that is called like a function; its own name is that of its files.
    assert isinstance(value, Figure) or value.__name__ == name
    assert value.__doc__
    assert value.__module__.startswith("rare_topics.")


def test_the_list_of_names_is_the_list_of_homes() -> None:
    assert sorted(rare_topics.__all__) == sorted(rare_topics._HOMES)
    assert len(set(rare_topics.__all__)) == len(rare_topics.__all__)


def test_the_names_are_those_that_type_checkers_see() -> None:
    """The guarded imports and the list do not drift apart."""
    text = open(rare_topics.__file__, encoding="utf-8").read()  # noqa: SIM115, PTH123 - a line of a test
    imported = re.findall(r"^    from rare_topics\.(\w+) import (.+)$", text, re.MULTILINE)
    assert {name: home for home, names in imported for name in names.split(", ")} == rare_topics._HOMES


def test_a_star_import_brings_exactly_these_names() -> None:
    names: dict[str, object] = {}
    exec("from rare_topics import *", names)  # noqa: S102 - the statement under test
    assert {*names} - {"__builtins__"} == {*rare_topics.__all__}


def test_completion_offers_every_name() -> None:
    assert {*rare_topics.__all__, "__version__"} <= {*dir(rare_topics)}


def test_an_unknown_name_is_an_attribute_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="'rare_topics' has no attribute 'plot_everything'"):
        rare_topics.plot_everything  # noqa: B018 - the access is the test


def test_the_version_is_the_installed_one() -> None:
    assert rare_topics.__version__ == version("rare-topics")
