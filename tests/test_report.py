"""Specification of the report: one file, whole, safe, the same every time."""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import io
import json
import re
import resource
import shutil
import subprocess
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rare_topics as rt
from rare_topics.claims import VERDICTS
from rare_topics.claims.number_wording import number_wording
from rare_topics.corpus.languages import Label
from rare_topics.corpus.wording import date_wording, source_label, source_names
from rare_topics.errors import InputError
from rare_topics.quantities import KINDS, find_quantities
from rare_topics.report.anchors import Utf16Offsets
from rare_topics.report.key_findings import Answer, KeyFindings
from rare_topics.report.messages import messages, warning_wording
from rare_topics.report.page import SECTIONS, compress, json_block, render
from rare_topics.report.page_assets import NEVER_IN_FONT, SCRIPTS, chart_specs, subset_font
from rare_topics.report.page_data import page_data
from rare_topics.study import Study

ASSETS = Path(rt.__file__).parent / "data" / "report"
SEED_BYTES = 3_000_000
HOSTILE = "<script>alert(1)</script> \"'& </SCRIPT> <!-- \u2028\u2029 \u202e\ud800 "


@pytest.fixture(scope="module")
def data(study: Study) -> dict[str, Any]:
    """Give what the page of the embedded pages knows; tests read it and change nothing."""
    return page_data(study)


@pytest.fixture(scope="module")
def html(study: Study, data: dict[str, Any]) -> str:
    return render(data, KeyFindings(study, data).answers())


