"""Specification of `Corpus`: one order, one article per story, near-duplicates reported, nothing lost."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from conftest import SEEDS, PageWriter, Record, page_text
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.corpus import Corpus, read, read_pages, read_table
from rare_topics.corpus.languages import language_named, language_of
from rare_topics.corpus.records import article_id
from rare_topics.errors import InputError

RECORDS: list[Record] = [
    ("矿山复工", "财经早报· 2024-03-02 08:00", "北方一座矿山周一复工。工人已经返岗。"),
    ("Magnets run short", "Daily Ore· 2024-03-01 08:00", "Core Viewpoint - Magnets run short [1]."),
    ("钕价上涨", "财经早报· 2024-03-02 08:00", "钕价周五上涨。交易商表示库存不足。"),
]
COLUMNS = [
    "article_id",
    "pages",
    "tag",
    "title",
    "source",
    "published",
    "title_lang",
    "body_lang",
    "truncated",
    "n_passages",
]


class TestOrder:
    """The corpus does not depend on how the pages came."""

    @given(st.permutations(sorted(SEEDS.glob("*.txt"))))
    def test_the_order_of_the_pages_does_not_matter(self, paths: list[Path]) -> None:
        """Files in any order are the folder."""
        assert Corpus.from_pages(paths) == Corpus.from_pages(SEEDS)

    @given(st.permutations(RECORDS))
    def test_the_order_of_the_records_does_not_matter(
        self, tmp_path_factory: pytest.TempPathFactory, records: list[Record]
    ) -> None:
        """Articles stand by date, then by id."""
        path = tmp_path_factory.mktemp("pages") / "page.txt"
        path.write_text(page_text(records), "utf-8")
        corpus = read_pages(path)
        assert corpus[0].title == "Magnets run short"
        assert [a.article_id for a in corpus] == sorted(
            (a.article_id for a in corpus), key=lambda key: (corpus[key].published, key)
        )

    @given(st.permutations(RECORDS))
    def test_the_name_and_tag_of_a_page_do_not_change_its_articles(
        self, tmp_path_factory: pytest.TempPathFactory, records: list[Record]
    ) -> None:
        """An article is named by what it is, not by where it stands."""
        folder = tmp_path_factory.mktemp("pages")
        (folder / "a.txt").write_text(page_text(records, tag="甲"), "utf-8")
        (folder / "b.txt").write_text(page_text(records, tag="乙"), "utf-8")
        one, other = read_pages(folder / "a.txt"), read_pages(folder / "b.txt")
        assert [a.article_id for a in one] == [a.article_id for a in other]


class TestIdentity:
    """The same title and date is the same article."""

    def test_an_article_on_two_pages_is_one_with_two_pages(self, page: PageWriter, tmp_path: Path) -> None:
        """And with both tags."""
        page(*RECORDS, name="b.txt", tag="磁材")
        page(RECORDS[0], name="a.txt", tag="稀土")
        corpus = Corpus.from_pages(tmp_path)
        assert len(corpus) == 3
        shared = corpus[article_id(RECORDS[0][0], datetime(2024, 3, 2, 8))]  # noqa: DTZ001 - none is printed
        assert (shared.pages, shared.tags) == (("a.txt", "b.txt"), ("磁材", "稀土"))

    @pytest.mark.parametrize("names", [("a.txt", "b.txt"), ("b.txt", "a.txt")])
    def test_the_fuller_body_is_kept(self, page: PageWriter, tmp_path: Path, names: tuple[str, str]) -> None:
        """Whichever page it stands on."""
        title, date_line, body = RECORDS[0]
        page((title, date_line, body[:8] + " ..."), name=names[0])
        page(RECORDS[0], name=names[1])
        (article,) = Corpus.from_pages(tmp_path)
        assert (article.body, article.truncated) == (body, False)

    def test_a_page_given_twice_counts_once(self, page: PageWriter) -> None:
        """Also as a file beside its folder."""
        path = page(*RECORDS)
        assert Corpus.from_pages([path, path.parent]).articles == Corpus.from_pages(path).articles

    def test_another_date_is_another_article(self, page: PageWriter) -> None:
        """A headline may come again."""
        assert len(read_pages(page(RECORDS[0], (RECORDS[0][0], "财经早报· 2024-04-02 08:00", RECORDS[0][2])))) == 2

    def test_an_id_is_the_same_on_every_machine(self) -> None:
        """It is a plain hash, not Python's."""
        code = "from rare_topics.corpus.records import article_id; print(article_id('稀土', None))"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert run.stdout.strip() == article_id("稀土", None)

    def test_articles_are_found_by_position_and_by_id(self, seeds: Corpus) -> None:
        """Both ways give the same record."""
        assert all(seeds[article.article_id] is article for number, article in enumerate(seeds))

    @pytest.mark.parametrize(
        ("text", "lang"), [("稀土", "zh"), ("Tesla要稀土", "zh"), ("The 稀土 trade", "en"), ("2025!", ""), ("", "")]
    )
    def test_language_is_told_by_the_letters(self, text: str, lang: str) -> None:
        """Digits and marks have none."""
        assert language_of(text) == lang

    @pytest.mark.parametrize(
        ("name", "lang"),
        [
            *((name, "zh") for name in ("zh", "ZH", "zh-CN", "zh_Hans_CN", "zho", "Chinese", "Chinese (Simplified)")),
            *((name, "zh") for name in ("中文", "简体中文", "漢語", "Mandarin", " zh ")),
            *((name, "en") for name in ("en", "en-US", "EN_gb", "eng", "English", "British English", "英语", "英文")),
            *((name, None) for name in ("fr", "fr-FR", "klingon", "und", "x", "encyclopedia")),
        ],
    )
    def test_a_language_is_known_by_any_usual_name(self, name: str, lang: str | None) -> None:
        assert language_named(name) == lang


