"""Sixty things that a new user tries, from the habits of scikit-learn, pandas, BERTopic and quanteda.

Each works, or answers in one clear line.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline

import rare_topics as rt
from rare_topics.errors import InputError

DATA = Path(__file__).parent / "data"
LITHIUM = DATA / "lithium.csv"
FRAME = pd.read_csv(LITHIUM, sep=";")
TEXTS = FRAME["正文"].tolist()
MOST_CHARACTERS = 600


@pytest.fixture(scope="module")
def lithium() -> rt.Study:
    """Give a study of thirty invented items on lithium."""
    return rt.Study(n_topics=4, n_clusters=4, random_state=0).fit(LITHIUM)


def fitted(source: Any, **options: Any) -> rt.Study:
    return rt.Study(n_topics=2, n_clusters=2, random_state=0).fit(source, **options)


Try = Callable[[rt.Study], Any]
WORKS: dict[str, Try] = {
    "fit(path)": lambda _: len(fitted(str(LITHIUM)).corpus) == 30,
    "fit(Path)": lambda _: len(fitted(LITHIUM).corpus) == 30,
    "fit(df)": lambda _: len(fitted(FRAME).corpus) == 30,
    "fit(df[df.x == y])": lambda _: len(fitted(FRAME[FRAME["媒体"] == "Cell Review"]).corpus) == 4,
    "fit(df, columns=)": lambda _: len(fitted(FRAME, columns={"text": "标题"}).corpus) == 30,
    "fit(list of texts)": lambda _: len(fitted(TEXTS).corpus) == 30,
    "fit(series)": lambda _: len(fitted(FRAME["正文"]).corpus) == 30,
    "fit(array)": lambda _: len(fitted(np.array(TEXTS)).corpus) == 30,
    "fit(list of dicts)": lambda _: len(fitted(FRAME.to_dict("records")).corpus) == 30,
    "fit(corpus[:20])": lambda s: len(fitted(s.corpus[:20]).corpus) == 20,
    "fit(corpus[mask])": lambda s: len(fitted(s.corpus[[a.body_lang == "en" for a in s.corpus]]).corpus) == 15,
    "fit(corpus.filter())": lambda s: len(fitted(s.corpus.filter(lang="zh", since="2025-02-01")).corpus) == 12,
    "fit(X, y)": lambda _: len(rt.Study(n_topics=2, n_clusters=2).fit(TEXTS, [0] * 30).corpus) == 30,
    "corpus[0]": lambda s: s.corpus[0].title,
    "corpus[-1]": lambda s: s.corpus[-1].title,
    "corpus[id]": lambda s: s.corpus[s.corpus[3].article_id] == s.corpus[3],
    "for article in corpus": lambda s: [article.title for article in s.corpus],
    "len(corpus)": lambda s: len(s.corpus) == 30,
    "repr(study)": lambda s: "30 articles, 4 topics" in repr(s),
    "dir(study)": lambda s: not [name for name in dir(s) if name.startswith("_")],
    "help(study.search)": lambda s: "Find the articles" in s.search.__doc__,
    "clone(study)": lambda s: clone(s).get_params()["n_topics"] == 4,
    "get_params": lambda s: s.get_params()["random_state"] == 0,
    "set_params": lambda _: rt.Study().set_params(n_topics=3).n_topics == 3,
    "copy.copy(study)": lambda s: copy.copy(s).topics.equals(s.topics),
    "topics.head()": lambda s: len(s.topics.head(2)) == 2,
    "topics.to_csv()": lambda s: "label_en" in s.topics.to_csv(),
    "clusters.value_counts": lambda s: s.clusters["cluster"].value_counts().sum() == 30,
    "search(en)": lambda s: s.search("water protests")["title"].tolist(),
    "search(zh)": lambda s: s.search("抗议")["title"].tolist(),
    "search(article)": lambda s: s.search(s.corpus[0], 3)["title"].tolist(),
    "find_topics": lambda s: s.find_topics("recycling")["topic"].tolist(),
    "representative(topic)": lambda s: len(s.representative("topic", 0, n=3)) == 3,
    "representative(cluster)": lambda s: len(s.representative("cluster", 0, n=3)) == 3,
    "predict(text)": lambda s: len(s.predict("Lithium brine in Chile.")) == 1,
    "predict(list)": lambda s: len(s.predict(["Lithium brine in Chile.", "钠电池"])) == 2,
    "kwic": lambda s: {"电池", "battery"} <= set(s.kwic("battery")["keyword"]),
    "keyness": lambda s: "lithium" in set(s.keyness({"source": ["Harbour Metals", "Cell Review"]}, n=99)["concept"]),
    "cooccurrence": lambda s: len(s.cooccurrence(5)) <= 5,
    "collocations": lambda s: s.collocations.columns[0] == "term",
    "topics_over_time(M)": lambda s: len(s.topics_over_time("M")) == 24,
    "topics_by(source)": lambda s: (s.topics_by("source")["p_adjusted"] <= 1).all(),
    "topics_by(series)": lambda s: len(s.topics_by(pd.Series([0, 1] * 15))) == 8,
    "rename_topic": lambda s: s.rename_topic(0, "Brine").topics["label_en"][0] == "Brine",
    "rename_cluster": lambda s: "Brine" in set(s.rename_cluster(0, "Brine").clusters["label_en"]),
    "merge_topics": lambda s: len(s.merge_topics(0, 1).topics) == 3,
    "merge_topics([])": lambda s: len(s.merge_topics([0, 1]).topics) == 3,
    "reduce_topics": lambda s: len(s.reduce_topics(2).topics) == 2,
    "split_topic": lambda s: len(s.split_topic(0).topics) == 5,
    "drop_topic": lambda s: len(s.drop_topic(0).topics) == 3,
    "move": lambda s: s.move(s.corpus[0], 1).clusters["cluster"][0] == 1,
    "hierarchy": lambda s: set(s.hierarchy().cut(2)) == {0, 1, 2, 3},
    "to_frame": lambda s: len(s.to_frame()) == 30,
    "to_gensim": lambda s: len(s.to_gensim().show_topic(0)) == 10,
    "to_pyldavis": lambda s: len(s.to_pyldavis()["vocab"]) == len(s.terms),
    "add(texts)": lambda s: len(s.add(["Lithium brine in Chile was pumped by a company."]).corpus) == 31,
    "concepts": lambda _: "lithium" in set(rt.concepts("lithium")["name"]),
    "pipeline": lambda _: make_pipeline(rt.ConceptVectorizer(), rt.ConceptSpace(), KMeans(2)).fit_predict(TEXTS).size,
    "stop_words": lambda _: "lithium" not in rt.ConceptVectorizer(stop_words=["锂"]).fit(TEXTS).vocabulary_,
    "pickle(vectorizer)": lambda s: pickle.loads(pickle.dumps(s.state.vectorizer)).vocabulary_,  # noqa: S301 - own
}
ANSWERS: dict[str, tuple[Try, type[Exception], str]] = {
    "fit(None)": (lambda _: rt.Study().fit(None), InputError, "of the type NoneType; give a path, a DataFrame"),
    "fit(1)": (lambda _: rt.Study().fit(1), InputError, "of the type int; give a path"),
    "fit([1, 2, 3])": (lambda _: rt.Study().fit([1, 2, 3]), InputError, "entry 1 is 1, of the type int"),
    "fit(one text)": (lambda _: rt.Study().fit("lithium rises"), InputError, "no such file or folder"),
    "fit(two texts)": (lambda _: rt.Study().fit(TEXTS[:2]), InputError, "topics and clusters need at least 3"),
    "fit(df without text)": (lambda _: rt.Study().fit(pd.DataFrame({"a": [1]})), InputError, "the columns are a"),
    "n_topics='5'": (lambda _: rt.Study(n_topics="5").fit(TEXTS), InputError, "give a whole number from 1"),
    "n_clusters=99": (lambda _: rt.Study(n_clusters=99).fit(TEXTS), InputError, "give a whole number from 1 to 30"),
    "nr_topics=5": (lambda _: rt.Study(nr_topics=5), TypeError, "unexpected keyword argument 'nr_topics'"),
    "before fit": (lambda _: rt.Study().topics, NotFittedError, "call fit(corpus) first"),
    "search before fit": (lambda _: rt.Study().search("a"), NotFittedError, "call fit(corpus) first"),
    "study.topic": (lambda s: s.topic, AttributeError, "did you mean topics"),
    "study.get_topic_info": (lambda s: s.get_topic_info(), AttributeError, "has no attribute 'get_topic_info'"),
    "topic 99": (lambda s: s.representative("topic", 99), InputError, "no topic 99; take one of 0, 1, 2, 3"),
    "cluster 99": (lambda s: s.rename_cluster(99, "a"), InputError, "no cluster 99; take one of 0, 1, 2, 3"),
    "merge one": (lambda s: s.merge_topics(0), InputError, "give two or more"),
    "theme": (lambda s: s.representative("theme", "none"), InputError, "no theme 'none'"),
    "article": (lambda s: s.corpus["nobody"], KeyError, "no article 'nobody'; the first ids are"),
    "short mask": (lambda s: s.corpus[[True, False]], InputError, "a mask of 2 for 30 articles"),
    "filter(source=)": (lambda s: s.corpus.filter(source="Reuters"), InputError, "take one of Andes Wire, Cell Review"),
    "filter(since=)": (lambda s: s.corpus.filter(since="soon"), InputError, "since is 'soon', no date"),
    "topics_by": (lambda s: s.topics_by("outlet"), InputError, "no column 'outlet'; take one of source"),
    "freq": (lambda s: s.topics_over_time("monthly"), InputError, "take one of D (day), W (week), M (month)"),
    "unknown word": (lambda s: s.search("xylophonist"), InputError, "is known to the study"),
    "plot a corpus": (lambda s: rt.plot_map(s.corpus), InputError, "a Corpus where a fitted study was expected"),
    "load nothing": (lambda _: rt.load("nowhere"), InputError, "nowhere: no such folder"),
    "read nothing": (lambda _: rt.read("nowhere.csv"), InputError, "nowhere.csv: no such file"),
    "to_excel(.csv)": (lambda s: s.to_excel("a.csv"), InputError, "end with .xlsx|xlsxwriter, which is not installed"),
    "set_params": (
        lambda _: rt.Study().set_params(topics=3),
        InputError,
        "no parameter 'topics'; take one of",
    ),
    "vectorize a text": (lambda _: rt.ConceptVectorizer().fit("a"), InputError, "give a list of strings"),
}


@pytest.mark.parametrize("habit", WORKS)
def test_it_works(habit: str, lithium: rt.Study) -> None:
    result = WORKS[habit](lithium)
    assert result is not None
    assert bool(result) if not isinstance(result, list | dict) else result


@pytest.mark.parametrize("habit", ANSWERS)
def test_it_answers_in_one_clear_line(habit: str, lithium: rt.Study) -> None:
    call, kind, said = ANSWERS[habit]
    with pytest.raises(kind) as error:
        call(lithium)
    line = str(error.value)
    assert any(one in line for one in said.split("|"))
    assert "\n" not in line
    assert len(line) < MOST_CHARACTERS


def test_there_are_sixty_and_more() -> None:
    assert len(WORKS) >= 60


def test_no_habit_changes_the_study(lithium: rt.Study) -> None:
    assert lithium.edits == []
    assert len(lithium.corpus) == 30