class TestPage:
    """The file that a colleague opens."""

    def test_the_report_of_the_embedded_pages_is_small(self, html: str) -> None:
        assert len(html.encode()) <= SEED_BYTES

    def test_of_very_many_articles_some_are_shown_and_the_head_says_so(self, study: Study, tmp_path: Path) -> None:
        """Evenly in order of date, each as it stands among all; the study is left as it was."""
        before = study.themes, study.claims
        shown = rt.write_report(study, tmp_path / "report.html", max_articles=12).read_text("utf-8")
        assert "these 12 of 34 stand for all" in shown
        part = study.subset(12)
        assert [part.corpus[0], part.corpus[-1]] == [study.corpus[0], study.corpus[-1]]
        assert [article.published for article in part.corpus] == sorted(article.published for article in part.corpus)
        ids = {article.article_id for article in part.corpus}
        for name in ("clusters", "map", "article_topics"):
            whole = getattr(study, name)
            assert getattr(part, name).to_numpy().tolist() == whole[whole["article_id"].isin(ids)].to_numpy().tolist()
        whole, found = study.themes.table, part.themes.table
        assert found[found["strength"] > 0].to_numpy().tolist() == (
            whole[whole["article_id"].isin(ids) & (whole["strength"] > 0)].to_numpy().tolist()
        )
        assert {claim.article_id for claim in part.claims.claims} <= ids
        assert part.topics is study.topics
        assert (study.themes, study.claims) == before
        assert study.subset(34) is study

    @pytest.mark.parametrize("name", ["map", "months", "topics", "themes", "claims"])
    def test_every_picture_is_valid_vega_lite(self, name: str) -> None:
        """By the schema that altair carries."""
        altair = pytest.importorskip("altair")
        spec = {**chart_specs(3)[name], "data": {"name": "rows"}}
        kind = altair.LayerChart if "layer" in spec else altair.Chart
        assert kind.from_dict(spec).to_dict(format="vega-lite")["description"] == f"@{name}_alt"

    def test_the_same_study_gives_the_same_bytes(self, study: Study, html: str, tmp_path: Path) -> None:
        """Also where no cache has the font."""
        assert subset_font("稀土 rare") == subset_font("稀土 rare")
        assert rt.write_report(study, tmp_path / "report.html").read_bytes() == html.encode()

    def test_its_data_read_back(self, html: str, data: dict[str, Any]) -> None:
        block = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1]
        shown = json.loads(block)
        assert [article["title"] for article in shown["articles"]] == [article["title"] for article in data["articles"]]
        assert shown["manifest"]["warnings"] == data["manifest"]["warnings"]

    def test_its_policy_allows_its_own_scripts_and_style_alone(self, html: str) -> None:
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1].replace("&#39;", "'")
        inline = re.findall(r"<script>(.*?)</script>", html, re.DOTALL) + re.findall(
            r"<style>(.*?)</style>", html, re.DOTALL
        )
        hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline}
        assert policy.startswith("default-src 'none';")
        assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes
        assert not re.search(r"unsafe|https?:|\*", policy)

    def test_it_has_no_handler_in_its_markup_and_no_address_to_load_from(self, html: str) -> None:
        markup = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
        assert not re.search(r"\son\w+=|\sstyle=|\ssrc=|<link\b", markup)
        assert all(target.startswith("#") for target in re.findall(r'href="([^"]*)"', markup))

    def test_a_failed_write_keeps_the_page_that_was_there(self, study: Study, tmp_path: Path) -> None:
        """Here the system allows files of 1 kB and no larger ones."""
        path = tmp_path / "report.html"
        rt.write_report(study, path, max_articles=3)
        earlier = path.read_text("utf-8")
        report = rt.Report(study)
        assert report.html
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            with pytest.raises(InputError, match=r"report\.html: cannot be written \(File too large\)"):
                report.write(path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert path.read_text("utf-8") == earlier
        assert list(tmp_path.iterdir()) == [path]

    def test_a_notebook_shows_it_in_a_frame_without_rights(self, study: Study) -> None:
        shown = rt.Report(study)._repr_html_()
        assert re.match(r'<iframe [^>]*sandbox="allow-scripts allow-modals"', shown)
        assert "allow-same-origin" not in shown.split("srcdoc=")[0]

    def test_a_cell_that_cannot_hold_it_says_how_to_write_it(self, study: Study) -> None:
        """A frame that a browser breaks off would be empty."""
        shown = rt.Report(study, max_frame_bytes=100_000)._repr_html_()
        assert "<iframe" not in shown
        assert "rt.write_report(study, 'report.html')" in shown


class TestHostileText:
    """Nothing that an article says is read as markup."""

    @given(st.text(max_size=50))
    def test_a_block_of_data_has_no_end_in_it_and_reads_back(self, text: str) -> None:
        block = json_block({"title": text + HOSTILE})
        assert not re.search("[<>&\u2028\u2029\ud800-\udfff]", block)
        assert json.loads(block) == {"title": text + HOSTILE}

    def test_hostile_titles_leave_the_page_with_its_own_scripts(self, data: dict[str, Any]) -> None:
        hostile = copy.deepcopy(data)
        for article in hostile["articles"]:
            article["title"] = HOSTILE.replace("\ud800", "")
        assert render(hostile).count("<script") == render(data).count("<script")

    def test_compressed_data_read_back(self, data: dict[str, Any]) -> None:
        page = render(data, max_plain_bytes=0)
        block = re.search(r'id="data" data-packing="gzip">([^<]*)</script>', page)[1]
        shown = json.loads(gzip.decompress(base64.b64decode(block)))
        assert shown["articles"] == data["articles"]
        assert compress("a") == compress("a")


class TestUtf16Offsets:
    """A browser counts UTF-16 units."""

    @given(st.text(max_size=30), st.data())
    def test_an_offset_counts_the_units_before_it(self, text: str, draw: st.DataObject) -> None:
        offset = draw.draw(st.integers(0, len(text)))
        units = len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
        assert Utf16Offsets(text)(offset) == units


class TestSearchIndex:
    """A word of either language leads to the articles of both."""

    def articles(self, data: dict[str, Any], form: str) -> set[int]:
        index = data["search"]
        found: set[int] = set()
        for concept in index["forms"].get(form, ()):
            number = 0
            for step in index["postings"][concept]:
                number += step
                found.add(number)
        return found

    @pytest.mark.parametrize(
        ("en", "zh"),
        [
            ("australia", "澳洲"),
            ("soybeans", "大豆"),
            ("pakistan", "巴基斯坦"),
            ("greenlandic", "格陵兰岛"),
            ("european union", "欧盟"),
            ("supply", "供应"),
        ],
    )
    def test_both_names_lead_to_the_same_articles(self, data: dict[str, Any], en: str, zh: str) -> None:
        assert self.articles(data, en) == self.articles(data, zh) != set()

    def test_an_article_that_prints_a_name_is_found_by_the_other(self, data: dict[str, Any]) -> None:
        found = self.articles(data, "australia")
        for number, article in enumerate(data["articles"]):
            if "澳大利亚" in article["body"] or "Australia" in article["body"]:
                assert number in found

    def test_a_form_that_no_ending_tells_leads_where_its_lemma_does(self, data: dict[str, Any]) -> None:
        forms = data["search"]["forms"]
        pairs = [("bought", "buy"), ("held", "hold"), ("built", "build"), ("broken", "break"), ("crises", "crisis")]
        assert [forms[form] for form, _ in pairs] == [forms[lemma] for _, lemma in pairs]

    def test_a_word_does_not_lead_to_its_rarer_senses(self, data: dict[str, Any], study: Study) -> None:
        """What a dictionary gives as one sense of five is no name of it."""
        vectorizer = study.state.vectorizer
        for form, concepts in data["search"]["forms"].items():
            mentions = vectorizer.lexicon_.mentions(vectorizer.segmenter_.tokenize(form))
            assert len(concepts) <= max(2, len(mentions)), form


class TestKeyFindings:
    """What stands at the top is counted, not written."""

    @pytest.fixture(scope="class")
    def answers(self, study: Study, data: dict[str, Any]) -> dict[str, Answer]:
        return {answer.key: answer for answer in KeyFindings(study, data).answers()}

    def test_it_answers_the_questions_of_a_reader_in_a_hurry(self, answers: dict[str, Answer]) -> None:
        assert {"who_depends", "controls_when", "who_could_supply", "where_disagree", "how_sure"} == set(answers)

    def test_it_says_of_how_many_articles_it_speaks(self, study: Study, answers: dict[str, Answer]) -> None:
        table = study.themes["us_dependence"].strength
        n = int((table["strength"] >= 2).sum())
        assert f"in {n} of 34 articles" in answers["who_depends"].sentences[0].text.en
        assert f"34 篇中有 {n} 篇" in answers["who_depends"].sentences[0].text.zh

    def test_every_link_leads_to_the_words_that_say_it(self, data: dict[str, Any], answers: dict[str, Answer]) -> None:
        articles = {article["id"]: article for article in data["articles"]}
        claims = {(claim["article_id"], claim["at"]): claim for claim in data["claims"]}
        links = [link for answer in answers.values() for sentence in answer.sentences for link in sentence.links]
        assert len(links) > 20
        for link in links:
            quote = link.quote
            if quote.at.startswith("c"):
                claim = claims[quote.article, quote.at]
                assert claim["printed"] in quote.text
                continue
            passage = next(passage for passage in data["evidence"][quote.article] if passage["at"] == quote.at)
            assert articles[quote.article][passage["field"]][passage["start"] : passage["end"]] == quote.text

    def test_it_says_by_how_much_a_country_depends(self, study: Study, answers: dict[str, Answer]) -> None:
        said = {
            sentence.text.en.removesuffix(" relies on China for:"): [link.text.en for link in sentence.links]
            for sentence in answers["who_depends"].sentences
        }
        table = study.claims.table
        for concept, name in (("usa", "U.S."), ("japan", "Japan"), ("russia", "Russia")):
            shares = table[table["subject"].str.fullmatch(rf"dependence share · \w+ · {concept}")]
            shares = shares[(shares["tense"] != "history")]
            assert {f"{value:g}%" for value in shares["value"]} == {
                next(word for word in text.split() if word.endswith("%")) for text in said[name]
            }
        assert "over 90% of rare earth compounds (2023)" in said["U.S."]

    def test_dated_acts_on_minerals_stand_in_order_of_time(self, study: Study, answers: dict[str, Answer]) -> None:
        said = {sentence.text.en: sentence.links[0].text.en for sentence in answers["controls_when"].sentences[1:]}
        assert [*said][:3] == ["Earlier, 2010:", "May 2025:", "9 Oct 2025 (elsewhere 2023):"]
        assert said["May 2025:"] == "China tightened controls on antimony and gallium"
        # An act of India says not on what, and what the United States do about chips is none of the field.
        events = study.events
        others = events[events["date"].astype(bool) & ~events["object"].str.contains("rare_earths|antimony")]
        assert {*others["actor"]} == {"india"}

    def test_a_day_that_articles_put_in_different_years_is_one_act(self, answers: dict[str, Answer]) -> None:
        """One article of the embedded pages prints 2023 for what the others date to 2025."""
        said = [sentence.text for sentence in answers["controls_when"].sentences]
        assert Label(zh="2025年10月9日（另一说2023年）：", en="9 Oct 2025 (elsewhere 2023):") in said
        assert not any("9 Oct 2023" in text.en for text in said)

    def test_no_statement_leaves_open_who_or_what(self, study: Study, answers: dict[str, Answer]) -> None:
        groups = {claim.claim_id: claim.subject for claim in study.claims.claims}
        for answer in ("who_depends", "where_disagree"):
            for sentence in answers[answer].sentences:
                links = [link for link in sentence.links if link.quote.at.startswith("c")]
                claims = {f"{link.quote.article}#{int(link.quote.at[1:]):02d}" for link in links}
                if claims and "cannot be right" not in sentence.text.en:
                    assert any(groups[claim].object and groups[claim].place for claim in claims), sentence.text.en
        assert all(link.text.en for answer in answers.values() for one in answer.sentences for link in one.links)

    def test_a_disagreement_shows_every_value(self, study: Study, answers: dict[str, Answer]) -> None:
        """Side by side and never averaged, smallest first, each linked to its number in the text."""
        sentences = answers["who_depends"].sentences
        sentence = next(one for one in sentences if one.text.en.startswith("China's share of rare earth processing"))
        table = study.claims.disagreements
        group = table[table["group"] == "processing share · rare_earths · china"].sort_values("value", kind="stable")
        numbers = [link.text.en for link in sentence.links]
        values = [float(re.search(r"[\d.]+", number)[0]) for number in numbers]
        today = [value for value, number in zip(values, numbers, strict=True) if not number.startswith("formerly")]
        assert today == sorted(today)
        assert values[: len(today)] == today
        assert set(values) == set(group["value"])
        assert all(link.quote.at.startswith("c") for link in sentence.links)

    def test_a_country_is_named_by_the_most_definite_that_is_said_of_it(
        self, study: Study, answers: dict[str, Answer]
    ) -> None:
        table = study.suppliers
        suppliers = table[table["role"] == "supplier"]
        named = {
            sentence.text.en: [link.text.en.partition(" (")[0] for link in sentence.links]
            for sentence in answers["who_could_supply"].sentences
        }
        running = suppliers.loc[suppliers["status"] == "running", "country"].unique()
        assert set(named["Supply today:"]) == {study.themes.country_label(name).en for name in running}
        assert not set(named["Supply today:"]) & set(named["Only plan to, or are courted:"])
        buyers = {*table["country"]} - {*suppliers["country"]} - {*table.loc[table["role"] == "transit", "country"]}
        assert not {study.themes.country_label(name).en for name in buyers} & {*chain(*named.values())}


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("产量超过85亿美元", "超过85亿美元", "over US$8.5bn"),
        ("investment of at least five years", "至少5年", "at least 5 years"),
        ("a share of 60%-70%", "60%至70%", "60–70%"),
        ("exports fell 5.6%", "−5.6%", "−5.6%"),
        ("exports rose 5.6%", "+5.6%", "+5.6%"),
        ("投资7000亿卢布", "7000亿卢布", "RUB 700bn"),
        ("近9成要送到国外加工", "近90%", "nearly 90%"),
        ("每年3000吨", "每年3000吨", "3,000 tonnes per year"),
        ("some 280,000 people", "约28万人", "about 280,000 people"),
        ("the price is $60 per kilogram", "每公斤60美元", "US$60 per kg"),
        ("one month", "1个月", "1 month"),
        ("a third of the exports", "33.33%", "33.33%"),
        ("99.9999% pure", "99.9999%", "99.9999%"),
    ],
)
def test_a_number_is_worded_as_readers_of_either_language_write_it(text: str, zh: str, en: str) -> None:
    (quantity,) = find_quantities(text)[0]
    assert number_wording(quantity) == (zh, en)


