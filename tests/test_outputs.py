"""Specification of the folder of a run: all or nothing, the same bytes from the same input."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SEEDS

from rare_topics.corpus.corpus import Corpus
from rare_topics.errors import InputError
from rare_topics.export.run_folder import MANIFEST, REPORT, check_run_folder, write_run
from rare_topics.study import Study

HEADERS = {
    "articles": "article_id,pages,tag,title,source,published,title_lang,body_lang,truncated,n_passages",
    "passages": "passage_id,article_id,section,kind,text,start,end",
    "topics": "topic,label_zh,label_en,terms_zh,terms_en,share,stability,n_articles,typical_title",
    "article_topics": "article_id,topic,weight",
    "clusters": "article_id,cluster,confidence,label_zh,label_en,typical_title",
    "similar": "article_id,other_id,similarity",
    "map": "article_id,x,y",
    "repeats": "article_id,first_id,kind,similarity",
    "themes": "article_id,theme,strength,confidence",
    "evidence": "article_id,theme,passage_id,quote,start,end,score",
    "suppliers": "country,role,status,stages,confidence,article_id,passage_id,kind,quote,start,end,title,published",
    "events": "article_id,date,actor,direction,object,confidence,passage_id,quote,start,end,title,published",
    "claims": (
        "claim_id,article_id,passage_id,printed,value,value_high,unit,kind,qualifier,subject,as_of,tense,start,end,"
        "quote,title"
    ),
    "disagreements": "group,subject,unit,claim_id,article_id,value,value_high,verdict,printed,as_of,title",
}
NAMES = {*(f"{name}.csv" for name in HEADERS), MANIFEST, REPORT, "study"}
STUDY = {f"study/{name}" for name in ("articles.parquet", "arrays.npz", "checksums.sha256", "parts.json", "study.json")}
FILES = NAMES - {"study"} | STUDY


def content(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder; of the manifest all but the seconds."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if MANIFEST in files:
        manifest = json.loads(files[MANIFEST])
        manifest.pop("seconds")
        files[MANIFEST] = json.dumps(manifest, sort_keys=True).encode()
    return files


@pytest.fixture(scope="module")
def run(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a run on the embedded pages, without figures; tests only read it."""
    return write_run(study, tmp_path_factory.mktemp("run") / "build", figures=False)


