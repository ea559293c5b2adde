"""Specification of the lexicon: which words name which concept, and which name none."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rare_topics.corpus.corpus import Corpus
from rare_topics.errors import InputError
from rare_topics.lexicon import AskedConcepts, Lexicon
from rare_topics.lexicon.cedict import Glosses
from rare_topics.lexicon.lemmas import lemma, stop_words
from rare_topics.lexicon.lexicon import MAX_PART_LENGTH
from rare_topics.lexicon.many_texts import mentions_of_texts
from rare_topics.text.lexicon_file import LEXICON_COLUMNS
from rare_topics.text.segmenter import Segmenter
from rare_topics.text.tokenizer import Token

HEADER = "\t".join(LEXICON_COLUMNS)
LINES = [
    "# a dictionary of our own",
    "鏡子 镜子 [jing4 zi5] /mirror/CL:面[mian4]/",
    "打 打 [da3] /to beat/to strike; to hit/(coll.) to play (a game)/",
    "王 王 [Wang2] /surname Wang/",
    "王 王 [wang2] /king/",
    "老 老 [lao3] /variant of 佬[lao3]/old (of people)/see also 老人[lao3 ren2]/",
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    """Give the lexicon of the package."""
    return Lexicon()


@pytest.fixture(scope="module")
def glosses() -> Glosses:
    """Give the CC-CEDICT that a dependency carries."""
    return Glosses()


def concepts(text: str, lexicon: Lexicon) -> list[str]:
    """Give the concepts of a text, in order."""
    tokens = Segmenter(words=lexicon.words).tokenize(text)
    return [mention.concept for mention in lexicon.mentions(tokens)]


class TestCountries:
    """Short forms count within compounds, and only where they mean the country."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("中美", {"china", "usa"}),
            ("中美俄", {"china", "usa", "russia"}),
            ("中俄", {"china", "russia"}),
            ("美方", {"usa"}),
            ("美国", {"usa"}),
            ("日方", {"japan"}),
            ("对华", {"china"}),
            ("对美", {"usa"}),
            ("访美", {"usa"}),
            ("俄军", {"russia"}),
            ("俄羅斯", {"russia"}),
            ("U.S.-China", {"usa", "china"}),
            ("US", {"usa"}),
            ("U.S.", {"usa"}),
            ("the United States of America", {"usa"}),
            ("Russian", {"russia"}),
            ("中欧", {"china", "eu"}),
        ],
    )
    def test_a_word_names_its_countries(self, lexicon: Lexicon, text: str, expected: set[str]) -> None:
        """And nothing else."""
        assert set(concepts(text, lexicon)) == expected

    def test_the_four_of_the_quad_are_named_one_way_or_the_other(self, lexicon: Lexicon) -> None:
        """As four countries or as their alliance."""
        found = set(concepts("美日澳印", lexicon))
        assert found in ({"usa", "japan", "australia", "india"}, {"quad"})
        assert {"usa", "japan", "india"} <= set(concepts("美日印", lexicon)) | {"quad"}

    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ("内蒙古的矿山", "mongolia"),
            ("Inner Mongolia", "mongolia"),
            ("mines of New South Wales", "wales"),
            ("CRML.US", "usa"),
            ("(ABC.US)", "usa"),
            ("it gives us time", "usa"),
            ("Us and them", "usa"),
            ("let us go", "usa"),
            ("加法", "canada"),
            ("加法", "france"),
            ("未来日子", "japan"),
            ("以巴冲突", "pakistan"),
            ("土产", "turkey"),
            ("中学", "china"),
        ],
    )
    def test_a_word_that_only_looks_like_a_country_is_none(self, lexicon: Lexicon, text: str, wrong: str) -> None:
        """Case, longer names and the dictionary tell."""
        assert wrong not in concepts(text, lexicon)

    def test_short_forms_apart_are_no_compound(self, lexicon: Lexicon) -> None:
        """Only side by side do they stand for countries."""
        assert "china" not in concepts("途中,美景", lexicon)

    @pytest.mark.parametrize(
        ("zh", "en", "concept"), [("基里巴斯", "Kiribati", "kiribati"), ("瑙鲁", "Nauru", "nauru")]
    )
    def test_countries_the_lexicon_does_not_list_are_known(
        self, lexicon: Lexicon, zh: str, en: str, concept: str
    ) -> None:
        """By the names of CLDR, with their labels."""
        assert concepts(zh, lexicon) == concepts(en, lexicon) == [concept]
        assert (lexicon.label(concept, "zh"), lexicon.label(concept, "en")) == (zh, en)

    def test_no_country_is_known_twice(self, lexicon: Lexicon) -> None:
        """CLDR's name for one of the lexicon's leads to it."""
        assert "united_states" not in lexicon.concepts
        assert set(concepts("Türkiye 土耳其 Turkey", lexicon)) == {"turkey"}