def test_a_number_that_is_a_date_is_worded_as_precisely_as_it_is_known() -> None:
    (quantity,) = find_quantities("one year")[0]
    date = replace(quantity, kind="date", unit="", value=1990)
    assert number_wording(date) == ("1990年", "1990")
    assert number_wording(date, as_of="1990s") == ("1990年代", "1990s")
    assert number_wording(date, as_of="1990-10-09") == ("1990年10月9日", "9 Oct 1990")


@pytest.mark.parametrize(
    ("date", "zh", "en"),
    [
        ("2025-10-09", "2025年10月9日", "9 Oct 2025"),
        ("2025-10", "2025年10月", "Oct 2025"),
        ("2025", "2025年", "2025"),
        ("2025-Q3", "2025年第三季度", "Q3 2025"),
        ("1990s", "1990年代", "1990s"),
        ("", "", ""),
        ("2025-H1", "2025-H1", "2025-H1"),
    ],
)
def test_a_date_is_worded_as_readers_of_either_language_write_it(date: str, zh: str, en: str) -> None:
    assert date_wording(date) == (zh, en)


def test_every_warning_of_the_embedded_pages_is_said_in_chinese(study: Study) -> None:
    assert study.warnings
    for warning in study.warnings:
        assert re.search("[一-鿿]", warning_wording(warning).zh)
        assert warning_wording(warning).en == warning


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("3 topics dropped: they did not come back, or led fewer than two articles", "舍去 3 个主题"),
        ("2 of the 5 clusters asked for hold two articles or more", "所要求的 5 个聚类中，只有 2 个"),
        (
            "a1 tells the story of b2 again (translation, similarity 0.91); shares count it once",
            "a1 是 b2 的译稿（相似度 0.91）",
        ),
    ],
)
def test_a_warning_keeps_its_numbers_and_names(en: str, zh: str) -> None:
    assert warning_wording(en).zh.startswith(zh)