class TestNearDuplicates:
    """The same story with small edits is reported, never dropped."""

    STORY = (
        "北方一座稀土矿山周一宣布复工,当地两千名工人已经返岗。矿方表示,停产期间检修了全部选矿设备,"
        "预计第二季度产量将恢复到去年同期水平。分析人士认为,复工有助于缓解磁材企业的原料紧张。"
    )

    def test_a_story_with_small_edits_is_found(self, page: PageWriter) -> None:
        """With the share of its shingles that is common."""
        edited = self.STORY.replace("周一", "昨日").replace("两千", "二千")
        records = [("矿山复工", RECORDS[0][1], self.STORY), ("大型矿山恢复生产", RECORDS[1][1], edited), RECORDS[2]]
        corpus = read_pages(page(*records))
        ((one, other, similarity),) = corpus.near_duplicates
        assert {corpus[one].title, corpus[other].title} == {"矿山复工", "大型矿山恢复生产"}
        assert 0.7 < similarity < 1
        assert len(corpus) == 3

    def test_the_same_body_under_two_titles_is_alike_in_full(self, page: PageWriter) -> None:
        """Line wraps do not count."""
        wrapped = f"{self.STORY[:20]} {self.STORY[20:]}"
        corpus = read_pages(page(("甲", RECORDS[0][1], self.STORY), ("乙", RECORDS[0][1], wrapped)))
        assert [similarity for *_, similarity in corpus.near_duplicates] == [1.0]

    def test_empty_and_tiny_bodies_are_no_duplicates(self, tmp_path: Path) -> None:
        """There is nothing to compare."""
        path = tmp_path / "t.csv"
        path.write_text("title,text\na,\nb,\nc,x\nd,x\n", "utf-8")
        assert read_table(path).near_duplicates == ()

    def test_the_seeds_hold_none(self, seeds: Corpus) -> None:
        """34 different stories."""
        assert seeds.near_duplicates == ()