class TestForms:
    """Domain forms go before all else."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("rare earths", ["rare_earths"]),
            ("rare-earth", ["rare_earths"]),
            ("Rare Earth", ["rare_earths"]),
            ("稀土", ["rare_earths"]),
            ("tariffs", ["tariff"]),
            ("关税", ["tariff"]),
            ("關稅", ["tariff"]),
            ("关 税", ["tariff"]),
            ("内蒙古", ["inner_mongolia"]),
            ("New South Wales", ["new_south_wales"]),
        ],
    )
    def test_both_languages_meet(self, lexicon: Lexicon, text: str, expected: list[str]) -> None:
        """In one concept, whatever the number, case and script."""
        assert concepts(text, lexicon) == expected

    def test_a_mention_knows_its_words(self, lexicon: Lexicon) -> None:
        """Its offsets span all of them."""
        text = "In New South Wales, miners wait."
        (mention,) = [m for m in lexicon.mentions(Segmenter().tokenize(text)) if m.concept == "new_south_wales"]
        assert (text[mention.start : mention.end], mention.weight) == ("New South Wales", 1.0)

    @pytest.mark.parametrize("text", ["so rare. Earth", "rare, earth", "stay in New. South Wales"])
    def test_words_on_both_sides_of_a_mark_are_no_phrase(self, lexicon: Lexicon, text: str) -> None:
        """A form's words stand next to each other."""
        assert not {"rare_earths", "new_south_wales"} & set(concepts(text, lexicon))

    @pytest.mark.parametrize(("text", "expected"), [("入股MP材料公司。", "mp_materials"), ("F-35战机", "f35")])
    def test_a_chinese_form_may_hold_latin_letters(self, lexicon: Lexicon, text: str, expected: str) -> None:
        assert expected in concepts(text, lexicon)

    def test_labels_are_the_first_forms(self, lexicon: Lexicon) -> None:
        """A word that is its own concept is its own label."""
        assert (lexicon.label("rare_earths", "zh"), lexicon.label("tariff", "en")) == ("稀土", "tariff")
        assert lexicon.label("mirror", "zh") == "mirror"

    def test_plurals_of_abbreviations_match(self, tmp_path: Path) -> None:
        """But an abbreviation in lower case does not."""
        own = Lexicon(user_file(tmp_path, "drone\tproduct\t\tUAV\t"))
        assert concepts("UAVs and UAV", own) == ["drone", "drone"]
        assert "drone" not in concepts("uav Uav", own)


def user_file(folder: Path, *lines: str) -> Path:
    """Write a lexicon of the user's own."""
    path = folder / "own.tsv"
    path.write_text("\n".join([HEADER, *lines]), "utf-8")
    return path


