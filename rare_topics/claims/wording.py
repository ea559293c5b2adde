"""Subjects of claims as readers of either language say them: China's share of processing, 中国加工占比."""

from __future__ import annotations

from rare_topics.claims.extractor import Claim
from rare_topics.claims.measures import measure_label, measures
from rare_topics.corpus.languages import Label
from rare_topics.lexicon import Lexicon

# Of these kinds, "China's share of processing" is said; of others "China's processing volume".
_PART_OF = {"share": "share of", "rank": "rank by"}
# Measures whose share is a part of the place's own, and not the place's part of the whole.
_OWN_SHARES = frozenset({
    "dependence", "recycling", "extraction rate", "content", "purity", "utilisation", "licences", "equity stake",
    "deposit", "reward", "royalty", "profit", "cost", "tariff", "construction", "shortage",
})  # fmt: skip
# The concept of a measure that says no more than its words do.
OUTPUT = "output"
TARIFF = "tariff"
# A tariff is levied on goods, and over these.
_LEVIED_OVER = frozenset({"drug_trafficking", "fentanyl"})
_PERIODS = {
    "year": Label(zh="年", en="annual"),
    "month": Label(zh="月", en="monthly"),
    "day": Label(zh="日", en="daily"),
}
# What a number is where the text names no measure; thing and place follow in brackets.
_UNNAMED = {
    "date": Label(zh="日期", en="date"),
    "duration": Label(zh="时长", en="duration"),
    "money": Label(zh="金额", en="sum of money"),
    "percent change": Label(zh="变化幅度", en="change"),
    "ratio": Label(zh="倍数", en="multiple"),
    "size": Label(zh="规模", en="size"),
    "count": Label(zh="数目", en="number"),
    "score": Label(zh="得分", en="score"),
    "rank": Label(zh="排名", en="rank"),
}
# Categories of concepts that are counted, and of those whose names have a plural.
_COUNTED_CATEGORIES = frozenset(
    {"role", "product", "military", "project", "policy", "event", "trade", "sector", "place"}
)
_PLURAL_MEASURES = frozenset({"import", "export", "patent", "acquisition", "loan", "grant", "contract"})
_PLURAL_CATEGORIES = frozenset({"product", "military"})
# Heads of names of goods that have a plural in English, where they stand for all of their kind.
_COUNTABLE = frozenset({
    "component", "compound", "concentrate", "earth", "magnet", "material", "metal", "mineral", "oxide", "soybean",
})  # fmt: skip


def subject_wording(claim: Claim, lexicon: Lexicon) -> Label:
    """Say in both languages what a claim is about.

    Parameters
    ----------
    claim
        A claim.
    lexicon
        Gives the labels of things and places.

    Returns
    -------
    Label
        ``China's share of rare earth processing`` and 中国稀土加工占比; only what the claim names
        is in it. Where it names no measure, the kind of the number stands before what it names:
        ``date (Brazil, rare earths)``.
    """
    return Label(zh=_in_chinese(claim, lexicon), en=_in_english(claim, lexicon))


def _in_chinese(claim: Claim, lexicon: Lexicon) -> str:
    subject = claim.subject
    place, thing = (lexicon.label(name, "zh") if name else "" for name in (subject.place, subject.object))
    counted = _counted_noun(claim, lexicon, "zh")
    if not counted and not subject.measure and claim.quantity.kind in _UNNAMED:
        return (
            f"{_UNNAMED[claim.quantity.kind].zh}（{place}{thing}）"
            if place or thing
            else _UNNAMED[claim.quantity.kind].zh
        )
    if subject.measure == TARIFF and subject.object in _LEVIED_OVER:
        return f"{place}因{thing}加征的{_measured(claim, lexicon).zh}"
    measured = f"{counted}数目" if counted else _measured(claim, lexicon).zh
    known = measures().get(subject.measure)
    if counted or (known and claim.quantity.kind == "count" and "object" in known.ignores):
        thing = ""
    if not thing and measured.endswith("数目"):
        return f"{measured}（{place}）" if place else measured
    if subject.whole:
        return f"占{place}自身{thing}{_name_of_measure(claim, lexicon).zh}的比例"
    thing = "" if thing and thing in measured else thing
    has_joint = place and not thing and not measured.startswith("占比") and len(measured) > len("加工占比")
    return f"{place}{'的' if has_joint else ''}{thing}{measured}"


