"""Specification of the segmenter: exact tokens, their offsets, and one result whichever engine cuts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from rare_topics.corpus.corpus import Corpus
from rare_topics.text import jieba_engines as engines
from rare_topics.text import token_patterns as patterns
from rare_topics.text.segmenter import Segmenter
from rare_topics.text.token_patterns import TOKEN_PATTERN, normalize_characters, to_simplified
from rare_topics.text.tokenizer import TextTokens, Token

# Characters of the news, so that words of the dictionary come up. None stands twice in a text: in a text
# that repeats itself two cuts can be equally likely, and then the last bit of a logarithm decides.
NEWS = "稀土美国中日对华关税出口管制价格上涨磁材企业的是在不了有和人这大为个到说们子发展经济技术公司市场"
NEWS_TEXT = st.lists(st.sampled_from(NEWS), max_size=40, unique=True).map("".join)
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
HAN_TEXT = st.lists(HAN, max_size=40, unique=True).map("".join)
MIXED = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(["稀土", "中 国", "U.S.", "F-35", "$10 - $15 billion", "3.5%", "[1]", " ", "A.", "2.1万项"])
        | st.sampled_from(["é", "'s", "-", "萬", "\U00020000", "1", "a", "·", "\n", "５Ｇ", "’s", "CRML.US", "至"]),
        max_size=30,
    ).map("".join),
)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    """Give the segmenter of the package."""
    return Segmenter()


def texts(text: str, segmenter: Segmenter | None = None) -> list[str]:
    """Give the tokens' texts."""
    return [token.text for token in (segmenter or Segmenter()).tokenize(text)]


def kinds(text: str) -> list[tuple[str, str]]:
    """Give each token with its kind."""
    return [(token.text, token.kind) for token in Segmenter().tokenize(text)]


class TestExactTokens:
    """Planted texts and the tokens they must give."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", []),
            (" - [3][13] ... ", []),
            ("镜子很贵", ["镜子", "很", "贵"]),
            ("The U.S. and the US agree.", ["The", "U.S.", "and", "the", "US", "agree"]),
            ("U.S.A. pays", ["U.S.A.", "pays"]),
            ("neodymium-iron-boron magnets", ["neodymium", "iron", "boron", "magnets"]),
            ("China's and miners' output", ["China", "and", "miners", "output"]),
            ("China’s output", ["China", "output"]),
            ("R&D costs", ["R&D", "costs"]),
            ("Côte d'Azur", ["Côte", "d'Azur".partition("'")[0], "Azur"]),
            ("COVID-19 and MP Materials(MP.US)", ["COVID-19", "and", "MP", "Materials", "MP.US"]),
        ],
    )
    def test_words(self, text: str, expected: list[str]) -> None:
        """Latin words, abbreviations, possessives."""
        assert texts(text) == expected

    @pytest.mark.parametrize(
        "amount",
        [
            "$10 - $15 billion",
            "$10-15 billion",
            "US$3.5 million",
            "99.9999%",
            "980,000",
            "1.2 trillion",
            "12%",
            "1990s",
            "15th",
            "2.1万项",
            "4亿美元",
            "7000亿",
            "2025年",
            "10月",
            "3至5年",
            "150吨",
            "€3 million",
        ],
    )
    def test_an_amount_is_one_number(self, amount: str) -> None:
        """With its sign, scale and unit; alone, in English and within Chinese."""
        for before, after in (("", ""), ("about ", " now"), ("约", ",其余")):
            found = kinds(before + amount + after)
            assert (amount, "number") in found
            assert len(found) == len(kinds(before)) + 1 + len(kinds(after))

    @pytest.mark.parametrize("code", ["F-35", "5G", "CRML.US", "600111.SH", "B-2", "Su-57", "GPT-4"])
    def test_a_code_is_one_token(self, code: str) -> None:
        """Also between Han characters, where no space is printed."""
        for text in (code, f"the {code} is", f"购买{code}战机", f"({code})"):
            assert (code, "code") in kinds(text)

    @pytest.mark.parametrize("numeral", ["十五年", "三千吨", "几百亿", "第二"])
    def test_chinese_numerals_are_numbers(self, numeral: str) -> None:
        """And name no subject."""
        assert {kind for _, kind in kinds(numeral)} == {"number"}

    def test_a_wrapped_word_is_repaired(self, segmenter: Segmenter) -> None:
        """Its token knows where it is printed, space and all."""
        text = "提高关 税的决定"
        (token,) = [token for token in segmenter.tokenize(text) if token.text == "关税"]
        assert text[token.start : token.end] == "关 税"

    @pytest.mark.parametrize("gap", ["  ", "\n", "\n\n", "。", ","])
    def test_what_is_no_wrap_divides_words(self, segmenter: Segmenter, gap: str) -> None:
        """Two spaces, a line end or a mark."""
        assert "关税" not in texts(f"关{gap}税", segmenter)

    def test_full_width_characters_are_folded(self) -> None:
        """As the same text in ASCII."""
        assert kinds("５Ｇ技术,３．５％,＄１００") == kinds("5G技术,3.5%,$100")

    def test_scales_hold_before_han_characters(self) -> None:
        """`billion` needs no space behind it."""
        assert kinds("花费10 billion美元")[-1] == ("10 billion美元", "number")

    def test_words_of_the_lexicon_are_kept_whole(self, segmenter: Segmenter) -> None:
        """A private dictionary knows them."""
        assert "出口管制" in texts("实施出口管制的国家", segmenter)

    def test_words_of_the_user_are_kept_whole(self) -> None:
        """Instead of those of the lexicon."""
        assert "钕磁圈" not in texts("买钕磁圈的人", Segmenter(words=()))
        assert "钕磁圈" in texts("买钕磁圈的人", Segmenter(words=("钕磁圈",)))

    def test_words_of_one_segmenter_do_not_reach_another(self) -> None:
        """Nor jieba's global dictionary."""
        Segmenter(words=("上涨的",)).tokenize("上涨的价格")
        assert "上涨的" not in texts("上涨的价格", Segmenter(words=()))


