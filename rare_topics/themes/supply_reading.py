"""A clause with what its article says around it, as the rules of suppliers ask it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.cues import Cue
from rare_topics.clauses.discourse import Actor, clauses_around
from rare_topics.clauses.modality import Mood, is_future_dated
from rare_topics.clauses.participants import ROUTE, Participant
from rare_topics.clauses.passage_reader import AGENT, DOER, PLACE, SOURCE, TARGET, ConceptMention
from rare_topics.themes import supply_patterns as patterns
from rare_topics.themes.supply_domain import BLOCS, ArticleSubject
from rare_topics.themes.supply_facts import (
    BUILDING,
    DENIED,
    PLANNED,
    RESERVES,
    RUNNING,
    SELF_SUPPLIER,
    SUPPLIER,
    SupplyFact,
)

STAGE_OF_CUE = {"mine": "mine", "separation": "separation", "magnet": "magnet"}
# Confidence in goods that another clause of the sentence names.
IN_SENTENCE = 0.9
# Cues of a clause that says that goods are needed.
NEEDS = ("use", "scramble", "shortage", "depend", "import")
# Cues that stand in no name of goods: between a country and goods, the goods are not its own.
_ACTS = ("user", "facility", "offshoot", "produce", "process", *NEEDS, "flow", "alternative")
# Reach in characters between a plant and its place; chosen by hand on the seed pages.
PLACE_REACH = 60
_SENTENCES_BACK = 2
# Reach in characters between a branch of industry and a verb of its own; chosen by hand on sentences of our own.
_VERB_REACH = 45
# A verb stands right behind its subject where no more than a blank and a sign lie between.
_ADJACENT = 2


class Reading:
    """A clause with what its article says around it."""

    def __init__(
        self,
        clauses: Sequence[Clause],
        actors: Sequence[tuple[Actor, ...]],
        number: int,
        article: ArticleSubject,
    ) -> None:
        self.clause = clauses[number]
        self.domain = article.domain
        self.is_article_of_goods = article.is_of_goods
        self.main_country = article.main_country
        self.text = self.clause.lowered
        around = clauses_around(clauses, number)
        self.sentence = [one for one in around if one.sentence == self.clause.sentence]
        self.actors = tuple(
            actor
            for actor in actors[number]
            if not _is_office_of_bloc(actor.participant) and not self._only_pays(actor.participant, around)
        )
        self.is_passed_on = any(_is_passed_off(one) for one in self.sentence)
        self.before = [one for one in around if 0 < self.clause.sentence - one.sentence <= _SENTENCES_BACK]

    def _only_pays(self, one: Participant, around: Sequence[Clause]) -> bool:
        """Return whether who is named by a preposition has paid for something: 由日本两家机构出资."""
        if one.case != AGENT:
            return False
        return any(one in clause.participants and clause.has("invest") for clause in around)

    def is_about_other_goods(self) -> bool:
        """Return whether the clause names other goods and none of the domain."""
        return self.domain.names_other_goods(self.clause) and not self.domain.is_named_in(self.clause)

    def goods_confidence(self) -> float:
        """Return how sure it is that the clause is about goods of the domain: named in it, its sentence, or before."""
        if self.domain.is_named_in(self.clause):
            return 1.0
        goods, companies = self.domain.goods, self.domain.companies
        if any(one.names(goods) or one.names(companies) for one in self.sentence):
            return IN_SENTENCE
        if any(self.domain.names_other_goods(one) for one in self.sentence):
            return 0.0
        is_before = any(
            one.names(goods) or one.names(companies) or one.has("separation", "magnet") for one in self.before
        )
        return 0.8 if is_before else 0.7 if self.is_article_of_goods else 0.0

    def fact(self, country: str, role: str, status: str = "", confidence: float = 1.0) -> SupplyFact:
        """Return a fact of this clause, with its stages of the chain."""
        stage = self.stage(status) if role in {SUPPLIER, SELF_SUPPLIER} else ""
        return SupplyFact(country, role, status, stage, confidence, self.clause)

    def stage(self, status: str) -> str:
        """Return the stages of the chain that the clause names, joined by semicolons."""
        if status == RESERVES:
            return "reserve"
        return "; ".join(stage for kind, stage in STAGE_OF_CUE.items() if self.clause.has(kind))

    def foreign(self, *cases: str) -> list[Participant]:
        """Return the countries that stand in one of the cases and may have a role; nobody who only speaks."""
        return [
            one
            for one in self.clause.participants
            if one.case in cases
            and one.country in self.domain.countries
            and not one.speaks
            and not _is_office_of_bloc(one)
            and not patterns.CURRENCY_OR_PEOPLE.match(self.right_of(one))
        ]

    @cached_property
    def users(self) -> list[Participant]:
        """Countries whose branches of industry use goods, and make none: carmakers, 电机厂."""
        start, kinds = (
            self.clause.start,
            ("user", "firm") if self.clause.has("firm") and self._runs_short() else ("user",),
        )
        cues = self.clause.cues_of(*kinds)
        found = []
        for one in self.foreign(DOER, PLACE, TARGET, AGENT, SOURCE) if cues or self.clause.has("use") else ():
            behind = [cue for cue in cues if cue.start >= one.end]
            before = [cue for cue in cues if cue.end <= one.start]
            is_owner = behind and patterns.OWNS_BRANCH.fullmatch(self.text, one.end - start, behind[0].start - start)
            is_place = before and patterns.BRANCH_IN.fullmatch(self.text, before[-1].end - start, one.start - start)
            goods_between = behind and self.names_goods_from(one.end, behind[0].start)
            if self._owns_using_plant(one):
                found.append(one)
                continue
            if is_owner and (
                goods_between or patterns.SELLS_ITSELF.search(self.text[behind[0].end - start :][:_VERB_REACH])
            ):
                continue
            if is_owner or is_place:
                found.append(one)
        return found

    def _owns_using_plant(self, one: Participant) -> bool:
        """Return whether a plant that a country owns uses something: "Hungary's lamp factory needs"."""
        plant = next((cue for cue in self.clause.cues_of("facility") if cue.start >= one.end), None)
        if plant is None or not any(0 <= cue.start - plant.end <= _ADJACENT for cue in self.clause.cues_of("use")):
            return False
        start = self.clause.start
        return bool(patterns.OWNS_BRANCH.fullmatch(self.text, one.end - start, plant.start - start))

    @cached_property
    def _is_over(self) -> bool:
        """Whether the sentence says behind the clause that it came to an end."""
        behind = [one for one in self.sentence if one.start > self.clause.start]
        return any(patterns.CAME_TO_AN_END.match(one.lowered) for one in behind)

    def names_countries(self) -> bool:
        """Return whether the sentence, its actors or the article name a country that may have a role."""
        named = [one for clause in self.sentence for one in clause.participants]
        named += [actor.participant for actor in self.actors]
        return bool(self.main_country) or any(one.country in self.domain.countries for one in named)

    def _runs_short(self) -> bool:
        if any(patterns.WITHOUT.search(one.lowered) and self.domain.is_named_in(one) for one in self.sentence):
            return True
        return self.clause.has("scramble") or bool(
            patterns.LASTS.search(self.text) and self.domain.is_named_in(self.clause)
        )

    def is_of_users(self, cue: Cue) -> bool:
        """Return whether a word stands within the name of a branch that uses goods."""
        in_name = any(one.start <= cue.start < one.end for one in self.clause.cues_of("user"))
        uses = cue.kind == "facility" and any(
            0 <= one.start - cue.end <= _ADJACENT for one in self.clause.cues_of("use")
        )
        return bool(self.users) and (in_name or uses)

    def right_of(self, one: Participant) -> str:
        """Return the characters of the clause behind a participant."""
        return self.text[one.end - self.clause.start :]

    def object_is_goods(self, position: int) -> bool:
        """Return whether the thing named next behind a verb is a good, and no machine, patent or other ware."""
        things = [(cue.start, False) for cue in self.clause.cues_of("equipment")]
        things += [
            (mention.start, mention.concept in self.domain.goods)
            for mention in self.clause.mentions
            if mention.concept in self.domain.goods or mention.concept in self.domain.other_goods
        ]
        behind = [thing for thing in sorted(things) if thing[0] >= position]
        return behind[0][1] if behind else True

    def names_goods_from(self, start: int, end: int | None = None) -> bool:
        """Return whether goods are named between two offsets of the clause."""
        end = self.clause.end if end is None else end
        return any(start <= one.start < end and one.concept in self.domain.goods for one in self.clause.mentions)

    def owns_goods(self, one: Participant) -> bool:
        """Return whether a country qualifies the goods right behind it: "Gabon's manganese", 加蓬的锰."""
        goods = next((m for m in self.clause.mentions if m.concept in self.domain.goods and m.start >= one.end), None)
        if goods is None or self.only_qualifies(goods):
            return False
        gap = self.text[one.end - self.clause.start : goods.start - self.clause.start]
        holds_act = any(one.end <= cue.start < goods.start for cue in self.clause.cues_of(*_ACTS))
        return bool(patterns.QUALIFIES.fullmatch(gap)) and not holds_act

    def only_qualifies(self, goods: ConceptMention) -> bool:
        """Return whether goods qualify a noun within or behind their name: "lithium imports", 稀土储量."""
        form = patterns.FORM_OF_GOODS.match(self.text, goods.end - self.clause.start)
        end = goods.end + (form.end() - form.start() if form else 0)
        return any(
            goods.start < cue.start < goods.end or (goods.start <= cue.start <= end + 1 and cue.end > end)
            for cue in self.clause.cues_of("offshoot", "facility")
        )

    def is_of_substitutes(self) -> bool:
        """Return whether a clause speaks of what does without the goods that it names."""
        goods = [one for one in self.clause.mentions if one.concept in self.domain.goods]
        start = self.clause.start
        return bool(goods) and all(
            patterns.SUBSTITUTED.search(self.text[: one.start - start])
            or patterns.USES_NONE.match(self.text[one.end - start :])
            for one in goods
        )

    def is_supplier_of_somebody(self, position: int) -> bool:
        """Return whether a word of supply names the supplier that somebody has, and not what somebody is."""
        noun = patterns.SUPPLIER_NOUN.match(self.text, position - self.clause.start)
        if noun is None:
            return False
        before = self.text[: noun.start()]
        return bool(patterns.OWN_SUPPLIER.search(before)) and not patterns.IS_ONE.search(before)

    @cached_property
    def routes(self) -> frozenset[str]:
        """Countries that goods of the clause pass through."""
        return frozenset(one.country for one in self.clause.participants if one.case == ROUTE)

    def _goes_on_with_plan(self) -> bool:
        """Return whether the clause goes on with what the one before says of the same actor as a plan."""
        before = [one for one in self.sentence if one.start < self.clause.start]
        if not before or self.own_actors() or patterns.BEGUN.search(self.text):
            return False
        plans = before[-1].cues_of("planned")
        return bool(plans) and before[-1].mood is Mood.PLANNED

    def own_actors(self) -> list[Actor]:
        """Return the actors that the clause names itself."""
        return [actor for actor in self.actors if actor.participant in self.clause.participants]

    def doers_before(self, position: int) -> list[Actor]:
        """Return the actors nearest before a verb, with those listed beside it; inherited ones if it names none."""
        own = self.own_actors()
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

    def is_stopped(self, position: int) -> bool:
        """Return whether an act is stopped or banned by a word before it."""
        return bool(patterns.STOPPED.search(self.text[: position - self.clause.start]))

    def is_denied(self) -> bool:
        """Return whether the clause, or one of its sentence behind it, denies."""
        behind = [one for one in self.sentence if one.start >= self.clause.start]
        return any(one.mood is Mood.DENIED for one in behind)

    def list_start(self, one: Participant) -> int:
        """Return where the list begins that a participant stands in."""
        return min(other.start for other in self.clause.participants if other.list_id == one.list_id)

    def places(self, position: int) -> list[tuple[str, float]] | None:
        """Return where an act happens; empty where that is a country of the question, None where no place is named."""
        users = self.users
        places = [one for one in self.clause.participants if one.case == PLACE and not one.speaks and one not in users]
        behind = [one for one in places if 0 <= one.start - position <= PLACE_REACH]
        chosen = behind or places
        return [(one.country, 1.0) for one in chosen] if chosen else None

    def status(self, position: int) -> str:
        """Return the status of a supply by the mood and the time of its act."""
        if patterns.NOT_YET.search(self.text):
            return PLANNED
        mood = self.clause.mood_at(position)
        if mood is Mood.DENIED or patterns.DENIES_VERB.search(self.text[: position - self.clause.start]):
            return DENIED
        if self._is_over:
            return DENIED
        if mood is Mood.BUILDING:
            return BUILDING
        if mood in {Mood.PLANNED, Mood.POSSIBLE, Mood.DEMANDED, Mood.QUESTION} or is_future_dated(self.clause):
            return PLANNED
        if patterns.SAMPLE.search(self.text) or self._goes_on_with_plan():
            return PLANNED
        if self.clause.has("milestone") and self.clause.has("facility", "mine", "process"):
            return PLANNED
        return RUNNING


def _is_passed_off(clause: Clause) -> bool:
    """Return whether a clause tells of a way that is hidden, and no mere route."""
    return any(
        not patterns.OPEN_WAY.fullmatch(clause.lowered, cue.start - clause.start, cue.end - clause.start)
        for cue in clause.cues_of("transit")
    )


def _is_office_of_bloc(one: Participant) -> bool:
    """Return whether a bloc is named by one of its offices, which acts for it and is no country that supplies."""
    return one.country in BLOCS and one.category == "institution"