def test_a_warning_that_has_no_chinese_form_stays() -> None:
    assert warning_wording("a.txt:3: no date") == ("a.txt:3: no date", "a.txt:3: no date")


def test_a_publisher_has_its_name_in_both_languages() -> None:
    assert source_label("Sou Hu Cai Jing") == ("搜狐财经", "Sohu Finance")
    assert source_label("The Invented Herald") == ("The Invented Herald", "The Invented Herald")
    assert len({name.lower() for name in source_names()}) == len(source_names())


class TestEvidence:
    """Every passage that the page marks is where the quote stands."""

    def test_evidence_slices_back(self, study: Study, data: dict[str, Any]) -> None:
        articles = {article["id"]: article for article in data["articles"]}
        sliced = {
            (article, theme, articles[article][passage["field"]][passage["start"] : passage["end"]])
            for article, passages in data["evidence"].items()
            for passage in passages
            for theme in passage["themes"]
        }
        table = study.themes.evidence
        assert sliced == set(zip(table["article_id"], table["theme"], table["quote"], strict=True))

    def test_acts_slice_back_and_stand_by_date(self, study: Study, data: dict[str, Any]) -> None:
        articles = {article["id"]: article for article in data["articles"]}
        quotes = [articles[row["article"]][row["field"]][row["start"] : row["end"]] for row in data["acts"]]
        assert sorted(quotes) == sorted(study.events["quote"])
        assert [row["date_en"] for row in data["acts"] if row["date_en"]][:3] == ["2010", "9 Oct 2023", "May 2025"]
        assert not data["acts"][-1]["date_en"]