class TestLaws:
    """What holds for every text."""

    @given(MIXED)
    def test_tokens_slice_back(self, text: str) -> None:
        """What is looked up is what is printed, but for wraps, possessives, width and script."""
        for token in Segmenter().tokenize(text):
            printed = text[token.start : token.end]
            assert printed
            if printed.isascii() and "'" not in printed:
                assert token.text == printed
            if token.kind == "han":
                assert token.text == to_simplified(printed.replace(" ", ""))

    @given(MIXED)
    def test_tokens_stand_in_order_and_apart(self, text: str) -> None:
        """No character is counted twice."""
        tokens = Segmenter().tokenize(text)
        assert all(one.end <= other.start for one, other in pairwise(tokens))
        assert {token.kind for token in tokens} <= {"han", "latin", "number", "code"}

    @given(MIXED)
    def test_no_letter_is_lost(self, text: str) -> None:
        """Every letter and digit outside citation marks stands in a token."""
        covered = [False] * len(text)
        for token in Segmenter().tokenize(text):
            covered[token.start : token.end] = [True] * (token.end - token.start)
        rest = "".join(char if not seen else " " for char, seen in zip(text, covered, strict=True))
        assert not any(char.isascii() and char.isalpha() for char in rest)
        assert not any("\u4e00" <= char <= "\u9fff" for char in rest)

    @given(st.one_of(HAN_TEXT, NEWS_TEXT, MIXED))
    def test_traditional_text_gives_the_tokens_of_its_simplified_twin(self, text: str) -> None:
        """Character for character."""
        assert Segmenter().tokenize(text) == [
            token._replace(text=to_simplified(token.text)) for token in Segmenter().tokenize(to_simplified(text))
        ]

    @pytest.mark.parametrize(
        ("traditional", "simple"),
        [("稀土價格上漲", "稀土价格上涨"), ("出口3萬噸", "出口3万吨"), ("對華關稅", "对华关税")],
    )
    def test_traditional_words(self, traditional: str, simple: str) -> None:
        """In words and in amounts."""
        assert kinds(traditional) == kinds(simple)

    @given(st.text())
    def test_simplifying_keeps_the_length_and_is_done_once(self, text: str) -> None:
        """So that offsets hold."""
        once = to_simplified(text)
        assert len(once) == len(text)
        assert to_simplified(once) == once


class TestEngines:
    """rjieba gives jieba's tokens, token for token."""

    WORDS = ("钕磁圈", "稀土美国", "出口管制价格", "中重稀土", "对华", "的是", "在不了")

    @pytest.fixture(autouse=True)
    def _needs_rjieba(self) -> None:
        pytest.importorskip("rjieba")

    @pytest.mark.parametrize("words", [None, (), WORDS], ids=["lexicon", "none", "user"])
    def test_on_all_text_of_the_seeds(self, seeds: Corpus, words: tuple[str, ...] | None) -> None:
        """With the lexicon's words, without, and with the user's."""
        fast, plain = Segmenter(words, engine="rjieba"), Segmenter(words, engine="jieba")
        for article in seeds:
            for text in (article.title, article.body):
                assert fast.tokenize(text) == plain.tokenize(text)

    @pytest.mark.parametrize("words", [None, (), WORDS], ids=["lexicon", "none", "user"])
    @given(text=st.one_of(HAN_TEXT, NEWS_TEXT, MIXED))
    def test_on_any_text(self, text: str, words: tuple[str, ...] | None) -> None:
        """Of rare characters and of common ones."""
        assert Segmenter(words, engine="rjieba").tokenize(text) == Segmenter(words, engine="jieba").tokenize(text)

    @settings(max_examples=6)
    @given(st.lists(st.integers(2, 5), min_size=1, max_size=4), NEWS_TEXT)
    def test_with_words_cut_from_the_text(self, lengths: list[int], text: str) -> None:
        """Whatever the user wants kept whole."""
        words = tuple(text[at : at + length] for at, length in enumerate(lengths) if len(text[at:]) >= length)
        cuts = [Segmenter(words, engine=engine).tokenize(text) for engine in ("rjieba", "jieba")]  # type: ignore[arg-type]
        assert cuts[0] == cuts[1]

    def test_words_that_the_dictionary_knows_are_not_counted_twice(self) -> None:
        """The total of the frequencies decides between a word and its parts."""
        text = "管理方面,特别是在释放出时,工业产品和铁路部门的大型活动,诸方面的分析报告,数万人"
        assert Segmenter(engine="rjieba").tokenize(text) == Segmenter(engine="jieba").tokenize(text)


