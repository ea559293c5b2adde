"""Specification of the cache for UMAP's compiled functions: it saves time and changes nothing."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from rare_topics.projection import MapProjector
from rare_topics.runtime.umap_workaround import cache_functions, caching_signatures


@pytest.fixture
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> object:
    """Plant a function that was not compiled yet in a module of UMAP's."""
    from numba import njit

    module = ModuleType("umap.planted")
    module.double = njit(double)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "umap.planted", module)
    cache_functions.cache_clear()
    yield module.double
    cache_functions.cache_clear()


def test_a_cached_function_computes_as_before(uncompiled: object) -> None:
    assert cache_functions() >= 1
    assert uncompiled(21) == 42  # type: ignore[operator]


def test_a_numba_without_the_switch_costs_time_only(uncompiled: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core.registry import CPUDispatcher

    owner = next(kind for kind in CPUDispatcher.__mro__ if "enable_caching" in vars(kind))
    monkeypatch.delattr(owner, "enable_caching")
    assert cache_functions() == 0
    assert uncompiled(21) == 42  # type: ignore[operator]


def test_functions_with_a_signature_are_cached_while_they_are_imported() -> None:
    import numba

    original = numba.njit
    with caching_signatures():
        signed, unsigned = numba.njit("i8(i8)")(double), numba.njit(double)
    assert signed.stats.cache_path
    assert not unsigned.stats.cache_path
    assert signed(21) == unsigned(21) == 42
    assert numba.njit is original


def test_who_imports_umap_later_gets_all_of_it() -> None:
    """A program of one's own may search by pynndescent, which the map has no need of and does not load."""
    run(
        "import sys\n"
        "from test_umap_workaround import vectors\n"
        "from rare_topics.projection import MapProjector\n"
        "from rare_topics.runtime.umap_workaround import loaded_umap\n"
        "MapProjector().fit(vectors())\n"
        "assert 'umap' not in sys.modules and 'pynndescent' not in sys.modules\n"
        "with loaded_umap() as ours: assert ours is sys.modules['umap']\n"
        "import umap\n"
        "assert umap.UMAP is not ours.UMAP\n"
        "assert umap.umap_.NNDescent.__module__ == 'pynndescent.pynndescent_'\n"
    )


def test_maps_of_two_threads_are_those_of_one() -> None:
    with ThreadPoolExecutor(2) as pool:
        maps = list(pool.map(lambda _: MapProjector().fit(vectors()).embedding_, range(4)))
    assert all(np.array_equal(one, maps[0]) for one in maps)


@pytest.mark.slow
def test_the_map_is_the_one_that_umap_draws_by_itself() -> None:
    """Which is taken where it is there already: compiled afresh, its embedding is the same to the bit."""
    alone = run(
        "import sys\n"
        "from rare_topics.projection import map_projector\n"
        "from test_umap_workaround import vectors\n"
        "import umap\n"
        "from rare_topics.runtime.umap_workaround import loaded_umap\n"
        "with loaded_umap() as ours: assert ours is umap\n"
        "assert umap.umap_.NNDescent is not object\n"
        "map_projector._nearest_of_all_pairs = lambda *_: (None, None, None)\n"
        "sys.stdout.buffer.write(map_projector.MapProjector().fit(vectors()).embedding_.tobytes())\n"
    )
    assert alone == MapProjector().fit(vectors()).embedding_.tobytes()


def run(script: str) -> bytes:
    """Run a script in a process of its own, and return what it writes."""
    paths = f"import sys; sys.path[:0] = [{str(Path(__file__).parents[1])!r}, {str(Path(__file__).parent)!r}]\n"
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", paths + script], check=True, capture_output=True
    ).stdout


def vectors() -> np.ndarray:
    """Rows of which three are equal and two are zero."""
    rows = np.random.default_rng(0).normal(size=(30, 6))
    rows[[5, 6]] = rows[3]
    rows[[8, 9]] = 0
    return rows


def double(number: int) -> int:
    return 2 * number