class TestClaims:
    """Numbers stand where they are marked, and in both languages."""

    def test_claims_and_their_quotes_slice_back(self, study: Study, data: dict[str, Any]) -> None:
        articles = {article["id"]: article for article in data["articles"]}
        passages = {passage.passage_id: passage.text for passage in study.corpus.passages}
        table = study.claims.table.set_index("claim_id")
        assert len(data["claims"]) == len(table)
        for claim in data["claims"]:
            text = articles[claim["article_id"]]["title" if claim["field"] == "title" else "body"]
            start, end = claim["quote"]
            assert text[claim["start"] : claim["end"]] == table.loc[claim["claim_id"], "printed"]
            assert text[start:end] == passages[table.loc[claim["claim_id"], "passage_id"]]

    def test_every_disagreement_is_there_with_its_verdict(self, study: Study, data: dict[str, Any]) -> None:
        table = study.claims.disagreements
        assert {
            (group["group"], group["verdict"], claim) for group in data["disagreements"] for claim in group["claims"]
        } == set(zip(table["group"], table["verdict"], table["claim_id"], strict=True))

    def test_dates_that_publication_contradicts_are_a_group_of_dates(self, data: dict[str, Any]) -> None:
        """Whatever they are of: the group has no subject of its own."""
        (group,) = (one for one in data["disagreements"] if one["verdict"] == "contradicts publication")
        assert (group["subject_en"], group["subject_zh"]) == ("dates that cannot be right", "不可能正确的日期")

    def test_a_subject_has_a_name_in_both_languages(self, data: dict[str, Any]) -> None:
        group = next(g for g in data["disagreements"] if g["group"] == "processing share · rare_earths · china")
        assert group["subject_en"] == "China's share of rare earth processing"
        assert group["subject_zh"] == "中国稀土加工占比"

    def test_every_kind_and_verdict_has_its_word(self) -> None:
        keys = [f"kind_{kind}" for kind in KINDS] + [f"verdict_{verdict}" for verdict in VERDICTS]
        assert {key.replace(" ", "_") for key in keys} <= set(messages())


