"""What one clause says of export control: the act, its direction, its actor and its date.

The mood of the clause says whether an act happened, is asked for or is threatened; a control that is
only described stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause
from rare_topics.clauses.cues import Cue
from rare_topics.clauses.discourse import Actor, clauses_around
from rare_topics.clauses.modality import Mood
from rare_topics.corpus.languages import is_han
from rare_topics.themes import control_patterns as patterns
from rare_topics.themes.control_actors import CONDITIONAL, find_actor, find_asker
from rare_topics.themes.control_dates import date_of_act, dates_of_beginning
from rare_topics.themes.control_effects import Effect, find_effects, is_proposed
from rare_topics.themes.control_nouns import BAN_WORD, CONTROLS, EXPORT, GATE, LICENCE, RELIEF, RESTRICTION, nouns_of
from rare_topics.themes.supply_domain import SupplyDomain

DIRECTIONS = ("tightened", "eased", "demanded", "threatened", "standing")
TIGHTENED, EASED, DEMANDED, THREATENED, STANDING = DIRECTIONS
# Confidence that an act is one of goods that its sentence does not name: where the article is about them, where it
# names them besides, and elsewhere; chosen by hand on the seed pages.
ABOUT_GOODS, NAMES_GOODS, _NOT_ABOUT_GOODS = 0.65, 0.6, 0.4
# Confidence in a direction by what shows it; chosen by hand on the seed pages.
_BY_VERB, _BY_ADJECTIVE, _DESCRIBED = 1.0, 0.9, 0.6


class ControlAct(NamedTuple):
    """An act of export control.

    Attributes
    ----------
    date
        ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or ``YYYY-Qn`` of the act; empty where the text gives none.
    actor
        Country or alliance that acts, or that asks; empty where it is not named.
    direction
        One of `DIRECTIONS`.
    object
        Concepts of the goods, joined by ``; ``.
    confidence
        0 to 1.
    clause
        The clause.
    is_described
        Whether a control is only described: any act of it says more.
    """

    date: str
    actor: str
    direction: str
    object: str
    confidence: float
    clause: Clause
    is_described: bool = False


class ControlReading:
    """A clause with what its article says around it."""

    def __init__(
        self,
        clauses: Sequence[Clause],
        actors: Sequence[tuple[Actor, ...]],
        number: int,
        domain: SupplyDomain,
        *,
        about_goods: float,
        is_known: bool,
    ) -> None:
        self.clause = clauses[number]
        self.domain = domain
        self.actors = actors[number]
        self.text = self.clause.lowered
        around = clauses_around(clauses, number)
        self.about_goods = about_goods
        self.is_about_goods = about_goods >= ABOUT_GOODS
        self.is_known = is_known
        self.sentence = [one for one in around if one.sentence == self.clause.sentence]
        self.so_far = [one for one in self.sentence if one.start <= self.clause.start]
        self.before = [one for one in around if self.clause.sentence - one.sentence == 1]

    @cached_property
    def nouns(self) -> list[Cue]:
        """Controls and exports that the clause names, or the control that it alters without naming it again."""
        named = nouns_of(self.clause, self.sentence, self.domain.goods, is_known=self.is_known and self.is_about_goods)
        if not self.clause.has("impose", "lift", "keep", "allow", "refuse", "forbid"):
            return named
        if patterns.SUBJECTLESS.match(self.text) and self._continues_a_control():
            return [Cue(RESTRICTION, self.clause.start, self.clause.start), *named]
        if named:
            return named
        alters = patterns.ALTERS.search(self.text)
        if not alters or not self._continues_a_control():
            return []
        group = next(name for name, found in alters.groupdict().items() if found)
        position = self.clause.start + alters.start(group)
        kind = EXPORT if patterns.RESUMES.match(alters[group]) else RESTRICTION
        return [Cue(kind, position, position)]

    def _continues_a_control(self) -> bool:
        """Whether what the sentence, or in Chinese the one before, named last is a control, or an export stopped."""
        before = self.so_far[:-1] or (self.before if is_han(self.text.strip()[:1] or " ") else [])
        for one in reversed(before):
            nouns = nouns_of(one, self.sentence, self.domain.goods)
            if nouns:
                if nouns[-1].kind == EXPORT and patterns.RESUMES.search(self.text):
                    return True
                return nouns[-1].kind in CONTROLS or any(e.direction != EASED for e in find_effects(one, nouns))
        return False

    @cached_property
    def effects(self) -> list[Effect]:
        """What becomes of them."""
        return find_effects(self.clause, self.nouns)

    def acts(self) -> list[ControlAct]:
        """Return the act that the clause speaks of, if any."""
        direction, how_sure = self._direction()
        sure = self._goods_confidence() if direction else 0.0
        if direction == THREATENED and self.is_about_goods and patterns.ANSWERS_A_CONTROL.search(self.text):
            sure = max(sure, ABOUT_GOODS)
        if not sure:
            return []
        actor, actor_sure = self._actor(direction)
        if direction == THREATENED and not actor and patterns.FEAR.search(self.text):
            return []
        date = self._date(direction)
        confidence = round(sure * how_sure * actor_sure, 2)
        is_described = how_sure == _DESCRIBED
        act = ControlAct(date, actor, direction, self._object(), confidence, self.clause, is_described)
        if direction not in {EASED, STANDING}:
            return [act]
        # What is eased, or stands, began: "the ban of May 2025 was eased in June".
        began = [one for one in dates_of_beginning(self.clause) if one != date]
        return [act, *(act._replace(date=one, direction=TIGHTENED, is_described=False) for one in began)]

    def _date(self, direction: str) -> str:
        return date_of_act(
            self.clause,
            sentence=self.sentence,
            effects=self.effects,
            effects_of=self._effects_of,
            is_eased=direction == EASED,
        )

    def _effects_of(self, clause: Clause) -> list[Effect]:
        return find_effects(clause, nouns_of(clause, self.sentence, self.domain.goods))

    def _goods_confidence(self) -> float:
        is_named_in = self.domain.is_named_in
        if is_named_in(self.clause):
            return 1.0
        if self._trades_in_others(self.clause):
            return 0.0
        if any(map(is_named_in, self.sentence)):
            return 0.9
        # A condition may lie in the trade of other goods.
        if any(self._trades_in_others(one) for one in self.sentence if not CONDITIONAL.search(one.lowered)):
            return 0.0
        if any(map(is_named_in, self.before)):
            return 0.8
        kinds = {noun.kind for noun in self.nouns}
        is_control = bool(kinds & {RESTRICTION, LICENCE}) or bool(patterns.SUSPENSION.search(self.text))
        return self.about_goods if self.is_about_goods or is_control or self.is_known else _NOT_ABOUT_GOODS

    def _trades_in_others(self, clause: Clause) -> bool:
        """Whether a clause names other goods, not counting those of the firms that something is for."""
        others = [one for one in clause.mentions if one.concept in self.domain.other_goods]
        return any(not patterns.RECIPIENT_BEHIND.match(clause.lowered[one.end - clause.start :]) for one in others)

    def _direction(self) -> tuple[str, float]:
        """Return the direction of the act and how sure it is; empty where the clause speaks of none."""
        if self._is_demand():
            return DEMANDED, _BY_VERB
        direction, how_sure = self._done()
        if direction and self._comes_to_nothing(direction):
            return "", 0.0
        return direction, how_sure

    def _done(self) -> tuple[str, float]:  # noqa: PLR0911 - one return for each direction, in their order
        """Return what is done, threatened or left as it is, whether or not it comes to something."""
        if direction := self._of_suspension():
            return direction, _BY_VERB
        if (self.domain.is_named_in(self.clause) or self.is_about_goods) and patterns.WOULD_BE_NEXT.search(self.text):
            return THREATENED, _BY_VERB
        first = {effect.direction: effect for effect in reversed(self.effects)}
        if EASED in first:
            return self._easing(first[EASED])
        if STANDING in first and CONDITIONAL.search(self.text):
            return "", 0.0
        if STANDING in first and not self._goes_on_tightening(first):
            return STANDING, _BY_VERB
        if TIGHTENED in first:
            strong = [one for one in self.effects if one.direction == TIGHTENED and one.noun != "rule"]
            return self._tightening(next(iter(strong), first[TIGHTENED]))
        return self._without_verb()

    def _goes_on_tightening(self, first: dict[str, Effect]) -> bool:
        """Whether what continues is the tightening itself: "continues to tighten controls"."""
        if TIGHTENED not in first or first[STANDING].verb != "keep":
            return False
        act = self.text[first[TIGHTENED].position - self.clause.start :]
        is_next = 0 < first[TIGHTENED].position - first[STANDING].position <= _GOES_ON_REACH
        return is_next and bool(patterns.STRICTER.match(act))

    def _is_weighed(self, position: int) -> bool:
        """Whether an act is weighed, threatened, or depends on something."""
        if any(CONDITIONAL.search(one.lowered) for one in self.so_far):
            return True
        before = [one.lowered for one in self.so_far[:-1]]
        # A Chinese clause without a subject goes on with what its sentence weighs.
        goes_on = is_han(self.text.strip()[:1] or " ") and not self.clause.participants
        if goes_on and before and self.so_far[-2].has("possible"):
            return True
        if any(
            patterns.THREAT_BEFORE.search(text) or (patterns.PROPOSED.search(text) and not patterns.PASSED.search(text))
            for text in before
        ):
            return True
        reach = _WEIGHED_REACH_HAN if is_han(self.text.strip()[:1] or " ") else _WEIGHED_REACH
        cues = [cue for cue in self.clause.cues_of("weigh", "possible") if 0 <= position - cue.end <= reach]
        if any(patterns.AGREED.search(one.lowered) for one in self.so_far):
            cues = [cue for cue in cues if not self._is_would(cue)]
        return bool(cues) and not (patterns.INTENDS.search(self.text) and patterns.SCHEDULED.search(self.text))

    def _is_would(self, cue: Cue) -> bool:
        """Whether a word only puts what was decided into the past: "decided that exports would end"."""
        return self.text[cue.start - self.clause.start : cue.end - self.clause.start] == "would"

    def _easing(self, effect: Effect) -> tuple[str, float]:
        if patterns.CONDITION.search(self.text):
            return STANDING, _BY_ADJECTIVE
        if self.clause.mood is Mood.QUESTION or self._is_supposed(effect.position):
            return "", 0.0
        is_announced = any(
            patterns.ANNOUNCED.search(one.lowered) or patterns.AGREED.search(one.lowered) for one in self.so_far
        )
        if not is_announced and self._is_weighed(effect.position):
            return "", 0.0
        return EASED, _BY_VERB

    def _tightening(self, effect: Effect) -> tuple[str, float]:  # noqa: PLR0911 - one return for each reason
        if patterns.BACKGROUND.search(self.text) or patterns.STOPS_PRODUCTION.search(self.text):
            return "", 0.0
        if self._is_supposed(effect.position) or (effect.noun == "rule" and self._is_eased_behind()):
            return "", 0.0
        if patterns.ENFORCEMENT.search(self.text) and effect.noun in {EXPORT, GATE}:
            return "", 0.0
        if effect.verb in {"shut", "forbid"} and patterns.FORCE_MAJEURE.search(self.text):
            return "", 0.0
        if self._is_weighed(effect.position) or patterns.OF_A_BILL.search(self.text):
            return THREATENED, _BY_VERB
        if self.clause.mood is Mood.QUESTION:
            return "", 0.0
        if any(patterns.REAFFIRMS.search(one.lowered) for one in self.sentence):
            return STANDING, _BY_ADJECTIVE
        if (
            effect.verb in {"require", "refuse", "oblige"}
            and not self._date(TIGHTENED)
            and not patterns.NOW.search(self.text)
        ):
            return STANDING, _BY_ADJECTIVE
        return TIGHTENED, _BY_VERB

    def _is_eased_behind(self) -> bool:
        """Whether the order that is signed turns out to ease: "signed an order that ends the ban"."""
        behind = [one for one in self.sentence if one.start >= self.clause.start]
        return any(effect.direction == EASED for one in behind for effect in self._effects_of(one))

    def _is_supposed(self, position: int) -> bool:
        """Whether a clause ends in a condition that holds the act: "stocks would last a month if exports stopped"."""
        condition = patterns.SUPPOSES.search(self.text, 1)
        return bool(condition and condition.end() <= position - self.clause.start)

    def _without_verb(self) -> tuple[str, float]:
        nouns = [noun for noun in self.nouns if noun.kind in CONTROLS]
        if not nouns:
            # What was named right before remains: "…不在协议之内,依旧有效".
            named = nouns_of(self.so_far[-2], self.sentence, self.domain.goods) if len(self.so_far) > 1 else []
            if self.clause.has("refuse") and any(noun.kind in CONTROLS for noun in named):
                return STANDING, _BY_ADJECTIVE
            remains = patterns.REMAINS.search(self.text) and any(noun.kind in CONTROLS for noun in named)
            return (STANDING, _BY_ADJECTIVE) if remains else ("", 0.0)
        if is_proposed(self.clause, nouns):
            return THREATENED, _BY_VERB
        if any(patterns.NOT_EXCLUDED.search(one.lowered) for one in self.sentence if one.start >= self.clause.start):
            return THREATENED, _BY_VERB
        new = patterns.NEW.search(self.text)
        if (
            new and not self._names_other_goods(new) and not self.clause.has("possible")
        ) or patterns.DATED_CONTROL.search(self.text):
            return TIGHTENED, _BY_ADJECTIVE
        is_strong = any(noun.kind in {RESTRICTION, LICENCE} for noun in nouns)
        return (STANDING, _DESCRIBED) if is_strong and self.clause.has("described") else ("", 0.0)

    def _names_other_goods(self, found: re.Match[str]) -> bool:
        start, end = (self.clause.start + offset for offset in found.span())
        return any(start <= one.start < end and one.concept in self.domain.other_goods for one in self.clause.mentions)

    def _comes_to_nothing(self, direction: str) -> bool:
        """Whether the clause speaks of mines, of who will not restrict, of a fear, or of what is voted down."""
        if patterns.PLAN_DROPPED.search(self.text):
            return True
        if direction != EASED and any(patterns.VOTED_DOWN.search(one.lowered) for one in self.sentence):
            return True
        if patterns.NOT_OF_TRADE.search(self.text):
            return True
        if patterns.MINING_PERMIT.search(self.text) and not self.clause.has("export"):
            return True
        return any(
            pattern.search(self.text) for pattern in (patterns.WILL_NOT_RESTRICT, patterns.PREVENTS, patterns.RULED_OUT)
        )

    def _of_suspension(self) -> str:
        """Return what becomes of a suspension, or of an easing that is refused; empty for neither."""
        if not self.clause.has("lift", "keep", "grant", RELIEF, RESTRICTION, LICENCE, BAN_WORD):
            return ""
        if patterns.ENDS_SUSPENSION.search(self.text) and any(one.has("possible") for one in self.so_far):
            return THREATENED
        if patterns.ENDED_SUSPENSION.search(self.text) and not self.clause.has("possible"):
            return TIGHTENED
        extends = patterns.EXTENDS_SUSPENSION.search(self.text)
        if extends and not self._is_weighed(self.clause.start + extends.start()):
            return EASED
        if patterns.SUSPENSION_STANDS.search(self.text) and not self.clause.has("possible"):
            return STANDING
        is_refused = patterns.REFUSED.search(self.text) and self.clause.has("restriction", "licence", "lift", "grant")
        return STANDING if is_refused or patterns.NOT_EASED.search(self.text) else ""

    def _is_demand(self) -> bool:  # noqa: PLR0911 - one return for each form
        """Whether somebody asks for easing: of controls, or by a concession on the goods."""
        eases = any(effect.direction == EASED for effect in self.effects)
        if patterns.ASKS_NO_LONGER.search(self.text) or (eases and self._asked_before()):
            return False
        if self._asks_by_form(eases=eases):
            return True
        if not any(one.has("demanded", "ask") for one in self.so_far) and not self._wants_of_another():
            return False
        effects = self._asked_effects()
        if patterns.EXTENDS_SUSPENSION.search(self.text) or self._asks_for_licences():
            return True
        eases = any(effect.direction == EASED for effect in effects)
        names_goods = self.domain.is_named_in(self.clause)
        if eases or patterns.NOT_RESTRICTING.search(self.text):
            return True
        if names_goods and patterns.ASKS_TO_SUPPLY.search(self.text) and not self._asks_a_firm():
            return True
        is_asked = any(one.has("demanded") and one.participants for one in self.so_far)
        if is_asked and names_goods and any(patterns.EASING_NEED.search(one.lowered) for one in self.so_far):
            return True
        near = any(nouns_of(one, self.sentence) for one in (*self.before, *self.so_far))
        if not near and not self.is_about_goods and not names_goods:
            return False
        return bool(
            (self.nouns and patterns.RELAXATION.search(self.text)) or patterns.SPEEDS_LICENCES.search(self.text)
        )

    def _asks_a_firm(self) -> bool:
        """Whether nobody but the asker is named: who asks a firm for goods orders them."""
        return len({one.country for part in self.so_far for one in part.participants}) < _TWO_STATES

    def _asked_before(self) -> bool:
        """Whether the asking is past, and was heard: "resumed after Seoul had pleaded"."""
        return any(
            patterns.AFTER_ASKING.search(self.text[: cue.start - self.clause.start])
            or patterns.AFTER_ASKING_HAN.match(one.lowered[cue.end - one.start :])
            for one in self.so_far
            for cue in one.cues_of("demanded", "ask")
        )

    def _wants_of_another(self) -> bool:
        """Whether somebody wants something of a country that is named behind: "Seoul hopes that Beijing …"."""
        asked = [cue.end for one in self.so_far for cue in one.cues_of("wish")]
        if not asked:
            return False
        people = [one for part in self.so_far for one in part.participants]
        askers = {one.country for one in people if one.start < asked[0]}
        return any(one.start >= asked[0] and one.country not in askers for one in people) or bool(
            patterns.TO_BE_DONE.search(self.text)
        )

    def _asks_for_licences(self) -> bool:
        """Whether what is asked for is a licence or a relief: "asked Beijing for one-year licences"."""
        nouns = [*self.clause.cues_of(LICENCE, RELIEF)]
        if not nouns or any(effect.direction == TIGHTENED for effect in self.effects):
            return False
        before = self.text[: nouns[0].start - self.clause.start]
        return bool(patterns.ASKS_FOR.search(before) or patterns.ASKS_FOR_HAN.search(before))

    def _asked_effects(self) -> Sequence[Effect]:
        """Return what becomes of controls in what is asked for: papers and approvals are those for the goods."""
        if any(effect.direction == EASED for effect in self.effects):
            return self.effects
        nouns = nouns_of(self.clause, self.sentence, self.domain.goods, is_known=True)
        return find_effects(self.clause, nouns)

    def _asks_by_form(self, *, eases: bool) -> bool:
        """Whether it is the form that asks: "should be lifted", "Lift …, Berlin replied", "is the first condition"."""
        if not eases:
            return bool(
                patterns.ASKS.search(self.text)
                and (patterns.EXTENDS_SUSPENSION.search(self.text) or patterns.SPEEDS_LICENCES.search(self.text))
            )
        if patterns.ASKS.search(self.text) or patterns.CONDITION_OF.search(self.text):
            return True
        if patterns.IMPERATIVE.search(self.text) and len(self.sentence) > 1:
            return True
        behind = [one for one in self.sentence if one.start == self.clause.end]
        return any(patterns.IS_WHAT_IS_ASKED.search(one.lowered) for one in behind)

    def _actor(self, direction: str) -> tuple[str, float]:
        if direction == DEMANDED:
            return find_asker(self.clause, sentence=self.sentence)
        first = next(iter(self.effects), None)
        return find_actor(
            self.clause,
            sentence=self.sentence,
            before=self.before,
            actors=self.actors,
            acts_at=first.position if first else None,
            grants=first is not None and first.verb == "grant",
        )

    def _object(self) -> str:
        mentions = self.clause.mentions or ()
        names = [mention.concept for mention in mentions if mention.concept in self.domain.goods]
        if not names:
            names = [m.concept for one in self.sentence for m in one.mentions if m.concept in self.domain.goods]
        return "; ".join(dict.fromkeys(names))


# Reach of a word that weighs an act, in characters of English and of Chinese, and of one that continues it;
# chosen by hand on the seed pages.
_WEIGHED_REACH, _WEIGHED_REACH_HAN = 90, 12
_GOES_ON_REACH = 16
_TWO_STATES = 2
