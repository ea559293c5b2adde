"""Where the results of a cluster go: a folder here, or an address that all workers reach; whole or not at all."""

from __future__ import annotations

import re
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rare_topics.errors import InputError
from rare_topics.runtime.atomic_write import replaced_folder
from rare_topics.spark.session import reason_of
from rare_topics.study import checkpoint_folder

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
# Where a rename is a copy of everything: what is there counts once the mark of success stands beside it.
OBJECT_STORES = re.compile(r"(s3[an]?|gs|abfss?|wasbs?|oss|cosn?|obs|r2)://")
SUCCESS = "_SUCCESS"


class Draft(NamedTuple):
    """Where results are written before they count.

    Attributes
    ----------
    folder
        Here, for what the driver writes.
    url
        For what the workers write.
    """

    folder: Path
    url: str


def is_address(place: str | Path) -> bool:
    """Whether a place is an address of a file system that workers reach, and no path of this machine."""
    return bool(ADDRESS.match(str(place)))


@contextmanager
def replaced(place: str | Path, session: SparkSession, *, mark: str) -> Iterator[Draft]:
    """Give somewhere to write, and put it in the place of what was there once all is written.

    Parameters
    ----------
    place
        A folder of this machine, or an address.
    session
        Spark, which reaches the address.
    mark
        Name of a file that every folder has which may be replaced.

    Raises
    ------
    InputError
        If the place cannot be written, or holds something else.
    """
    if not is_address(place):
        with replaced_folder(Path(place)) as draft:
            yield Draft(draft, f"file://{draft}")
        return
    with tempfile.TemporaryDirectory() as here:
        files = _Files(session, str(place).rstrip("/"))
        with _telling(files.url):
            files.check(mark)
            files.begin()
        try:
            yield Draft(Path(here), files.draft)
            with _telling(files.url):
                files.finish(Path(here))
        except BaseException:
            files.drop()
            raise


def steps_of(place: str) -> str:
    """Name where the finished steps of a run are kept until it is whole: beside it, for all workers to reach."""
    return f"{place.rstrip('/')}.steps" if is_address(place) else f"file://{checkpoint_folder(Path(place).resolve())}"


def remove(url: str, session: SparkSession) -> None:
    """Remove what stands at an address, if anything does."""
    with _telling(url):
        _Files(session, url).remove(url)


class _Files:
    """The file system of an address, as Spark itself uses it."""

    def __init__(self, session: SparkSession, url: str) -> None:
        self.url = url
        in_place = bool(OBJECT_STORES.match(url))
        self.draft = url if in_place else f"{url}.draft-{uuid.uuid4().hex[:8]}"
        jvm: Any = getattr(session, "_jvm", None)
        if jvm is None:
            raise InputError(
                "a session by Spark Connect reaches no address from here",
                where=url,
                fix="give a folder of this machine",
            )
        self._path = jvm.org.apache.hadoop.fs.Path
        with _telling(url):
            configured = session._jsparkSession.sessionState().newHadoopConf()  # type: ignore[attr-defined]  # noqa: SLF001
            self._system = self._path(url).getFileSystem(configured)

    def check(self, mark: str) -> None:
        """Make sure that nothing but an earlier run is replaced."""
        if self._exists(self.url) and not self._exists(f"{self.url}/{mark}") and self._list(self.url):
            raise InputError("holds something that no run wrote", where=self.url, fix="give another place")

    def begin(self) -> None:
        """Make room; in an object store what was there ceases to count now."""
        if self.draft == self.url:
            self.remove(f"{self.url}/{SUCCESS}")
            self.remove(self.url)
        self._system.mkdirs(self._path(self.draft))

    def finish(self, here: Path) -> None:
        """Bring what the driver wrote, then let all of it count."""
        for path in sorted(here.iterdir()):
            self._system.copyFromLocalFile(self._path(f"file://{path}"), self._path(f"{self.draft}/{path.name}"))
        self._system.create(self._path(f"{self.draft}/{SUCCESS}")).close()
        if self.draft == self.url:
            return
        kept = f"{self.draft}.old"
        if known := self._exists(self.url):
            self._rename(self.url, kept)
        try:
            self._rename(self.draft, self.url)
        except BaseException:
            if known:
                self._rename(kept, self.url)
            raise
        self.remove(kept)

    def drop(self) -> None:
        """Remove what does not count."""
        self.remove(self.draft)

    def _exists(self, url: str) -> bool:
        return bool(self._system.exists(self._path(url)))

    def _list(self, url: str) -> bool:
        return len(self._system.listStatus(self._path(url))) > 0

    def remove(self, url: str) -> None:
        """Remove a file, or a folder with all in it."""
        self._system.delete(self._path(url), True)

    def _rename(self, one: str, other: str) -> None:
        if not self._system.rename(self._path(one), self._path(other)):
            raise OSError(f"cannot be renamed to {other}")


@contextmanager
def _telling(url: str) -> Iterator[None]:
    """Say in one line what a file system answers in a hundred."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"cannot be written ({reason_of(error)})", where=url, fix="check the address and your rights there"
        ) from error
