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
    "deposit", "reward", "royalty", "profit", "cost", "tariff",
})  # fmt: skip
# The concept of a measure that says no more than its words do.
OUTPUT = "output"
_PERIODS = {
    "year": Label(zh="年", en="annual"),
    "month": Label(zh="月", en="monthly"),
    "day": Label(zh="日", en="daily"),
}


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
        is in it.
    """
    return Label(zh=_in_chinese(claim, lexicon), en=_in_english(claim, lexicon))


def _in_chinese(claim: Claim, lexicon: Lexicon) -> str:
    subject = claim.subject
    place, thing = (lexicon.label(name, "zh") if name else "" for name in (subject.place, subject.object))
    measured = _counted(claim, lexicon, "zh") or _measured(claim, lexicon).zh
    thing = "" if thing and thing in measured else thing
    joint = (
        "的"
        if place and not thing and not measured.startswith(("占比", "数目")) and len(measured) > len("加工占比")
        else ""
    )
    return f"{place}{joint}{thing}{measured}"


def _in_english(claim: Claim, lexicon: Lexicon) -> str:
    subject, kind = claim.subject, claim.quantity.kind
    thing = _thing_in_english(subject.object, lexicon)
    owner = _possessive(lexicon.label(subject.place, "en")) if subject.place else ""
    counted = _counted(claim, lexicon, "en")
    if counted:
        return " ".join(filter(None, (counted, f"({lexicon.label(subject.place, 'en')})" if subject.place else "")))
    part = _PART_OF.get(kind)
    if part and subject.measure not in _OWN_SHARES:
        named = _name_of_measure(claim, lexicon).en
        what = " ".join(filter(None, (thing, named)))
        return " ".join(filter(None, (owner, f"{part} {what}" if what else part.split()[0])))
    measured = _measured(claim, lexicon).en
    thing = "" if thing and thing in measured else thing
    return " ".join(filter(None, (owner, thing, measured)))


def _measured(claim: Claim, lexicon: Lexicon) -> Label:
    """Name what a number measures, with the period where it is one of a period: 年开采量, annual mining volume."""
    kind, measure = claim.quantity.kind, claim.subject.measure
    period = _PERIODS.get(claim.quantity.unit.partition("/")[2])
    of_period = kind == "rate" and period
    if of_period:
        kind = "money" if len(claim.quantity.unit.partition("/")[0]) == len("USD") else "mass"
    label, said = measure_label(measure, kind), _name_of_measure(claim, lexicon)
    if measure in measures() and said != measures()[measure].label:
        named = measures()[measure].label
        zh = label.zh.replace(named.zh, said.zh)
        label = Label(zh=zh.replace("产量量", "产量"), en=label.en.replace(named.en, said.en))
    return Label(zh=f"{period.zh}{label.zh}", en=f"{period.en} {label.en}") if of_period and period else label


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


def _counted(claim: Claim, lexicon: Lexicon, lang: str) -> str:
    """Name the noun that a number without a measure counts."""
    subject = claim.subject
    if subject.measure or claim.quantity.kind != "count" or subject.term not in lexicon.concepts:
        return ""
    noun = lexicon.label(subject.term, lang)
    if lang == "zh":
        return f"{noun}数目"
    return f"number of {noun if noun.endswith('s') else noun + 's'}"


def _thing_in_english(concept: str, lexicon: Lexicon) -> str:
    return lexicon.label(concept, "en").replace("-", " ") if concept else ""


def _possessive(name: str) -> str:
    """Return the possessive of a name; one with full stops or of capitals alone stands as an adjective: U.S., EU."""
    if "." in name or name.isupper():
        return name
    return f"{name}'" if name.endswith("s") else f"{name}'s"