class TestTheUsersLexicon:
    """Goes before the package's."""

    def test_its_forms_win(self, tmp_path: Path) -> None:
        """A form that both claim is the user's."""
        own = Lexicon(user_file(tmp_path, "customs\tpolicy\t关税\ttariff\t"))
        assert concepts("关税 tariffs", own) == ["customs", "customs"]

    def test_a_concept_of_both_is_the_users(self, tmp_path: Path) -> None:
        """Its label too."""
        own = Lexicon(user_file(tmp_path, "tariff\tpolicy\t进口关税\timport duty\t"))
        assert own.label("tariff", "zh") == "进口关税"
        assert concepts("进口关税", own) == ["tariff"]

    def test_the_longest_form_wins(self, tmp_path: Path) -> None:
        """Whoever claims the shorter ones."""
        own = Lexicon(
            user_file(
                tmp_path,
                "red_magnet\tproduct\t红磁铁\tred magnet\t",
                "red_magnet_mine\tproject\t红磁铁矿\tred magnet mine\t",
            )
        )
        assert concepts("red magnet mine, red magnets", own) == ["red_magnet_mine", "red_magnet"]
        assert concepts("红磁铁矿,红磁铁", own) == ["red_magnet_mine", "red_magnet"]

    def test_punctuation_of_a_form_may_stand_in_the_text(self, tmp_path: Path) -> None:
        """Only as much of it as the form has."""
        own = Lexicon(user_file(tmp_path, "smith_wu\tcompany\t\tSmith & Wu, Ltd.\t"))
        assert concepts("Smith & Wu, Ltd.", own) == ["smith_wu"]
        assert "smith_wu" not in concepts("Smith left the mine. & Wu, Ltd.", own)

    def test_its_short_forms_make_compounds(self, tmp_path: Path) -> None:
        """With those of the package."""
        own = Lexicon(user_file(tmp_path, "chad\tcountry\t乍得\tChad\t乍"))
        assert set(concepts("中乍", own)) == {"china", "chad"}

    def test_a_broken_file_is_refused(self, tmp_path: Path) -> None:
        """With its line."""
        with pytest.raises(InputError, match=r"own\.tsv:2: unknown category"):
            Lexicon(user_file(tmp_path, "chad\tland\t乍得\tChad\t"))