class TestReading:
    """Folders, pages and tables enter by one door."""

    def test_a_path_is_read_by_what_it_holds(self, page: PageWriter, tmp_path: Path) -> None:
        """A table by its suffix, all else as pages."""
        path = page(*RECORDS)
        (tmp_path / "t.csv").write_text("id,title,text\nx7,a,b\n", "utf-8")
        assert len(read(path)) == len(read(tmp_path)) == 3
        assert read(tmp_path / "t.csv")[0].article_id == "x7"

    def test_other_files_of_a_folder_are_left_alone(self, page: PageWriter, tmp_path: Path) -> None:
        """A README is no page."""
        page(*RECORDS)
        (tmp_path / "README.md").write_text("no page", "utf-8")
        (tmp_path / "folder.txt").mkdir()
        assert len(Corpus.from_pages(tmp_path)) == 3

    def test_inputs_are_named_with_their_digests(self, seeds: Corpus) -> None:
        """Five names, five digests."""
        assert [name for name, _ in seeds.inputs] == sorted(path.name for path in SEEDS.glob("*.txt"))
        assert len({digest for _, digest in seeds.inputs}) == 5

    def test_warnings_of_the_pages_are_kept(self, page: PageWriter) -> None:
        """What was left out is said once more where it counts."""
        path = page(*RECORDS)
        path.write_text(path.read_text("utf-8") + "只有标题\n", "utf-8")
        (warning,) = read_pages(path).warnings
        assert warning.startswith("page.txt:14:")

    @pytest.mark.parametrize("name", ["none", "none.txt", "none.csv"])
    def test_a_missing_path(self, tmp_path: Path, name: str) -> None:
        """Is named."""
        with pytest.raises(InputError, match=f"{name}: no such file"):
            read(tmp_path / name)

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        """Says what to put there."""
        with pytest.raises(InputError, match=r"holds no \.txt page; save the feed pages there"):
            read(tmp_path)

    def test_one_broken_page_in_a_folder(self, page: PageWriter, tmp_path: Path) -> None:
        """Stops the reading and is named."""
        page(*RECORDS, name="good.txt")
        (tmp_path / "bad.txt").write_text("hello\n", "utf-8")
        with pytest.raises(InputError, match=r"^bad\.txt:1: "):
            read(tmp_path)

    def test_pages_without_any_whole_record(self, page: PageWriter) -> None:
        """Are no corpus."""
        path = page()
        path.write_text(path.read_text("utf-8") + "只有标题\n", "utf-8")
        with pytest.raises(InputError, match=r"page\.txt:5: the file ends within the record"):
            read(path)

    def test_no_page_at_all(self) -> None:
        """An empty list is no corpus either."""
        with pytest.raises(InputError, match="no page"):
            Corpus.from_pages([])


class TestTheTable:
    """`to_frame` gives the columns of articles.csv."""

    def test_columns_and_rows(self, seeds: Corpus) -> None:
        """One row an article, in order."""
        frame = seeds.to_frame()
        assert list(frame.columns) == COLUMNS
        assert list(frame["article_id"]) == [article.article_id for article in seeds]
        assert frame["n_passages"].sum() == len(seeds.passages)

    def test_several_pages_share_a_cell(self, page: PageWriter, tmp_path: Path) -> None:
        """Separated by a semicolon; dates as printed."""
        page(RECORDS[0], name="a.txt", tag="甲")
        page(RECORDS[0], name="b.txt", tag="乙")
        (row,) = Corpus.from_pages(tmp_path).to_frame().to_dict("records")
        assert (row["pages"], row["tag"], row["published"]) == ("a.txt; b.txt", "乙; 甲", "2024-03-02 08:00")

    def test_many_articles_keep_their_order(self, tmp_path: Path) -> None:
        """A thousand rows in any order are one corpus."""
        rows = [f"{number},title {number},text {number}" for number in range(1000)]
        random.Random(0).shuffle(rows)  # noqa: S311 - no secret
        (tmp_path / "t.csv").write_text("\n".join(["id,title,text", *rows]), "utf-8")
        corpus = read_table(tmp_path / "t.csv")
        assert [article.article_id for article in corpus] == sorted(map(str, range(1000)))