class TestFont:
    """The page brings the characters it shows."""

    def test_every_character_of_the_page_is_in_it(self, html: str) -> None:
        """Of its data, and of what it says of them: also of the warnings, in Chinese."""
        from fontTools.ttLib import TTFont

        from rare_topics.plots.style import font_path

        text = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", html, flags=re.DOTALL)
        whole = set(TTFont(font_path()).getBestCmap())
        file = io.BytesIO(base64.b64decode(re.search(r'url\("data:font/woff2;base64,([^"]+)"\)', html)[1]))
        assert {ord(char) for char in text if char not in NEVER_IN_FONT} & whole <= set(TTFont(file).getBestCmap())


class TestMessages:
    """The page speaks both languages."""

    def test_every_text_is_there_in_both(self) -> None:
        assert all(set(entry) == {"en", "zh"} and all(entry.values()) for entry in messages().values())

    def test_every_text_that_the_page_uses_is_there(self) -> None:
        template = (ASSETS / "page.html").read_text("utf-8")
        scripts = "".join(path.read_text("utf-8") for path in ASSETS.glob("*.js"))
        used = {*re.findall(r'\bt\("(\w+)"\)', template), *re.findall(r'\bmessage\("(\w+)"\)', scripts), *SECTIONS}
        assert used <= set(messages())


@pytest.mark.skipif(not shutil.which("node"), reason="no node to check scripts with")
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_sound(script: str) -> None:
    subprocess.run(["node", "--check", str(ASSETS / script)], check=True)
