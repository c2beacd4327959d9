"""Why a dossier waits, for whom, until when and by which article: one sentence in Dutch and in English. Pure.

Said from the same assessment as the gates are judged by, so it can never say something else than they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import override

from workflow.choices import StepState
from workflow.clocks import spoken
from workflow.conditions import steps_of
from workflow.engine import Assessment, Deadline, StepReport
from workflow.procedures.language import NO_TEXT, Answered, Text
from workflow.procedures.law import MIXED_12


@dataclass(frozen=True)
class Waiting:
    """The sentence, and the law it rests on (empty where none says it)."""

    sentence: Text
    law: Text = NO_TEXT

    @property
    def whole(self) -> Text:
        """The sentence with its law."""
        if not self.law:
            return self.sentence
        return Text(f"{self.sentence.nl} ({self.law.nl})", f"{self.sentence.en} ({self.law.en})")


def why(now: Assessment, names: Mapping[str, Text] | None = None) -> Waiting:
    """What `now` waits for. `names` gives the names of Belgian entities by their code."""
    if now.next is None:
        return Waiting(_ended(now))
    if now.paused_by:
        return _paused(now)
    if now.declined:
        return _declined(now, names or {})
    if now.suspended_by:
        return Waiting(now.suspended_by.sentence, now.suspended_by.law)
    if now.next.state == StepState.ASKED:
        return _asked(now.next)
    if now.next.state == StepState.BLOCKED:
        return _blocked(now, now.next, names or {})
    if now.next.state == StepState.SCHEDULED:
        return _scheduled(now.next)
    return _open(now.next)


def both(label: object) -> Text:
    """A translated word in both languages."""
    said = {}
    for language in ("nl", "en"):
        with override(language):
            said[language] = str(label)
    return Text(said["nl"], said["en"])


def _ended(now: Assessment) -> Text:
    for report in now.steps:
        for fact in report.facts[-1:]:
            if report.step.ends_with(fact.outcome):
                outcome = next(one.label for one in report.step.outcomes if one.code == fact.outcome)
                return Text(
                    f"Niets meer: “{report.step.label.nl}” eindigde met “{outcome.nl}”.",
                    f"Nothing any more: “{report.step.label.en}” ended with “{outcome.en}”.",
                )
    return Text("Niets meer: de procedure is voltooid.", "Nothing any more: the procedure is completed.")


def _paused(now: Assessment) -> Waiting:
    on = now.paused_by.when.on if now.paused_by else None
    if on is None:
        return Waiting(Text("Aangehouden: niets is te laat.", "On hold: nothing is late."))
    day = spoken(on)
    return Waiting(Text(f"Aangehouden sinds {day.nl}: niets is te laat.", f"On hold since {day.en}: nothing is late."))


def _declined(now: Assessment, names: Mapping[str, Text]) -> Waiting:
    who = [names.get(code, Text(code, code)) for code in now.declined]
    nl, en = ", ".join(name.nl for name in who), ", ".join(name.en for name in who)
    return Waiting(Text(f"Aangehouden: {nl} zal niet instemmen.", f"On hold: {en} will not assent."), MIXED_12)


def _asked(report: StepReport) -> Waiting:
    actor, label = both(report.step.actor.label), report.step.label
    return Waiting(
        Text(
            f"Wacht op de beslissing van {actor.nl} over “{label.nl}”.",
            f"Waiting for {actor.en} to decide on “{label.en}”.",
        ),
        report.step.law,
    )


def _scheduled(report: StepReport) -> Waiting:
    label = report.step.label
    on = report.facts[-1].when.on
    day = spoken(on) if on else NO_TEXT
    return Waiting(
        Text(f"“{label.nl}” is aangekondigd voor {day.nl}.", f"“{label.en}” is announced for {day.en}."),
        report.step.law,
    )


def _open(report: StepReport) -> Waiting:
    actor, label = both(report.step.actor.label), report.step.label
    sentence = Text(f"Wacht op {actor.nl}: “{label.nl}”.", f"Waiting for {actor.en}: “{label.en}”.")
    return Waiting(sentence, report.step.law)


def _blocked(now: Assessment, report: StepReport, names: Mapping[str, Text]) -> Waiting:
    """By the term that runs where one does, else by the first thing that lacks."""
    codes = {blocker.code for blocker in report.blockers}
    needs = [need for need in report.step.needs if need.code in codes]
    for need in needs:
        if isinstance(need.condition, Answered):
            for deadline in now.report(need.condition.step).deadlines:
                if not deadline.is_over:
                    return _term(deadline)
    blocker = report.blockers[0]
    why_not = blocker.sentence if isinstance(blocker.sentence, Text) else both(blocker.sentence)
    law = blocker.law if isinstance(blocker.law, Text) else NO_TEXT
    missing = [code for need in needs for step in steps_of(need.condition) for code in _missing(now, step)]
    if missing:
        who = [names.get(code, Text(code, code)) for code in dict.fromkeys(missing)]
        nl, en = ", ".join(name.nl for name in who), ", ".join(name.en for name in who)
        why_not = Text(f"{why_not.nl} Nog: {nl}.", f"{why_not.en} Still: {en}.")
    label = report.step.label
    return Waiting(Text(f"“{label.nl}” wacht: {why_not.nl}", f"“{label.en}” waits: {why_not.en}"), law)


def _missing(now: Assessment, step: str) -> tuple[str, ...]:
    return now.report(step).missing_entities if now.procedure.has(step) else ()


def _term(deadline: Deadline) -> Waiting:
    label, law = deadline.term.label, deadline.term.law
    if deadline.last is None:
        return Waiting(
            Text(
                f"Wacht op: {label.nl}; het einde van de termijn kan nog niet bekend zijn.",
                f"Waiting for: {label.en}; the end of the term cannot be known yet.",
            ),
            law,
        )
    last = spoken(deadline.last)
    return Waiting(
        Text(
            f"Wacht op: {label.nl}, tot en met {last.nl}.",
            f"Waiting for: {label.en}, up to and including {last.en}.",
        ),
        law,
    )
