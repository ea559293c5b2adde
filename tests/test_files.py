"""Specification of writing: the old files or the new ones whenever the process dies, and one writer at a time."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rare_topics.errors import InputError
from rare_topics.runtime import atomic_write
from rare_topics.runtime.atomic_write import (
    check_replaceable,
    explain_write_errors,
    files_within,
    lock_folder,
    recover_folder,
    replaced_folder,
    write_file,
)

OLD = {"a.csv": b"old a", "b.csv": b"old b", "gone.csv": b"old", "deep/c.csv": b"old c"}
NEW = {"a.csv": b"new a", "b.csv": b"new b", "deep/c.csv": b"new c", "deep/new.csv": b"new"}

# Writes each folder in a process of its own, which dies at the step of the system with the number before the folder;
# with 0 it lives and prints how many steps there are. Prints the exit codes.
DYING = """
import os, sys
from pathlib import Path
from rare_topics.runtime import atomic_write
from rare_topics.runtime.atomic_write import replaced_folder

if sys.argv[1] == "False":
    atomic_write.exchange_paths = lambda one, other: False
steps = 0
counted_events = ("open", "os.", "shutil.", "tempfile.", "fsync", "exchange")

def step(event, _):
    global steps
    if event.startswith(counted_events):
        steps += 1
        if steps == last:
            os._exit(9)

def announced(name, call):
    def inner(*arguments):
        step(name, ())
        result = call(*arguments)
        step(name, ())
        return result
    return inner

os.fsync = announced("fsync", os.fsync)
atomic_write.exchange_paths = announced("exchange", atomic_write.exchange_paths)
NEW = {new}
codes = []
for at, folder in zip(sys.argv[2::2], sys.argv[3::2]):
    if os.fork():
        codes.append(os.waitstatus_to_exitcode(os.wait()[1]))
        continue
    last = int(at)
    sys.addaudithook(step)
    with replaced_folder(Path(folder)) as draft:
        for name, data in NEW.items():
            (draft / name).parent.mkdir(exist_ok=True)
            (draft / name).write_bytes(data)
    print(steps, flush=True)
    os._exit(0)