class TestGeneralWords:
    """What no form covers is glossed, or keeps itself."""

    def test_chinese_and_english_words_meet(self, lexicon: Lexicon) -> None:
        """In the lemma of the gloss."""
        assert concepts("镜子", lexicon) == concepts("mirrors", lexicon) == ["mirror"]

    def test_without_glosses_words_keep_themselves(self) -> None:
        """Domain forms are still concepts."""
        plain = Lexicon(gloss=False)
        assert concepts("镜子和稀土", plain) == ["镜子", "rare_earths"]

    def test_an_unknown_word_keeps_itself(self, lexicon: Lexicon) -> None:
        """In both languages."""
        token = Token("龘靐齉", 0, 3, "han")
        assert lexicon.general_concepts(token) == (("龘靐齉", 1.0),)
        assert concepts("zorblatt", lexicon) == ["zorblatt"]

    @pytest.mark.parametrize(
        "text",
        [
            "Group 1: - [3][13] 2025 3.5% $10 - $15 billion",
            "Core Viewpoint - ",
            "Core Insights - ",
            "Summary by Sections",
            "Group 2 - ",
            "2025年10月 三千吨 第二 2.1万项",
            "of the and is 的 了 和",
            "- ... …",
            "",
        ],
    )
    def test_boilerplate_names_nothing(self, lexicon: Lexicon, text: str) -> None:
        """Labels, marks, numbers and function words."""
        assert set(concepts(text, lexicon)) <= {"point", "section"}

    @given(st.text(st.sampled_from("美中日俄印法加稀土关税镜子打王老来对方军产的是在人一大学生国家发展"), max_size=8))
    def test_the_senses_of_a_word_share_one_weight(self, text: str) -> None:
        """Unless it is a compound that names each of its countries."""
        lexicon = shared_lexicon()
        if not text:
            return
        weights = dict(lexicon.general_concepts(Token(text, 0, len(text), "han")))
        if any(char in "美中日俄印法加" for char in text):
            assert all(0 < weight <= 1 + 1e-9 for weight in weights.values())
        else:
            assert sum(weights.values()) <= 1 + 1e-9

    @given(st.text(max_size=60))
    def test_every_mention_stands_in_the_text(self, text: str) -> None:
        """In order, with a weight of at most 1."""
        mentions = shared_lexicon().mentions(Segmenter(words=shared_lexicon().words).tokenize(text))
        assert all(0 <= m.start < m.end <= len(text) and 0 < m.weight <= 1 for m in mentions)
        assert [m.start for m in mentions] == sorted(m.start for m in mentions)

    def test_nothing_but_concepts_comes_out_of_the_seeds(self, seeds: Corpus, lexicon: Lexicon) -> None:
        """No number, no citation, no label, no stop word of either language."""
        found = {concept for article in seeds for concept in concepts(f"{article.title}\n{article.body}", lexicon)}
        general = found - set(lexicon.concepts)
        assert not any(name.isdigit() or name.startswith("[") for name in found)
        assert not general & stop_words("en")
        assert not {"viewpoint", "core", "group", "insight"} & general

    @pytest.mark.parametrize(
        ("word", "expected"), [("magnets", "magnet"), ("Mines", "mine"), ("U.S.", "us"), ("F-35", "f-35")]
    )
    def test_lemmas(self, word: str, expected: str) -> None:
        """Lower case, singular, without the dots of an abbreviation."""
        assert lemma(word) == expected

    @pytest.mark.parametrize("unit", ["中", "美", "龘", "[1", "rare ", "New South ", "A.", "a-", "中国,"])
    def test_work_grows_with_the_length_of_a_hostile_text(self, lexicon: Lexicon, unit: str) -> None:
        """And not with its square, however many forms it begins: twice the text, twice the tokens looked at."""
        segmenter = Segmenter(words=lexicon.words)
        work = []
        for times in (200, 400):
            tokens = CountingTokens(segmenter.tokenize(unit * times))
            lexicon.mentions(tokens)
            work.append(tokens.n_accesses)
        assert work[1] <= 2 * work[0] + 50

    def test_a_word_without_end_is_searched_for_parts_of_bounded_length(self) -> None:
        """Each character is the start of at most so many parts."""
        looked_up = []

        class CountingGlosses(Glosses):
            # A digest of its own: nothing comes from the cache on disk.
            digest = "counting"

            def __contains__(self, word: str) -> bool:
                looked_up.append(word)
                return super().__contains__(word)

        Lexicon(glosses=CountingGlosses()).general_concepts(Token("龘" * 3000, 0, 3000, "han"))
        assert 0 < len(looked_up) <= 3000 * MAX_PART_LENGTH


class TestManyTexts:
    """What is looked up for many texts at once is what each of them names."""

    PIECES = st.sampled_from(
        ["中美", "中", "美", "稀土", "关税", "打", "银行存款", " rare", " earth", " U.S.", ".", "5%"]
    )

    @given(st.lists(st.lists(PIECES, max_size=8).map("".join), max_size=4))
    def test_words_phrases_and_short_forms(self, texts: list[str]) -> None:
        self.check(texts, shared_lexicon())

    def test_on_the_seeds(self, seeds: Corpus, lexicon: Lexicon) -> None:
        self.check(list(seeds.passages.texts), lexicon)

    @staticmethod
    def check(texts: list[str], lexicon: Lexicon) -> None:
        segmenter = Segmenter(words=lexicon.words)
        found = mentions_of_texts(segmenter.token_table(texts), lexicon, asked=AskedConcepts(lambda _: True))
        assert found == [lexicon.mentions(segmenter.tokenize(text)) for text in texts]


class CountingTokens(list[Token]):
    """Tokens that count how many of them are looked at."""

    n_accesses = 0

    def __getitem__(self, key):
        found = super().__getitem__(key)
        self.n_accesses += len(found) if isinstance(key, slice) else 1
        return found


_SHARED: list[Lexicon] = []


def shared_lexicon() -> Lexicon:
    """Give one lexicon to every example of a property."""
    if not _SHARED:
        _SHARED.append(Lexicon())
    return _SHARED[0]


