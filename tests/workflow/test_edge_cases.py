"""The thirty cases that a naive register gets wrong, each by its number."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from tests.factories import a_treaty, add_pdf, read
from tests.workflow.facts import a_fact, facts
from tests.workflow.rows import refused
from treaties import status
from treaties.actions import Number, TitleText, add_number, record_act, relate
from treaties.choices import (
    ActKind,
    DocumentKind,
    Kind,
    Language,
    Qualification,
    RelationKind,
    Scheme,
    Stage,
    Status,
)
from treaties.dates import UNKNOWN, PartialDate, parse
from treaties.models import Act, Identifier, Party
from treaties.scope import scope
from workflow import actions, evidence, procedures, queries
from workflow.actions import Finding
from workflow.choices import Authority, Origin, PaperState, StepState
from workflow.clocks import expiry
from workflow.engine import assess
from workflow.guards import Happening
from workflow.models import Dossier
from workflow.procedures import bodies
from workflow.procedures.language import Term, Text, Unit

pytestmark = pytest.mark.django_db
Open = Callable[..., Dossier]
Go = Callable[..., Dossier]
DAY = date(2024, 3, 4)
WHY = "as it was"


def record(actor: User, dossier: Dossier, step: str, when: str | date = DAY, **kw: Any) -> Any:
    on = parse(when) if isinstance(when, str) else PartialDate(when)
    despite = kw.pop("despite", "")
    happening = Happening(step=step, when=on, **kw)
    return actions.record_event(actor=actor, dossier=dossier, happening=happening, despite_reason=despite)


def kinds(dossier: Dossier) -> list[str]:
    return list(dossier.treaty.acts.filter(is_retracted=False).order_by("on", "pk").values_list("kind", flat=True))


def party(code: str) -> Party:
    return Party.objects.get(code=code)


def test_case_01_an_accession_has_no_signature_and_its_deposit_is_the_consent() -> None:
    accession = procedures.latest("accession")
    assert not accession.has("signature")
    assert ActKind.SIGNATURE not in {step.leaves for step in accession.steps}
    assert ActKind.DEPOSIT in {step.leaves for step in accession.steps}


def test_case_02_signed_before_full_powers_is_recorded_flagged_and_confirmed(
    make_dossier: Open, advance: Go, staff: User
) -> None:
    dossier = advance(make_dossier(), until="text_agreed")
    early = dossier.standing_events[-1].on + timedelta(days=1)
    with refused("full_powers", "informed_signature"):
        record(staff, dossier, "signature", early, outcome="ad_referendum")
    record(staff, dossier, "signature", early, outcome="ad_referendum", despite="The minister signed at the summit.")
    seen = queries.assessment(read(dossier))
    assert seen.report("signature").state == StepState.HAPPENED
    assert "full_powers" in read(dossier).standing_events[-1].despite
    confirmed = [blocker.code for blocker in seen.report("signature_confirmed").blockers]
    assert confirmed == ["full_powers"]


def test_case_03_a_signature_subject_to_assent_keeps_its_formula(make_dossier: Open, advance: Go, staff: User) -> None:
    dossier = advance(make_dossier(), until="information_signature")
    day = dossier.standing_events[-1].on + timedelta(days=1)
    formula = "Onder voorbehoud van bekrachtiging"
    event = record(staff, dossier, "signature", day, outcome="subject_to_assent", note=formula)
    assert (event.outcome, event.note, event.acts.get().note) == ("subject_to_assent", formula, formula)
    assert {one.code for one in event.definition.outcomes} == {"subject_to_assent", "ad_referendum", "definitive"}


def test_case_04_provisional_application_runs_beside_the_assent(make_dossier: Open, advance: Go, staff: User) -> None:
    dossier = advance(make_dossier("mixed"), until="signature")
    day = dossier.standing_events[-1].on + timedelta(days=3)
    record(staff, dossier, "provisional_application", day, note="Titel II")
    seen = queries.assessment(read(dossier))
    assert seen.next
    assert seen.next.step.code == "approval_in_principle"
    assert status.derive(dossier.treaty.acts.all(), day).status == Status.PROVISIONAL
    record(staff, dossier, "provisional_end", day + timedelta(days=90))
    after = queries.assessment(read(dossier))
    assert (after.next and after.next.step.code, after.stage) == ("approval_in_principle", Stage.ADVICE)


def test_case_05_sanction_of_the_decree_is_not_ratification_of_the_treaty(make_dossier: Open, advance: Go) -> None:
    procedure = procedures.latest("exclusive")
    assert procedure.step("sanction_and_promulgation").leaves == ActKind.DECREE
    assert procedure.step("international_ratification").leaves == ActKind.RATIFICATION
    dossier = advance(make_dossier(), until="sanction_and_promulgation")
    assert "decree" in kinds(dossier)
    assert "ratification" not in kinds(dossier)


def test_case_06_three_publications_are_apart(make_dossier: Open, advance: Go, staff: User) -> None:
    dossier = advance(make_dossier(), until="text_published")
    day = read(dossier).standing_events[-1].on + timedelta(days=400)
    record(staff, dossier, "notice_published", day, number="2003201585")
    found = [kind for kind in kinds(dossier) if kind.endswith("publication")]
    assert found == ["decree_publication", "text_publication", "notice_publication"]


def test_case_07_a_treaty_signed_on_two_days_has_two_signatures(make_dossier: Open, advance: Go, staff: User) -> None:
    dossier = advance(make_dossier(), until="signature")
    first = read(dossier).standing_events[-1].on
    record(staff, dossier, "signature", first + timedelta(days=35), place="Brussel")
    assert kinds(dossier).count("signature") == 2
    assert queries.assessment(read(dossier)).report("signature").state == StepState.HAPPENED


def test_case_08_a_package_is_one_file_with_a_decree_for_each_treaty(
    staff: User, administrator: User, make_treaty: Callable[..., Any]
) -> None:
    one, other = make_treaty(title="Eerste"), make_treaty(title="Tweede")
    dossier = actions.open_dossier(
        actor=administrator,
        treaty=one,
        procedure="exclusive",
        reason=WHY,
        package=[other],
        origin=Origin.RECONSTRUCTED,
    )
    record(administrator, dossier, "plenary_vote", "2007-02-28", outcome="adopted", source="x", despite=WHY)
    said = {"outcome": "approved", "source": "x", "despite": WHY}
    record(administrator, dossier, "sanction_and_promulgation", "2007-03-09", treaty=other, **said)
    seen = queries.assessment(read(dossier))
    assert seen.report("sanction_and_promulgation").missing_treaties == (one.reference,)
    assert seen.report("sanction_and_promulgation").state != StepState.HAPPENED
    record(administrator, dossier, "sanction_and_promulgation", "2007-03-23", treaty=one, **said)
    assert queries.assessment(read(dossier)).report("sanction_and_promulgation").state == StepState.HAPPENED
    decrees = Act.objects.filter(kind=ActKind.DECREE).order_by("on").values_list("treaty__reference", "on")
    assert list(decrees) == [(other.reference, date(2007, 3, 9)), (one.reference, date(2007, 3, 23))]
    assert Act.objects.filter(kind=ActKind.ASSENT).count() == 2


def test_case_09_an_amendment_has_its_own_procedure_and_a_parent(make_dossier: Open, staff: User) -> None:
    parent = a_treaty(staff, title="Verdrag")
    dossier = make_dossier("amendment", kind=Kind.PROTOCOL, title="Protocol")
    record(staff, dossier, "initiative")
    assert "parent" in {blocker.code for blocker in queries.assessment(read(dossier)).report("mandate").blockers}
    relate(actor=staff, treaty=dossier.treaty, kind=RelationKind.AMENDS, other=parent, reason=WHY)
    assert queries.assessment(read(dossier)).report("mandate").blockers == ()


def test_case_10_requalified_the_dossier_goes_back_and_its_history_stays(
    make_dossier: Open, advance: Go, staff: User
) -> None:
    dossier = advance(make_dossier(qualification=Qualification.EXCLUSIVE_REGION), until="council_of_state_requested")
    found = dossier.standing_events[-1].on + timedelta(days=20)
    actions.requalify(
        actor=staff,
        dossier=dossier,
        qualification=Qualification.MIXED,
        procedure="mixed",
        reason="Het advies acht ook de federale overheid bevoegd.",
        finding=Finding(Authority.COUNCIL_OF_STATE, PartialDate(found), "advies 35.923/1"),
    )
    actions.require_entity(
        actor=staff,
        dossier=read(dossier),
        entity=party("X-BE-FED"),
        reason="fiscale bepalingen",
        finding=Finding(Authority.CONFERENCE, PartialDate(found + timedelta(days=10))),
    )
    row = read(dossier)
    later = found + timedelta(days=20)
    now = queries.assessment(row, later)
    assert (now.procedure.code, now.next and now.next.step.code, now.stage) == (
        "mixed",
        "working_group",
        Stage.NEGOTIATION,
    )
    assert [blocker.code for blocker in now.report("final_approval").blockers][-1] == "to_do_again"
    assert now.report("assent_of_entity").missing_entities == ("X-BE-FED",)
    before = queries.assessment(row, found - timedelta(days=1))
    assert (before.procedure.code, before.report("signature").state) == ("exclusive", StepState.HAPPENED)
    said = [(one.qualification, one.determined_by) for one in row.determinations.order_by("pk")]
    assert said == [("exclusive_region", "register"), ("mixed", "council_of_state")]


def test_case_11_capacity_decides_where_a_treaty_applies() -> None:
    community = str(scope(Qualification.EXCLUSIVE_COMMUNITY))
    region = str(scope(Qualification.EXCLUSIVE_REGION))
    assert "Brussel" in community
    assert "Brussel" not in region.split(";", maxsplit=1)[0]
    both = str(scope(Qualification.EXCLUSIVE_BOTH))
    assert community in both
    assert region in both
    assert scope(Qualification.MIXED) is None


def test_case_12_exclusive_with_another_region_as_co_party_is_not_mixed(make_dossier: Open) -> None:
    dossier = make_dossier(parties=["FR", "BE-VLG", "BE-WAL"], qualification=Qualification.EXCLUSIVE_REGION)
    seen = queries.assessment(dossier)
    assert seen.procedure.code == "exclusive"
    assert [step.code for step in seen.procedure.steps if step.per_entity] == []


def test_case_13_the_kingdom_can_be_the_party_of_an_exclusive_treaty(make_dossier: Open) -> None:
    named = "het Koninkrijk België, vertegenwoordigd door de Vlaamse Regering"
    dossier = make_dossier(parties={"NL": "", "BE": named, "X-BE-VG": ""}, qualification="exclusive_community")
    links = {link.party.code: link.named_as for link in dossier.treaty.party_links.all()}
    assert links == {"NL": "", "BE": named, "X-BE-VG": ""}


def test_case_14_mixed_without_flanders_and_a_federal_treaty_with_association() -> None:
    mixed = procedures.latest("mixed")
    seen = assess(mixed, facts(("initiative", "2024-01-08"), ("working_group", "2024-02-01", "without_flanders")), DAY)
    assert (seen.next, seen.stage) == (None, Stage.DONE)
    association = procedures.latest("association")
    assert not association.has("plenary_vote")
    assert [step.code for step in association.gates]
    assert "6, § 4, 3°" in str(association.law)


def test_case_15_each_entity_its_own_dates_and_wallonia_two_decrees() -> None:
    mixed = procedures.latest("mixed")
    told = [
        a_fact("assent_of_entity", "2024-01-10", "adopted", entity="BE-WAL", pk=1),
        a_fact("assent_of_entity", "2024-02-10", "adopted", entity="X-BE-FED", pk=2),
        a_fact("assent_of_entity", "2024-02-20", "promulgated", entity="BE-WAL", pk=3),
    ]
    needed = {"BE-WAL": 2, "X-BE-FED": 1}
    assert assess(mixed, told, DAY, entities=needed).report("assent_of_entity").missing_entities == ("BE-WAL",)
    told.append(a_fact("assent_of_entity", "2024-01-10", "adopted", entity="BE-WAL", pk=4))
    assert assess(mixed, told, DAY, entities=needed).report("assent_of_entity").missing_entities == ()


def test_case_16_entry_into_force_differs_per_party(staff: User) -> None:
    treaty = a_treaty(staff, parties=["NL", "FR", "BE-VLG"])
    for code, day in (("NL", "2016-11-04"), ("BE-VLG", "2017-05-06")):
        record_act(
            actor=staff, treaty=treaty, kind=ActKind.ENTRY_INTO_FORCE, when=parse(day), party=party(code), reason=WHY
        )
    acts = treaty.acts.order_by("on")
    assert [(act.party.code, act.on) for act in acts] == [
        ("NL", date(2016, 11, 4)),
        ("BE-VLG", date(2017, 5, 6)),
    ]
    step = procedures.latest("mixed").step("entry_into_force")
    assert step.repeatable


def test_case_17_an_advice_that_did_not_come_does_not_stop_the_dossier(make_dossier: Open, advance: Go) -> None:
    dossier = advance(make_dossier(), until="council_of_state_requested")
    asked = dossier.standing_events[-1].on
    last = expiry(dossier.procedure.step("council_of_state_requested").term_after("30_days"), PartialDate(asked))  # type: ignore[arg-type]
    assert last
    on_the_day = queries.assessment(dossier, last)
    assert [blocker.code for blocker in on_the_day.report("final_approval").blockers] == ["council_of_state_open"]
    after = queries.assessment(dossier, last + timedelta(days=1))
    assert after.report("final_approval").blockers == ()
    assert [deadline.is_over for deadline in after.report("council_of_state_requested").deadlines] == [True]


def test_case_18_an_urgent_vote_has_no_committee_report(make_dossier: Open, advance: Go, staff: User) -> None:
    dossier = advance(make_dossier(), until="submitted_to_parliament")
    record(staff, dossier, "plenary_vote", dossier.standing_events[-1].on + timedelta(days=1), outcome="adopted")
    seen = queries.assessment(read(dossier))
    assert seen.report("committee_report").state == StepState.NOT_NEEDED
    assert read(dossier).standing_events[-1].despite == []


def test_case_19_an_amendment_assented_to_beforehand_only_informs_parliament() -> None:
    technical = procedures.latest("technical")
    assert not technical.has("plenary_vote")
    assert any("parliament" in step.code for step in technical.steps)


def test_case_20_a_tacit_acceptance_is_a_deadline_without_a_decree() -> None:
    technical = procedures.latest("technical")
    named = [step for step in technical.steps if step.names_last_day and step.terms]
    assert named
    assert not technical.has("sanction_and_promulgation")


def test_case_21_a_reservation_has_its_text_date_entity_and_withdrawal(make_dossier: Open, staff: User) -> None:
    dossier = make_dossier("mixed", parties=["NL", "BE"])
    said = {"entity": party("BE"), "note": "Artikel 5 geldt niet voor …"}
    record(staff, dossier, "declaration", "2024-01-10", outcome="reservation", **said)
    record(staff, dossier, "declaration", "2024-02-10", outcome="withdrawn", **said)
    made = [(one.outcome, one.on, one.entity.code) for one in read(dossier).standing_events if one.entity]
    assert made == [("reservation", date(2024, 1, 10), "BE"), ("withdrawn", date(2024, 2, 10), "BE")]


def test_case_22_deposit_with_a_depositary_is_another_act_than_an_exchange(
    make_dossier: Open, advance: Go, staff: User
) -> None:
    dossier = advance(make_dossier(), until="information_ratification")
    day = dossier.standing_events[-1].on + timedelta(days=1)
    record(staff, dossier, "notification", day, outcome="deposited")
    assert kinds(dossier)[-1] == "deposit"
    procedure = procedures.latest("exclusive")
    assert procedure.step("notification").leaves_after("exchanged") == ActKind.NOTIFICATION


def test_case_23_a_treaty_of_before_1993_is_denounced_by_the_king() -> None:
    denunciation = procedures.latest("denunciation")
    outcomes = [outcome for step in denunciation.steps for outcome in step.outcomes]
    assert any("167, § 5" in str(outcome.label) for outcome in outcomes)


def test_case_24_a_denunciation_has_notice_and_effect() -> None:
    denunciation = procedures.latest("denunciation")
    acts = [step.leaves for step in denunciation.steps if step.leaves]
    assert acts.index(ActKind.DENUNCIATION) < acts.index(ActKind.END)


def test_case_25_a_treaty_that_will_not_be_ratified_is_on_hold_and_not_late(
    make_dossier: Open, advance: Go, staff: User
) -> None:
    dossier = advance(make_dossier("mixed", entities=["X-BE-FED"]), until="council_of_state_requested")
    assert dossier.next_deadline is None or not dossier.is_on_hold
    today = timezone.localdate()
    record(staff, dossier, "put_on_hold", today, note="Vlaanderen wil niet ratificeren.")
    row = read(dossier)
    assert (row.is_on_hold, row.next_deadline) == (True, None)
    record(staff, dossier, "resumed", today)
    assert not read(dossier).is_on_hold
    record(staff, dossier, "assent_of_entity", today, outcome="declined", entity=party("X-BE-FED"))
    assert read(dossier).is_on_hold


def test_case_26_councils_are_known_by_the_time_they_existed() -> None:
    sariv = bodies.get("sariv")
    assert sariv
    assert sariv.valid_on(date(2010, 1, 1))
    assert not sariv.valid_on(date(2020, 1, 1))


def test_case_27_a_number_of_parliament_is_one_with_its_session(staff: User) -> None:
    for title, session in (("Een", "2010-2011"), ("Twee", "2014-2015")):
        number = Number(Scheme.PARLIAMENT, f"1160 ({session}) nr. 1")
        add_number(actor=staff, treaty=a_treaty(staff, title=title), number=number, reason=WHY)
    add_number(
        actor=staff,
        treaty=a_treaty(staff, title="Drie"),
        number=Number(Scheme.COUNCIL_OF_STATE, "62.109/1/V"),
        reason=WHY,
    )
    found = list(Identifier.objects.order_by("pk").values_list("value", flat=True))
    assert found == ["1160 (2010-2011) nr. 1", "1160 (2014-2015) nr. 1", "62.109/1/V"]


def test_case_28_working_days_skip_belgian_holidays_and_the_day_of_receipt() -> None:
    term = Term(5, Text("x", "x"), ("y",), Text("z", "z"), unit=Unit.WORKING)
    # Received on Friday 12 April 2019; Easter Monday is 22 April.
    assert expiry(term, PartialDate(date(2019, 4, 15))) == date(2019, 4, 23)
    assert expiry(term, PartialDate(date(2019, 4, 12))) == date(2019, 4, 19)
    assert expiry(term, UNKNOWN) is None


def test_case_29_a_memorandum_with_money_needs_the_inspectorate_and_the_government(
    make_dossier: Open, staff: User
) -> None:
    dossier = make_dossier("mou")
    for step, outcome in (("initiative", ""), ("draft", ""), ("wording_check", "money")):
        record(staff, dossier, step, outcome=outcome)
    row = read(dossier)
    gate = row.procedure.step("consent_to_sign")
    asked = {paper.kind: paper.state for paper in evidence.of_gate(row, gate)}
    assert asked[DocumentKind.FINANCE_ADVICE] == PaperState.MISSING
    now = queries.assessment(row)
    assert now.next
    assert now.next.step.code == "consent_to_sign"
    assert "consent" in {blocker.code for blocker in now.report("signature").blockers}


def test_case_30_authentic_texts_and_translations_are_different_documents(staff: User) -> None:
    treaty = a_treaty(staff, titles=[TitleText(Language.NL, "Verdrag"), TitleText(Language.FR, "Traité")])
    signed = add_pdf(staff, treaty, DocumentKind.SIGNED_TEXT, "fr")
    translated = add_pdf(staff, treaty, DocumentKind.TRANSLATION, "nl")
    assert (signed.kind, translated.kind) == ("signed_text", "translation")
    assert signed.sha256 != translated.sha256
    assert treaty.documents.count() == 2