@pytest.fixture(scope="module")
def reordered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a run on the embedded pages, copied and named in another order."""
    folder = tmp_path_factory.mktemp("reordered")
    pages = [shutil.copy(path, folder) for path in sorted(SEEDS.glob("*.txt"), reverse=True)]
    return write_run(Study(random_state=0).fit(Corpus.from_pages(pages)), folder / "build", figures=False)


class TestFiles:
    """What a run leaves behind."""

    def test_there_are_the_promised_files_and_no_others(self, run: Path) -> None:
        assert {path.name for path in run.iterdir()} == NAMES
        assert [path.name for path in run.parent.iterdir()] == ["build"]

    @pytest.mark.parametrize("name", HEADERS)
    def test_a_table_is_utf_8_with_a_header_and_plain_line_ends(self, run: Path, name: str) -> None:
        text = (run / f"{name}.csv").read_bytes().decode("utf-8")
        assert text.split("\n", 1)[0] == HEADERS[name]
        assert "\r" not in text
        assert text.endswith("\n")
        rows = list(csv.reader(text.splitlines()))
        assert {len(row) for row in rows} == {len(HEADERS[name].split(","))}

    def test_passages_slice_back_to_the_pages(self, run: Path, seeds: Corpus) -> None:
        with (run / "passages.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                article = seeds[row["article_id"]]
                whole = article.title if row["kind"] == "title" else article.body
                assert whole[int(row["start"]) : int(row["end"])] == row["text"]

    def test_the_manifest_says_what_was_done(self, run: Path, study: Study) -> None:
        manifest = json.loads((run / MANIFEST).read_text("utf-8"))
        assert [entry["name"] for entry in manifest["inputs"]] == sorted(path.name for path in SEEDS.glob("*.txt"))
        assert all(len(entry["sha256"]) == 64 for entry in manifest["inputs"])
        assert manifest["settings"] == {
            "glosses": None,
            "lexicon": None,
            "n_clusters": None,
            "n_topics": None,
            "random_state": 0,
            "role_encoder": False,
            "themes": None,
            "topic_method": "nmf",
        }
        assert manifest["scores"] == study.scores
        assert manifest["warnings"] == study.warnings
        assert {"python", "rare-topics", "numpy", "scikit-learn"} <= set(manifest["versions"])
        assert set(manifest["files"]) == FILES

    @pytest.mark.slow
    def test_the_manifest_says_how_long_each_step_took(self, reordered: Path) -> None:
        seconds = json.loads((reordered / MANIFEST).read_text("utf-8"))["seconds"]
        assert set(seconds) == {"vectorize", "space", "topics", "clusters", "map", "themes", "claims"}
        assert all(took >= 0 for took in seconds.values())

    def test_each_file_is_announced(self, study: Study, tmp_path: Path) -> None:
        names: list[str] = []
        write_run(study, tmp_path / "build", figures=False, progress=names.append)
        assert sorted(names[:-2]) == sorted(f"{name}.csv" for name in HEADERS)
        assert names[-2:] == [REPORT, "study"]


class TestSameBytes:
    """Equal input gives equal files."""

    def test_writing_twice_changes_nothing(self, study: Study, run: Path, tmp_path: Path) -> None:
        assert content(write_run(study, tmp_path / "deep" / "build", figures=False)) == content(run)

    @pytest.mark.slow
    def test_the_order_of_the_pages_does_not_matter(self, run: Path, reordered: Path) -> None:
        assert content(reordered) == content(run)

    def test_a_run_with_figures_is_the_same_twice(self, study: Study, run: Path, tmp_path: Path) -> None:
        """And its tables are those of a run without."""
        figures = ["articles_by_month"]
        one, other = (content(write_run(study, tmp_path / name, figures=figures)) for name in ("one", "other"))
        assert one == other
        assert {name for name in one if not name.startswith("figures/")} == FILES
        assert {"figures/README.md", "figures/articles_by_month.png", "figures/articles_by_month.csv"} <= set(one)
        assert all(one[name] == data for name, data in content(run).items() if name != MANIFEST)
        write_run(study, tmp_path / "one", figures=False)
        assert {path.name for path in (tmp_path / "one").iterdir()} == NAMES


class TestAllOrNothing:
    """A run that fails leaves everything as it was."""

    @staticmethod
    def raises_at_the_report(failure: BaseException) -> Callable[[str], None]:
        """Return a function for `progress` that fails when the tables are written and the report is not."""

        def progress(name: str) -> None:
            if name == REPORT:
                raise failure

        return progress

    @pytest.mark.parametrize(
        "failure", [OSError(28, "No space left on device"), RuntimeError("broken"), KeyboardInterrupt()]
    )
    def test_an_error_while_writing_keeps_the_earlier_run(
        self, study: Study, run: Path, tmp_path: Path, failure: BaseException
    ) -> None:
        """And leaves no draft beside it."""
        folder = Path(shutil.copytree(run, tmp_path / "build"))
        with pytest.raises((InputError, RuntimeError, KeyboardInterrupt)):
            write_run(study, folder, figures=False, progress=self.raises_at_the_report(failure))
        assert content(folder) == content(run)
        assert [path.name for path in tmp_path.iterdir()] == ["build"]

    def test_a_full_disk_is_an_error_of_one_line(self, study: Study, tmp_path: Path) -> None:
        full = OSError(28, "No space left on device")
        with pytest.raises(InputError, match=r"build: cannot be written \(No space left on device\); make room"):
            write_run(study, tmp_path / "build", figures=False, progress=self.raises_at_the_report(full))
        assert list(tmp_path.iterdir()) == []


class TestDestination:
    """Only an earlier run is ever replaced."""

    def test_an_earlier_run_is_replaced(self, study: Study, run: Path, tmp_path: Path) -> None:
        folder = Path(shutil.copytree(run, tmp_path / "build"))
        (folder / "map.csv").unlink()
        (folder / ".DS_Store").write_bytes(b"a file manager was here")
        assert write_run(study, folder, figures=False) == folder
        assert {path.name for path in folder.iterdir()} == NAMES

    def test_an_empty_folder_is_taken(self, study: Study, tmp_path: Path) -> None:
        (tmp_path / "build").mkdir()
        write_run(study, tmp_path / "build", figures=False)
        assert {path.name for path in (tmp_path / "build").iterdir()} == NAMES

    def test_a_link_to_a_folder_stays_a_link(self, study: Study, tmp_path: Path) -> None:
        (tmp_path / "there").mkdir()
        (tmp_path / "build").symlink_to(tmp_path / "there")
        write_run(study, tmp_path / "build", figures=False)
        assert (tmp_path / "build").is_symlink()
        assert {path.name for path in (tmp_path / "there").iterdir()} == NAMES

    @pytest.mark.parametrize("name", ["thesis.tex", "notes/thesis.tex", MANIFEST, ".git/config"])
    def test_a_folder_with_anything_else_is_refused_and_stays(self, study: Study, name: str, tmp_path: Path) -> None:
        """A manifest of another program is something else, too."""
        mine = tmp_path / "build" / name
        mine.parent.mkdir(parents=True)
        mine.write_text('{"name": "my application"}', "utf-8")
        with pytest.raises(InputError, match=f"holds '{name}', which no run wrote; give another folder"):
            write_run(study, tmp_path / "build", figures=False)
        assert content(tmp_path / "build").keys() == {name} if name != MANIFEST else mine.is_file()

    def test_a_note_laid_into_an_earlier_run_is_not_lost(self, study: Study, run: Path, tmp_path: Path) -> None:
        folder = Path(shutil.copytree(run, tmp_path / "build"))
        (folder / "my notes.txt").write_text("mine", "utf-8")
        with pytest.raises(InputError, match=r"my notes\.txt"):
            write_run(study, folder, figures=False)
        assert (folder / "my notes.txt").read_text("utf-8") == "mine"

    @pytest.mark.parametrize("name", ["file", "file/build", "x" * 300])
    def test_a_path_that_cannot_be_a_folder_is_refused(self, study: Study, name: str, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("mine", "utf-8")
        with pytest.raises(InputError, match="give another folder"):
            write_run(study, tmp_path / name, figures=False)
        assert (tmp_path / "file").read_text("utf-8") == "mine"

    def test_the_folder_can_be_checked_before_the_work(self, run: Path, tmp_path: Path) -> None:
        check_run_folder(run)
        check_run_folder(tmp_path / "new" / "build")
        assert list(tmp_path.iterdir()) == []