class TestGlosses:
    """Senses of a CC-CEDICT file."""

    @pytest.mark.parametrize("zipped", [False, True])
    def test_a_release_may_be_plain_or_gzipped(self, tmp_path: Path, zipped: bool) -> None:
        """Both give the same senses."""
        data = "\n".join(LINES).encode()
        path = tmp_path / "cedict.u8"
        path.write_bytes(gzip.compress(data) if zipped else data)
        own = Glosses(path)
        assert own.senses("镜子") == ["mirror"]
        assert own.senses("打") == ["to beat", "to strike", "to hit", "to play"]
        assert "打" in own
        assert own.senses("稀土") == []

    def test_names_and_cross_references_are_no_senses(self, tmp_path: Path) -> None:
        """Where a common word is meant too."""
        path = tmp_path / "cedict.u8"
        path.write_text("\n".join(LINES), "utf-8")
        assert Glosses(path).senses("王") == ["king"]
        assert Glosses(path).senses("老") == ["old"]

    def test_a_users_dictionary_serves_a_lexicon(self, tmp_path: Path) -> None:
        """In place of the one carried."""
        path = tmp_path / "cedict.u8"
        path.write_text("鏡子 镜子 [jing4 zi5] /zorblatt/", "utf-8")
        assert concepts("镜子", Lexicon(glosses=Glosses(path))) == ["zorblatt"]

    def test_the_dictionary_carried_knows_common_words(self, glosses: Glosses) -> None:
        """Without notes on usage."""
        assert "mirror" in glosses.senses("镜子")
        assert not any(sense.startswith(("CL:", "surname", "variant")) for sense in glosses.senses("镜子"))

    @pytest.mark.parametrize("data", [b"", b"hello\n", b"\x1f\x8bbroken", "稀土".encode("gb18030")])
    def test_a_file_that_is_no_dictionary(self, tmp_path: Path, data: bytes) -> None:
        """Is refused in one line."""
        path = tmp_path / "cedict.u8"
        path.write_bytes(data)
        with pytest.raises(InputError) as error:
            Glosses(path)
        assert "cedict.u8" in str(error.value)
        assert "\n" not in str(error.value)


class TestWordSenses:
    """A word of the field that has an everyday sense names the field's thing only among its neighbours."""

    @pytest.mark.parametrize(
        ("text", "concept", "is_named"),
        [
            ("The ore deposit holds 4% nickel.", "ore_deposit", True),
            ("Geologists drilled the deposit for lithium.", "ore_deposit", True),
            ("The deposit lies 300 metres deep.", "ore_deposit", True),
            ("Her bank raised the interest on deposits.", "ore_deposit", False),
            ("银行下调存款利率。", "ore_deposit", False),
            ("他交了押金。", "ore_deposit", False),
            ("Beijing raised the mining quota.", "mining_quota", True),
            ("The second batch of rare earth quotas came late.", "mining_quota", True),
            ("Colombia left its coffee quota unchanged.", "mining_quota", False),
            ("Fishing quotas fell.", "mining_quota", False),
            ("今年的稀土配额增加了。", "mining_quota", True),
            ("牛奶配额取消了。", "mining_quota", False),
            ("澳大利亚出口锂精矿。", "rare_earth_concentrate", False),
            ("越南出口精矿。", "rare_earth_concentrate", True),
            ("Copper futures rose.", "futures", True),
            ("The future of the mine is unclear.", "futures", False),
            ("Nd and Pr magnets", "neodymium", True),
            ("ND net profit 12 cts", "neodymium", False),
            ("LET US PRAY, SAYS BISHOP", "usa", False),
            ("US TARIFFS HIT MAGNET FIRMS", "usa", True),
            ("He sold china cups and saucers.", "china", False),
            ("The plant separates dysprosium.", "factory", True),
            ("Every plant in the garden has a flower.", "factory", False),
            ("这家店不错。", "bad", False),
            ("矿石约5吨。", "treaty", False),
        ],
    )
    def test_a_concept_is_named_only_in_its_sense(self, text: str, concept: str, *, is_named: bool) -> None:
        lexicon = shared_lexicon()
        named = {mention.concept for mention in lexicon.mentions(Segmenter(words=lexicon.words).tokenize(text))}
        assert (concept in named) == is_named