def _in_english(claim: Claim, lexicon: Lexicon) -> str:
    subject, kind = claim.subject, claim.quantity.kind
    place = lexicon.label(subject.place, "en") if subject.place else ""
    thing, things = _thing_in_english(subject.object, lexicon), _things_in_english(subject.object, lexicon)
    owner = _possessive(place)
    if kind == "count" and (subject.measure or _counted_noun(claim, lexicon, "en")):
        return _bracketed(_number_of(claim, lexicon, thing), place)
    if not subject.measure and kind in _UNNAMED:
        return _bracketed(_UNNAMED[kind].en, place, things)
    if not subject.measure and kind in {"mass", "rate"}:
        amount = "quantity" if kind == "mass" else _measured(claim, lexicon).en.replace("volume", "quantity")
        return _bracketed(f"{amount} of {things}" if things else amount, place)
    part = _PART_OF.get(kind)
    if part and subject.measure not in _OWN_SHARES:
        named = _name_of_measure(claim, lexicon).en
        named = _plural(named) if subject.measure in _PLURAL_MEASURES else named
        what = f"{thing} {named}".strip() if named else things
        lead = f"part of {owner or 'its'} {subject.whole}" if subject.whole else f"{owner} {part}".lstrip()
        return f"{lead} {what}" if what else f"{owner} {part.split()[0]}".lstrip()
    measured = _measured(claim, lexicon).en
    if subject.measure == TARIFF and thing:
        return f"{owner} {measured} {'over' if subject.object in _LEVIED_OVER else 'on'} {things}".strip()
    thing = "" if thing and thing in measured else thing
    period = next((one.en for one in _PERIODS.values() if measured.startswith(f"{one.en} ")), "")
    return " ".join(filter(None, (owner, period, thing, measured.removeprefix(period).lstrip())))


def _bracketed(what: str, *names: str) -> str:
    named = ", ".join(filter(None, names))
    return f"{what} ({named})" if named else what


def _measured(claim: Claim, lexicon: Lexicon) -> Label:
    """Name what a number measures, with the period where it is one of a period: 年开采量, annual mining volume."""
    kind, measure = claim.quantity.kind, claim.subject.measure
    period = _PERIODS.get(claim.quantity.unit.partition("/")[2]) if kind == "rate" else None
    if period:
        kind = "money" if len(claim.quantity.unit.partition("/")[0]) == len("USD") else "mass"
    known = measures().get(measure)
    label = known.wordings.get(kind) if known else None
    label, said = label or measure_label(measure, kind), _name_of_measure(claim, lexicon)
    if known and said != known.label:
        zh = label.zh.replace(known.label.zh, said.zh)
        label = Label(
            zh=zh.replace("生产量", "产量").replace("产量量", "产量"), en=label.en.replace(known.label.en, said.en)
        )
    return Label(zh=f"{period.zh}{label.zh}", en=f"{period.en} {label.en}") if period else label


def _name_of_measure(claim: Claim, lexicon: Lexicon) -> Label:
    """Name a measure by the word that the text has for it: coffee and chips are produced, and not mined."""
    measure = measures().get(claim.subject.measure)
    if measure is None:
        return Label(zh="", en="")
    term = claim.subject.term
    is_its_own_word = term.startswith(measure.name.removesuffix("ing")) or term in measure.concepts - {OUTPUT}
    if not term or not measure.default_term.en or is_its_own_word:
        return measure.label
    if term == OUTPUT:
        return Label(zh=lexicon.label(OUTPUT, "zh"), en=lexicon.label(OUTPUT, "en"))
    return measure.default_term


def _number_of(claim: Claim, lexicon: Lexicon, thing: str) -> str:
    """Say in English of what there is a number: number of rare earth elements."""
    measure = measures().get(claim.subject.measure)
    if measure is None:
        return f"number of {_plural(_counted_noun(claim, lexicon, 'en'))}"
    named = measure.wordings.get("count")
    if named:
        return named.en
    label = measure.kind_labels.get("count")
    noun = label.en.removeprefix("number of ") if label else _plural(measure.label.en)
    return (
        f"number of {thing} {noun}".replace("  ", " ")
        if thing and "object" not in measure.ignores
        else f"number of {noun}"
    )


def _counted_noun(claim: Claim, lexicon: Lexicon, lang: str) -> str:
    """Name the noun that a number without a measure counts; a name, a metal and an activity are not counted."""
    subject = claim.subject
    if subject.measure or claim.quantity.kind != "count" or subject.term not in lexicon.concepts:
        return ""
    is_counted = lexicon.concepts[subject.term].category in _COUNTED_CATEGORIES
    return lexicon.label(subject.term, lang) if is_counted and lexicon.label(subject.term, "en").islower() else ""


def _thing_in_english(concept: str, lexicon: Lexicon) -> str:
    return lexicon.label(concept, "en").replace("-", " ") if concept else ""


def thing_label(concept: str, lexicon: Lexicon) -> Label:
    """Name a thing as it stands alone: magnets, rare earths, but gallium.

    Parameters
    ----------
    concept
        A concept of the lexicon, or empty.
    lexicon
        Gives the labels.

    Returns
    -------
    Label
        Empty where there is no concept.
    """
    return Label(zh=lexicon.label(concept, "zh") if concept else "", en=_things_in_english(concept, lexicon))


def _things_in_english(concept: str, lexicon: Lexicon) -> str:
    label = _thing_in_english(concept, lexicon)
    has_plural = concept in lexicon.concepts and lexicon.concepts[concept].category in _PLURAL_CATEGORIES
    return _plural(label) if label.islower() and (has_plural or label.split(" ")[-1] in _COUNTABLE) else label


def _plural(noun: str) -> str:
    if noun.endswith(("s", "people", "staff", "aircraft")):
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("ch", "sh", "x")) else f"{noun}s"


def _possessive(name: str) -> str:
    """Return the possessive of a name; one with full stops or of capitals alone stands as an adjective: U.S., EU."""
    if not name or "." in name or name.isupper():
        return name
    return f"{name}'" if name.endswith("s") else f"{name}'s"