class TestTheEstimator:
    """A step of a scikit-learn pipeline."""

    def test_it_is_cloned_and_transforms_without_fit(self) -> None:
        """It learns nothing."""
        segmenter = clone(Segmenter(words=("钕磁圈",)))
        assert segmenter.fit([]) is segmenter
        assert segmenter.transform(["钕磁圈", ""]) == [[Token("钕磁圈", 0, 3, "han")], []]

    @pytest.mark.parametrize("engine", ["auto", "jieba"])
    @pytest.mark.parametrize(
        "unit", ["中", "龘", "中 ", "一", "a", "a1", "a-", "1", "1,", "$1-", "1万", "[1", "A.", "a'", "USD ", "a "]
    )
    def test_a_hostile_text_is_read_to_its_end(self, unit: str, engine: str) -> None:
        """Even where no mark divides it, and twice the text gives no more than twice the tokens."""
        segmenter = Segmenter(engine=engine)  # type: ignore[arg-type]
        once, twice = (len(segmenter.tokenize(unit * times)) for times in (15_000, 30_000))
        assert twice <= 2 * once + 2

    def test_no_engine_is_given_a_run_without_end(self) -> None:
        """jieba's time grows with the square of a run."""
        given_to = []
        cut_run = engines.limit_run_length(lambda run: given_to.append(run) or [run])
        assert "".join(cut_run("中" * 1000 + "\u3400" * 3 + "国" * 700)) == "中" * 1000 + "\u3400" * 3 + "国" * 700
        assert max(map(len, given_to)) == 300


class TestTokenTable:
    """Many texts at once are read as one by one."""

    @staticmethod
    def one_by_one(texts: list[str], segmenter: Segmenter) -> list[list[Token]]:
        table = segmenter.token_table(texts)
        return [list(TextTokens(table, start, end)) for start, end in pairwise(table.bounds.tolist())]

    @given(st.lists(st.one_of(MIXED, NEWS_TEXT), max_size=5))
    def test_they_hold_the_tokens_of_each_text(self, texts: list[str]) -> None:
        """Text, kind and offsets, whatever stands beside it."""
        assert self.one_by_one(texts, Segmenter()) == Segmenter().transform(texts)

    def test_on_the_seeds(self, seeds: Corpus, segmenter: Segmenter) -> None:
        texts = [passage.text for passage in seeds.passages]
        assert self.one_by_one(texts, segmenter) == segmenter.transform(texts)

    @pytest.mark.parametrize("texts", [[], [""], ["", "", ""], ["5\x00billion", "AUD ", "5"]])
    def test_texts_never_run_into_each_other(self, texts: list[str]) -> None:
        assert self.one_by_one(texts, Segmenter()) == Segmenter().transform(texts)

    @pytest.mark.parametrize("text", ["稀土价格三年月涨", "万吨吨,三日", "三 年 月", "關稅 與 5年", "年月"])
    def test_a_unit_behind_a_numeral_is_a_number(self, text: str) -> None:
        """As often as units follow each other, within a run."""
        assert self.one_by_one([text], Segmenter()) == [Segmenter().tokenize(text)]

    def test_words_remember_how_they_are_printed(self, segmenter: Segmenter) -> None:
        """Wraps, script, width and possessives."""
        printed = {word.text: word.printed for word in segmenter.token_table(["關 稅, China's ５Ｇ"]).words}
        assert printed == {"关税": "關 稅", "China": "China's", "5G": "５Ｇ"}

    @given(st.one_of(MIXED, st.text()))
    def test_the_text_of_a_token_tells_its_kind(self, text: str) -> None:
        """No two patterns find the same text."""
        for found in TOKEN_PATTERN.findall(normalize_characters(text)):
            kinds = {name for name, pattern in patterns._KINDS.items() if pattern.fullmatch(found)}
            assert len(kinds) == 1
