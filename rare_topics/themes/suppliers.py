"""Suppliers: which country supplies, buys, passes on, joins in or wants to supply itself, by clause.

A rule asks a clause who acts, on what, from where, to where, and in which mood; it never asks a
window of words. The country where an act happens goes before the country of the owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.cues import Cue
from rare_topics.clauses.discourse import Actor, actors_of_clauses, clauses_around
from rare_topics.clauses.modality import Mood, Tense, is_future_dated
from rare_topics.clauses.participants import ROUTE, Participant
from rare_topics.clauses.passage_reader import AGENT, DOER, PARTNER, PLACE, SOURCE, TARGET
from rare_topics.themes import supply_patterns as patterns
from rare_topics.themes.supply_domain import BLOCS, ArticleSubject, SupplyDomain
from rare_topics.themes.supply_facts import (
    BUILDING,
    BUYER,
    DENIED,
    PARTNER_ROLE,
    PLANNED,
    RESERVES,
    RUNNING,
    SELF_SUPPLIER,
    SUPPLIER,
    TRANSIT,
    SupplyFact,
)

CUE_FILE = "supply_acts.tsv"
_STAGE_OF_CUE = {"mine": "mine", "separation": "separation", "magnet": "magnet"}


def find_supply_facts(clauses: Sequence[Clause], domain: SupplyDomain) -> list[SupplyFact]:
    """Find the roles of countries in the clauses of an article.

    Parameters
    ----------
    clauses
        Of one article, in order.
    domain
        What counts as goods, and which countries may have a role.

    Returns
    -------
    list of SupplyFact
        In order of the text; a country may have several roles, and a role several clauses.
    """
    if not any(domain.is_named_in(clause) for clause in clauses):
        return []
    actors = actors_of_clauses(clauses)
    article = ArticleSubject.of(clauses, domain)
    readings = [_Reading(clauses, actors, number, article) for number in range(len(clauses))]
    return [fact for reading in readings for fact in reading.facts()]


def _holds(outer: Cue, inner: Cue) -> bool:
    """Return whether a cue is part of a longer one: 精炼 of 精炼厂."""
    return outer[1:] != inner[1:] and outer.start <= inner.start and inner.end <= outer.end


# Reach in characters between a verb of selling and its buyer, between a plant and its place, between a country and
# its own verb; chosen by hand on the seed pages.
_SENTENCES_BACK = 2
_TARGET_REACH, _PLACE_REACH, _VERB_REACH = 45, 60, 30
# Confidence in the country that an article is about as that of a plant for which no sentence names one.
_IN_SUBJECT = 0.8
# Characters between a possessor and its goods.
_GOODS_REACH = 12
# A verb stands right behind its subject where no more than a blank and a sign lie between.
_ADJACENT = 2
# Nouns that look like verbs; as a verb, one of them stands right behind its subject.
_NOUN_OR_VERB = frozenset(
    {"supplies", "supply", "exports", "export", "ships", "makes", "make", "produce", "ship", "cast", "mine", "mines"}
)


def _is_office_of_bloc(one: Participant) -> bool:
    """Return whether a bloc is named by one of its offices, which acts for it and is no country that supplies."""
    return one.country in BLOCS and one.category == "institution"


class _Reading:
    """A clause with what its article says around it."""

    def __init__(
        self, clauses: Sequence[Clause], actors: Sequence[tuple[Actor, ...]], number: int, article: ArticleSubject
    ) -> None:
        self.clause = clauses[number]
        self.domain = article.domain
        self.is_article_of_goods = article.is_of_goods
        self.main_country = article.main_country
        self.actors = tuple(actor for actor in actors[number] if not _is_office_of_bloc(actor.participant))
        self.text = self.clause.lowered
        around = clauses_around(clauses, number)
        self.sentence = [one for one in around if one.sentence == self.clause.sentence]
        self.before = [one for one in around if 0 < self.clause.sentence - one.sentence <= _SENTENCES_BACK]

    def facts(self) -> Iterator[SupplyFact]:
        """Return the facts of the clause, of each country and role the surest."""
        best: dict[tuple[str, str, str], SupplyFact] = {}
        for fact in self._all_facts():
            key = fact[:3]
            if fact.country in self.domain.countries and (key not in best or fact.confidence > best[key].confidence):
                best[key] = fact
        if best and not any(patterns.REFUSED_OFFER.search(one.lowered) for one in self.sentence):
            yield from best.values()

    def _all_facts(self) -> Iterator[SupplyFact]:
        if self._is_about_other_goods():
            return
        yield from self._transit()
        yield from self._imported_ore()
        sure = self._goods_confidence()
        if not sure:
            return
        buyers = list(self._buyers())
        # Who signs for goods buys them, and is no mere partner.
        partners = [one for one in self._partners() if all(one.country != buyer.country for buyer in buyers)]
        for fact in (*buyers, *self._self_suppliers(), *self._suppliers(), *partners):
            yield fact._replace(confidence=round(fact.confidence * sure, 2))

    def _is_about_other_goods(self) -> bool:
        return self.domain.names_other_goods(self.clause) and not self.domain.is_named_in(self.clause)

    def _goods_confidence(self) -> float:
        """Return how sure it is that the clause is about goods of the domain: named in it, its sentence, or before."""
        if self.domain.is_named_in(self.clause):
            return 1.0
        goods, companies = self.domain.goods, self.domain.companies
        if any(one.names(goods) or one.names(companies) for one in self.sentence):
            return 0.9
        if any(self.domain.names_other_goods(one) for one in self.sentence):
            return 0.0
        is_before = any(
            one.names(goods) or one.names(companies) or one.has("separation", "magnet") for one in self.before
        )
        return 0.8 if is_before else 0.7 if self.is_article_of_goods else 0.0

    def _fact(self, country: str, role: str, status: str = "", confidence: float = 1.0) -> SupplyFact:
        stage = self._stage(status) if role in {SUPPLIER, SELF_SUPPLIER} else ""
        return SupplyFact(country, role, status, stage, confidence, self.clause)

    def _stage(self, status: str) -> str:
        if status == RESERVES:
            return "reserve"
        return "; ".join(stage for kind, stage in _STAGE_OF_CUE.items() if self.clause.has(kind))

    def _foreign(self, *cases: str) -> list[Participant]:
        return [
            one
            for one in self.clause.participants
            if one.case in cases
            and one.country in self.domain.countries
            and not one.speaks
            and not _is_office_of_bloc(one)
            and not patterns.CURRENCY_OR_PEOPLE.match(self._right_of(one))
        ]

    def _right_of(self, one: Participant) -> str:
        return self.text[one.end - self.clause.start :]

    def _object_is_goods(self, position: int) -> bool:
        """Return whether the thing named next behind a verb is a good, and no machine, patent or other ware."""
        things = [(cue.start, False) for cue in self.clause.cues_of("equipment")]
        things += [
            (mention.start, mention.concept in self.domain.goods)
            for mention in self.clause.mentions
            if mention.concept in self.domain.goods or mention.concept in self.domain.other_goods
        ]
        behind = [thing for thing in sorted(things) if thing[0] >= position]
        return behind[0][1] if behind else True

    def _names_goods_from(self, start: int, end: int | None = None) -> bool:
        """Return whether goods are named between two offsets of the clause."""
        end = self.clause.end if end is None else end
        return any(start <= one.start < end and one.concept in self.domain.goods for one in self.clause.mentions)

    def _own_actors(self) -> list[Actor]:
        return [actor for actor in self.actors if actor.participant in self.clause.participants]

    def _doers_before(self, position: int) -> list[Actor]:
        """Return the actors nearest before a verb, with those listed beside it; inherited ones if it names none."""
        own = self._own_actors()
        before = [actor for actor in own if actor.participant.start < position]
        if not before:
            return [] if own else list(self.actors)
        last = before[-1].participant
        run = [before[-1]]
        for actor in reversed(before[:-1]):
            gap = self.text[actor.participant.end - self.clause.start : last.start - self.clause.start]
            if not patterns.LIST_GAP.fullmatch(gap):
                break
            run.append(actor)
            last = actor.participant
        return run

    # Transit ---------------------------------------------------------------------------------------------------------

    def _transit(self) -> Iterator[SupplyFact]:
        if patterns.WITH_HELP.search(self.text):
            return
        if not self.clause.has("transit"):
            if (
                patterns.MOVES_THROUGH.search(self.text)
                and self._goods_confidence()
                and self.clause.mood is not Mood.DENIED
            ):
                for one in self._foreign(ROUTE):
                    yield self._fact(one.country, TRANSIT, confidence=0.8)
            return
        if any(patterns.REJECTED_CLAIM.search(one.lowered) for one in self.sentence):
            return
        # Who buys what was passed on is deceived; whose name the goods bear passed them on.
        bought_from = [
            (one.country, 0.9)
            for clause in self.sentence
            if clause.has("import")
            for one in clause.participants
            if one.case == SOURCE
        ]
        on_the_way = self._foreign(DOER, PLACE, SOURCE, TARGET, ROUTE, AGENT, PARTNER)
        # "Tajikistan's antimony reaches Europe through Turkey": whose goods they are is no route.
        named = bought_from or [
            (one.country, 1.0) for one in on_the_way if len(on_the_way) == 1 or not self._owns_goods(one)
        ]
        is_told_of_actors = not (self.clause.participants or any(one.has("venue") for one in self.sentence))
        inherited = [(one.participant.country, one.confidence) for one in self.actors] if is_told_of_actors else []
        for country, sure in named or inherited:
            yield self._fact(country, TRANSIT, confidence=sure)
            if patterns.ONLY_TRANSIT.search(self.text):
                yield self._fact(country, SUPPLIER, DENIED, sure)

    def _owns_goods(self, one: Participant) -> bool:
        """Return whether a country is named for the origin of the goods right behind it."""
        behind = [m.start for m in self.clause.mentions if m.concept in self.domain.goods and m.start >= one.end]
        named = self.text[one.start - self.clause.start : one.end - self.clause.start]
        owns = named.endswith(("'s", "’s")) or bool(patterns.POSSESSIVE.match(self._right_of(one)))
        return owns and bool(behind) and behind[0] - one.end <= _GOODS_REACH

    # Buyers ----------------------------------------------------------------------------------------------------------

    def _buyers(self) -> Iterator[SupplyFact]:
        yield from self._importers()
        yield from self._takers()
        yield from self._short_of_goods()
        yield from self._customers()

    def _takers(self) -> Iterator[SupplyFact]:
        """Who takes a share of what is produced, or takes goods from somewhere, buys."""
        taken = patterns.TAKES_OUTPUT.search(self.text)
        if taken is None and any(one.case == SOURCE for one in self.clause.participants):
            taken = patterns.TAKES_FROM.search(self.text)
            if taken and not self._names_goods_from(*(self.clause.start + offset for offset in taken.span())):
                return
        if taken is None or self._is_stopped(self.clause.start + taken.start()):
            return
        start = self.clause.start + taken.start()
        agents = [one for one in self._foreign(AGENT) if one.start > start]
        for one in agents:
            yield self._fact(one.country, BUYER, confidence=0.9)
        for actor in () if agents else self._doers_before(start):
            yield self._fact(actor.participant.country, BUYER, confidence=0.9 * actor.confidence)

    def _is_stopped(self, position: int) -> bool:
        """Return whether an act is stopped or banned by a word before it."""
        return bool(patterns.STOPPED.search(self.text[: position - self.clause.start]))

    def _importers(self) -> Iterator[SupplyFact]:
        clause = self.clause
        for cue in clause.cues_of("import", "depend"):
            if self._is_stopped(cue.start) or any(
                given.start < cue.start and patterns.GIVES.match(self.text, given.start - clause.start)
                for given in clause.cues_of("produce")
            ):
                continue
            if self._object_is_goods(cue.start) or self._object_is_goods(clause.start):
                owners = [one for one in self._foreign(PLACE) if one.start < cue.start] if cue.kind == "depend" else []
                for one in owners:
                    yield self._fact(one.country, BUYER)
                for actor in self._doers_before(cue.start) if not owners else ():
                    if not patterns.IMPORTED_ORE.match(self._right_of(actor.participant)):
                        yield self._fact(actor.participant.country, BUYER, confidence=actor.confidence)

    def _short_of_goods(self) -> Iterator[SupplyFact]:
        """Who runs short needs the goods; a mine that stands still does not."""
        clause = self.clause
        for cue in clause.cues_of("shortage") if not clause.has("mine") else ():
            named = self._foreign(PLACE)
            for one in named:
                yield self._fact(one.country, BUYER, confidence=0.8)
            for actor in self._doers_before(cue.start) if not named else ():
                yield self._fact(actor.participant.country, BUYER, confidence=actor.confidence * 0.9)

    def _customers(self) -> Iterator[SupplyFact]:
        clause = self.clause
        sales = [cue.start for cue in clause.cues_of("sell_to")]
        sales += [
            cue.start for cue in clause.cues_of("produce") if patterns.SALE.match(self.text, cue.start - clause.start)
        ]
        for one in self._foreign(TARGET):
            near = [start for start in sales if 0 <= one.start - start <= _TARGET_REACH]
            is_on_the_way = patterns.ONWARD.match(self._right_of(one))
            if near and not is_on_the_way and not patterns.NOT_SO.search(self.text[: near[0] - clause.start]):
                yield self._fact(one.country, BUYER)
        for one in self._foreign(DOER, TARGET, PLACE):
            if patterns.BUYER_NOUN.match(self._right_of(one)):
                yield self._fact(one.country, BUYER)

    # Suppliers of themselves -----------------------------------------------------------------------------------------

    def _self_suppliers(self) -> Iterator[SupplyFact]:
        for cue in self.clause.cues_of("self"):
            if self.clause.text[cue.start - self.clause.start].isupper() and cue.start > self.clause.start:
                continue  # a name: "Independence Army"
            for actor in self._doers_before(cue.start + 1):
                if not patterns.NOT_SO.search(self.text[: cue.start - self.clause.start]):
                    yield self._fact(actor.participant.country, SELF_SUPPLIER, PLANNED, actor.confidence)

    # Suppliers -------------------------------------------------------------------------------------------------------

    def _suppliers(self) -> Iterator[SupplyFact]:
        clause = self.clause
        yield from self._sources()
        yield from self._alternatives()
        if any(one.has("transit") for one in self.sentence):
            yield from self._denials()
            return
        plants = clause.cues_of("facility", "industry")
        for cue in clause.cues_of("produce"):
            is_measure = patterns.EXPORT_MEASURE.match(self.text[cue.end - clause.start :])
            if not (is_measure or self._is_stopped(cue.start) or any(_holds(plant, cue) for plant in plants)):
                yield from self._facts_of(cue.start, self._producers(cue.start, cue.end))
        yield from self._plants()
        for cue in clause.cues_of("reserves"):
            if self._object_is_goods(cue.start):
                status = DENIED if clause.mood_at(cue.start) is Mood.DENIED else RESERVES
                yield from self._facts_of(cue.start, self._owners(cue.start), status=status)

    def _plants(self) -> Iterator[SupplyFact]:
        """Mines, plants and what is done there; an industry as a whole is neither."""
        clause = self.clause
        if patterns.TAKES_OUTPUT.search(self.text):
            return
        industries = clause.cues_of("industry")
        for cue in clause.cues_of("process", "facility"):
            if any(_holds(industry, cue) for industry in industries):
                continue
            if not self._object_is_goods(cue.start) or patterns.BANNED.search(self.text[: cue.start - clause.start]):
                continue
            status = self._status(cue.start)
            if status == RUNNING:
                # A plant that is only named may be a plan.
                has_begun = (
                    self._is_at_work(cue)
                    or patterns.OPENED.search(self.text)
                    or (patterns.BEGUN.search(self.text) and clause.has("process"))
                )
                if not has_begun and clause.has("reserves"):
                    continue
                status = RUNNING if has_begun else PLANNED
            yield from self._facts_of(cue.start, self._owners(cue.start), status=status, weight=0.8)

    def _is_at_work(self, plant: Cue) -> bool:
        """Return whether a plant is somebody's own, in a sentence that plans and builds nothing."""
        is_own = patterns.OWN_PLANT.search(self.text[: plant.start - self.clause.start])
        return bool(is_own) and not any(one.has("planned", "possible", "building", "demanded") for one in self.sentence)

    def _facts_of(
        self, position: int, countries: Sequence[tuple[str, float]], *, status: str = "", weight: float = 1.0
    ) -> Iterator[SupplyFact]:
        status = status or self._status(position)
        if self.clause.tense is Tense.PAST and status not in {RESERVES, DENIED}:
            return
        if status == DENIED and self.clause.has("lack"):
            return
        for country, sure in countries:
            yield self._fact(country, SUPPLIER, status, sure * weight)

    def _denials(self) -> Iterator[SupplyFact]:
        for cue in self.clause.cues_of("produce", "process", "facility"):
            if self._status(cue.start) == DENIED:
                yield from self._facts_of(cue.start, self._owners(cue.start), status=DENIED)

    def _imported_ore(self) -> Iterator[SupplyFact]:
        for one in self._foreign(DOER):
            if patterns.IMPORTED_ORE.match(self._right_of(one)):
                yield self._fact(one.country, SUPPLIER, RUNNING)

    def _sources(self) -> Iterator[SupplyFact]:
        """Goods that others take from a country: it supplies today, or is to."""
        passed_on = any(one.has("transit") for one in self.sentence)
        is_supply = self.clause.has("import", "depend", "produce", "sell_to") or (
            patterns.ORIGIN.search(self.text) or patterns.TAKES_FROM.search(self.text)
        )
        if is_supply and not (passed_on or self.clause.has("equipment")):
            for one in self._foreign(SOURCE):
                if not self._is_stopped(one.start):
                    yield from self._facts_of(one.start, [(one.country, 1.0)])

    def _alternatives(self) -> Iterator[SupplyFact]:
        if self.clause.has("alternative") and not self._is_denied():
            named = [(one.country, 1.0) for one in self._foreign(DOER, PARTNER, PLACE, TARGET, SOURCE)]
            inherited = [] if self._own_actors() else [(one.participant.country, one.confidence) for one in self.actors]
            for country, sure in named or inherited:
                yield self._fact(country, SUPPLIER, PLANNED, 0.8 * sure)
        for one in self._foreign(DOER, PLACE):
            if patterns.COLLABORATION.match(self._right_of(one)) and not self.clause.has("speaker"):
                yield self._fact(one.country, SUPPLIER, PLANNED, 0.8)
        if patterns.SUPPLY_DEAL.search(self.text) and not self.clause.has("denied"):
            for one in self._foreign(PARTNER):
                yield self._fact(one.country, SUPPLIER, PLANNED, 0.8)
        if self.clause.has("invest"):
            for one in self._foreign(TARGET, PLACE):
                near = [
                    cue for cue in self.clause.cues_of("facility", "mine") if abs(cue.start - one.start) <= _PLACE_REACH
                ]
                if near:
                    yield self._fact(one.country, SUPPLIER, PLANNED, 0.8)

    def _producers(self, start: int, end: int) -> list[tuple[str, float]]:
        """Return the countries that a verb of supply speaks of: where it happens, else who acts."""
        word = self.text[start - self.clause.start : end - self.clause.start]
        if patterns.BANNED.search(self.text[: start - self.clause.start]) or patterns.TAKES_OUTPUT.search(self.text):
            return []
        needs = self.clause.cues_of("import", "depend", "shortage")
        gives = patterns.GIVES.match(word)
        is_of_goods = needs or self._names_goods_from(start) or self.clause.has(*_STAGE_OF_CUE)
        if patterns.GIVES_ANYTHING.match(word) and (self.clause.has("invest") or not is_of_goods):
            return []
        if not self._object_is_goods(start) or any(cue.start < start or not gives for cue in needs):
            return []
        if self.clause.has("equipment") and not self.domain.is_named_in(self.clause):
            return []
        doers = self._doers_before(start)
        places = self._places(start)
        if places is not None and not (gives and needs and doers):
            return places
        if word in _NOUN_OR_VERB:
            doers = [one for one in doers if 0 <= start - one.participant.end <= _VERB_REACH]
            governed = self.clause.mood_at(start) in {Mood.PLANNED, Mood.BUILDING, Mood.DENIED}
            doers = [one for one in doers if start - one.participant.end <= _ADJACENT or governed]
        found = [(one.participant.country, one.confidence) for one in doers]
        only = [
            (one.country, 1.0)
            for one in self._foreign(DOER)
            if one.start > start and patterns.ONLY_IN.search(self.text[: self._list_start(one) - self.clause.start])
        ]
        return only or found

    def _is_denied(self) -> bool:
        """Return whether the clause, or one of its sentence behind it, denies."""
        behind = [one for one in self.sentence if one.start >= self.clause.start]
        return any(one.mood is Mood.DENIED for one in behind)

    def _list_start(self, one: Participant) -> int:
        return min(other.start for other in self.clause.participants if other.list_id == one.list_id)

    def _places(self, position: int) -> list[tuple[str, float]] | None:
        """Return where an act happens; empty where that is a country of the question, None where no place is named."""
        places = [one for one in self.clause.participants if one.case == PLACE and not one.speaks]
        behind = [one for one in places if 0 <= one.start - position <= _PLACE_REACH]
        chosen = behind or places
        return [(one.country, 1.0) for one in chosen] if chosen else None

    def _owners(self, position: int) -> list[tuple[str, float]]:
        """Return the countries of a mine, a plant or a deposit: where it stands, else whose it is."""
        if self.clause.has("import", "depend", "shortage"):
            return []
        places = self._places(position)
        if places is not None:
            return places
        doers = [(one.participant.country, one.confidence) for one in self._doers_before(position)]
        is_told = doers or self.clause.participants or self.actors or not self.domain.is_named_in(self.clause)
        if is_told or not self.main_country or any(patterns.OTHERS.search(one.lowered) for one in self.sentence):
            return doers
        return [(self.main_country, _IN_SUBJECT)]

    def _status(self, position: int) -> str:
        mood = self.clause.mood_at(position)
        if mood is Mood.DENIED:
            return DENIED
        if mood is Mood.BUILDING:
            return BUILDING
        if mood in {Mood.PLANNED, Mood.POSSIBLE, Mood.DEMANDED, Mood.QUESTION} or is_future_dated(self.clause):
            return PLANNED
        return RUNNING

    # Partners --------------------------------------------------------------------------------------------------------

    def _partners(self) -> Iterator[SupplyFact]:
        if self.clause.has("partner") and not self.clause.has("import"):
            for one in self._foreign(DOER, PARTNER):
                yield self._fact(one.country, PARTNER_ROLE, confidence=0.8)