print(*codes)
"""


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files_within(folder)}


def write(folder: Path, files: dict[str, bytes] = NEW) -> None:
    with replaced_folder(folder) as draft:
        fill(draft, files)


def die(folders: dict[int, Path], *, can_exchange: bool = True) -> subprocess.CompletedProcess[str]:
    """Write folders, by the step at which their writer dies."""
    script = DYING.replace("{new}", repr(NEW))
    words = [str(word) for step_and_folder in folders.items() for word in step_and_folder]
    return subprocess.run(
        [sys.executable, "-c", script, str(can_exchange), *words], capture_output=True, text=True, check=False
    )


def count_steps(folder: Path, *, can_exchange: bool = True) -> int:
    steps, _ = die({0: folder}, can_exchange=can_exchange).stdout.split()
    return int(steps)


@pytest.mark.slow
class TestKilled:
    """Whenever the process dies, the folder is the old one or the new one."""

    @pytest.mark.parametrize("can_exchange", [True, False], ids=["exchanged", "by way of a third folder"])
    def test_at_every_step_of_the_system(self, can_exchange: bool, tmp_path: Path) -> None:
        """Where folders cannot be exchanged there is one step at which the next writer has to put the old one back."""
        steps = count_steps(fill(tmp_path / "count", OLD), can_exchange=can_exchange)
        assert steps > 20
        folders = {at: fill(tmp_path / str(at) / "build", OLD) for at in range(1, steps + 1)}
        done = die(folders, can_exchange=can_exchange)
        assert done.stdout.split() == ["9"] * steps, done.stderr
        found = []
        for folder in folders.values():
            if not can_exchange:
                with lock_folder(folder):
                    recover_folder(folder)
            found.append(content(folder))
            assert found[-1] in (OLD, NEW)
            write(folder)
            assert content(folder) == NEW
            assert [path.name for path in folder.parent.iterdir()] == ["build"]
        assert found[0] == OLD
        assert found[-1] == NEW
        assert found.index(NEW) == len(found) - found[::-1].index(OLD)

    def test_a_first_folder_is_there_whole_or_not_at_all(self, tmp_path: Path) -> None:
        steps = count_steps(tmp_path / "count")
        folders = {at: tmp_path / str(at) / "build" for at in range(1, steps + 1)}
        assert die(folders).stdout.split() == ["9"] * steps
        assert all(not folder.exists() or content(folder) == NEW for folder in folders.values())


class TestFailing:
    """An error while writing leaves all as it was, and says what to do."""

    @pytest.mark.parametrize(
        ("number", "fix"),
        [
            (errno.ENOSPC, "make room there"),
            (errno.EDQUOT, "make room there"),
            (errno.EROFS, "a folder that you may write in"),
            (errno.EACCES, "a folder that you may write in"),
            (errno.EIO, "give another folder"),
        ],
    )
    @pytest.mark.parametrize("at", ["write", "fsync", "move"])
    def test_what_the_system_refuses(
        self, number: int, fix: str, at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = fill(tmp_path / "build", OLD)

        def refuse(*_: object) -> None:
            raise OSError(number, os.strerror(number))

        owner, call = {
            "write": (Path, "write_bytes"),
            "fsync": (os, "fsync"),
            "move": (atomic_write, "exchange_paths"),
        }[at]
        monkeypatch.setattr(owner, call, refuse)
        said = rf"build: cannot be written \({os.strerror(number)}\); .*{fix}"
        with pytest.raises(InputError, match=said):
            write(folder)
        assert content(folder) == OLD
        assert [path.name for path in tmp_path.iterdir()] == ["build"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
    def test_a_disk_that_is_really_full(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"No space left on device.*make room"), explain_write_errors(tmp_path):
            Path("/dev/full").write_bytes(b"x" * 100_000)

    def test_a_move_that_fails_half_way_puts_the_old_folder_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = fill(tmp_path / "build", OLD)
        move = Path.replace

        def stubborn(self: Path, target: Path) -> Path:
            if self.name.startswith(".build.draft-"):
                raise OSError(errno.EIO, "Input/output error")
            return move(self, target)

        monkeypatch.setattr(atomic_write, "exchange_paths", lambda *_: False)
        monkeypatch.setattr(Path, "replace", stubborn)
        with pytest.raises(InputError, match="Input/output error"):
            write(folder)
        assert content(folder) == OLD
        assert [path.name for path in tmp_path.iterdir()] == ["build"]

    def test_a_file_system_without_fsync_is_no_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def unable(_: int) -> None:
            raise OSError(errno.EINVAL, "Invalid argument")

        monkeypatch.setattr(os, "fsync", unable)
        write(tmp_path / "build")
        assert content(tmp_path / "build") == NEW

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_may_only_be_read(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        with pytest.raises(InputError, match="a folder that you may write in"):
            write(tmp_path / "build")

    def test_names_with_signs_of_patterns_are_names(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "[a-z]*?", OLD)
        fill(tmp_path / ".[a-z]*?.draft-deadbeef", OLD)
        mine = fill(tmp_path / ".b.draft-deadbeef", OLD)
        write(folder)
        assert content(folder) == NEW
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([folder.name, mine.name])


class TestLockFolder:
    """One process writes a folder at a time."""

    def test_a_second_process_is_told_who_holds_it(self, tmp_path: Path) -> None:
        with lock_folder(tmp_path / "build"):
            done = die({0: tmp_path / "build"})
        assert f"another run is writing it (process {os.getpid()}); wait for its end" in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_the_lock_of_a_dead_process_is_free(self, tmp_path: Path) -> None:
        (tmp_path / ".build.lock").write_text("999999", "ascii")
        write(tmp_path / "build")
        assert [path.name for path in tmp_path.iterdir()] == ["build"]

    def test_within_a_process_it_may_be_taken_again(self, tmp_path: Path) -> None:
        with lock_folder(tmp_path / "build"), lock_folder(tmp_path / "build"):
            write(tmp_path / "build")
        assert [path.name for path in tmp_path.iterdir()] == ["build"]

    def test_a_link_in_the_place_of_the_lock_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "mine").write_text("mine", "ascii")
        (tmp_path / ".build.lock").symlink_to(tmp_path / "mine")
        with pytest.raises(InputError, match="cannot be written"):
            write(tmp_path / "build")
        assert (tmp_path / "mine").read_text("ascii") == "mine"


class TestWriteFile:
    """A single file."""

    def test_it_says_whether_anything_changed(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        assert [write_file(path, data) for data in (b"1", b"1", b"2")] == [True, False, True]
        assert path.read_bytes() == b"2"
        assert path.stat().st_mode & 0o777 == 0o644

    def test_a_failure_leaves_the_old_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "a.csv"
        write_file(path, b"old")

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write_file(path, b"new")
        assert path.read_bytes() == b"old"
        assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


class TestCheckReplaceable:
    """Nothing is destroyed but what was written before."""

    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda folder: folder.write_text("mine", "ascii"), "is a file, not a folder"),
            (lambda folder: fill(folder, {"a.csv": b"", "thesis.tex": b""}), "holds 'thesis.tex', which no run wrote"),
            (lambda folder: (fill(folder, {}), (folder / "a").symlink_to(folder)), "holds 'a', which no run wrote"),
        ],
        ids=["a file", "a foreign file", "a link"],
    )
    def test_what_is_not_ours_stays(self, make: Callable[[Path], object], said: str, tmp_path: Path) -> None:
        (tmp_path / "build").mkdir()
        folder = tmp_path / "build" / "x"
        if "file, not" not in said:
            folder.mkdir()
        make(folder)
        with pytest.raises(InputError, match=said):
            check_replaceable(folder, ["a.csv"], writer="run")

    def test_a_new_place_and_our_own_are_free(self, tmp_path: Path) -> None:
        check_replaceable(tmp_path / "new", [], writer="run")
        check_replaceable(fill(tmp_path / "build", {"a.csv": b"", ".DS_Store": b""}), ["a.csv"], writer="run")
