"""A treaty in which every column of every part is filled, with texts that are hard on files."""

from datetime import date
from typing import Any

from django.db import models

from accounts.actions import add_department, service_account
from audit.actions import change
from audit.choices import Action
from tests import factories
from treaties import search
from treaties.choices import Access, ActKind, DeclarationKind, DocumentKind, ForceRule, RelationKind, Scheme
from treaties.dates import UNKNOWN, PartialDate, parse
from treaties.models import (
    Act,
    Declaration,
    ForceClause,
    Identifier,
    Party,
    PartyName,
    Relation,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)
from treaties.models.reference import Theme

# Begins as a formula and with apostrophes; quotes, separators and line ends of every kind; composed and not.
AWKWARD = "''=1+1; \"quoted\", 'once'\r\nзакон 条約 e\u0301 é \u2028 عهد\tend\n"
FULL, OTHER = "TFULLFULL", "TALLEMPTY"


def save(*rows: models.Model) -> None:
    for row in rows:
        row.save(force_insert=True)


def party(code: str) -> Party:
    return Party.objects.get(code=code)


def full() -> Treaty:
    """The full treaty, and an empty one that it is related to; inside one change."""
    with change(service_account(), action=Action.TREATY_REGISTER, reason="test"):
        other = Treaty(reference=OTHER, kind="mou")
        treaty = Treaty(
            reference=FULL,
            kind="protocol",
            qualification="eu_mixed",
            access=Access.PUBLIC,
            department=add_department(code="DEP-1", name_nl=AWKWARD.strip(), name_en="=1"),
            summary_nl=AWKWARD,
            summary_en="=cmd",
            territory="@here",
            depositary=party("CH"),
            authentic_languages=["nl", "fr"],
            note="'",
            sources="https://example.org/\n-x",
            is_demo=True,
        )
        save(other, treaty)
        _names(treaty)
        _papers_and_acts(treaty)
        _declarations(treaty)
        _clause_and_relations(treaty, other)
        search.touch(treaty)
        search.touch(other)
    return treaty


def _names(treaty: Treaty) -> None:
    save(
        Title(treaty=treaty, language="fr", kind="official", text=AWKWARD),
        Title(treaty=treaty, language="nl", kind="short", text="\t=tab"),
        TreatyParty(treaty=treaty, party=party("NL"), named_as="'s-Gravenhage", territory=party("AW")),
        TreatyParty(treaty=treaty, party=party("BE-VLG")),
        TreatyTheme(treaty=treaty, theme=Theme.objects.get(slug="toerisme")),
        TreatyTheme(treaty=treaty, theme=Theme.objects.get(slug="cultuur")),
        Identifier(
            treaty=treaty,
            scheme=Scheme.CETS,
            value="=187",
            url="https://example.org/?a=1&b=;,",
            note=AWKWARD[:300],
            since=date(2001, 2, 3),
            source="-s",
        ),
        PartyName(
            party=party("CD"),
            language="fr",
            kind="official",
            text="Zaïre, République du",
            valid_from=date(1971, 10, 27),
            valid_to=date(1997, 5, 17),
            source="+s",
        ),
        PartyName(party=party("CD"), language="fr", kind="official", text="Zaïre, République du"),
    )


def _papers_and_acts(treaty: Treaty) -> None:
    actor = service_account()
    first = factories.add_pdf(actor, treaty, DocumentKind.PRELIMINARY_DRAFT, "first", access=Access.PUBLIC, source="@")
    second = factories.add_pdf(actor, treaty, DocumentKind.PRELIMINARY_DRAFT, "second", is_demo=True)
    advice = factories.add_pdf(actor, treaty, DocumentKind.FINANCE_ADVICE, about=second, access=Access.PUBLIC)
    second.replaces, second.standing = first, "authentic"
    second.save()
    rest: dict[str, Any] = {
        "territory": party("AW"),
        "scope": AWKWARD,
        "place": "=Brussel",
        "manner": "ad_referendum",
        "signatory": "'t Hooft",
        "capacity": "minister",
        "full_powers": "produced",
        "number": "-1",
        "page": "+12",
        "address": "https://example.org/a",
        "document": advice,
        "note": AWKWARD,
        "source": "https://example.org/; =2",
    }
    save(
        _act(treaty, ActKind.SIGNATURE, "2007", "2008-02", party=party("NL"), **rest),
        _act(treaty, ActKind.RATIFICATION, "2007-01-01"),
        _act(treaty, ActKind.RATIFICATION, "2006-12", is_retracted=True, document=second),
        _act(treaty, ActKind.END, ""),
    )


def _act(treaty: Treaty, kind: ActKind, when: str, effect: str = "", **kw: Any) -> Act:
    on, works = parse(when), parse(effect)
    dates = {"on": on.on, "precision": on.precision, "effect_on": works.on, "effect_precision": works.precision}
    return Act(treaty=treaty, kind=kind, **dates, **kw)


def _declarations(treaty: Treaty) -> None:
    objected = _declaration(treaty, DeclarationKind.RESERVATION, "FR", parse("2010-05-06"), withdrawn=parse("2012"))
    save(objected)
    save(
        # Stands before what it objects to: it is dated earlier.
        _declaration(treaty, DeclarationKind.OBJECTION, "NL", parse("2009"), objects_to=objected),
        _declaration(treaty, DeclarationKind.DECLARATION, "NL", UNKNOWN, is_retracted=True),
    )


def _declaration(
    treaty: Treaty, kind: str, code: str, on: PartialDate, withdrawn: PartialDate = UNKNOWN, **kw: Any
) -> Any:
    return Declaration(
        treaty=treaty,
        kind=kind,
        party=party(code),
        language="und",
        text=AWKWARD,
        article="art. 1, '2",
        on=on.on,
        precision=on.precision,
        withdrawn_on=withdrawn.on,
        withdrawn_precision=withdrawn.precision,
        source="s",
        **kw,
    )


def _clause_and_relations(treaty: Treaty, other: Treaty) -> None:
    save(
        ForceClause(
            treaty=treaty,
            rule=ForceRule.FIXED_DATE,
            on=date(2011, 1, 1),
            months=1,
            days=0,
            count=50,
            article="art. 9",
            text=AWKWARD,
            source="=s",
        ),
        _relation(treaty, RelationKind.REPLACES, parse("2001-02"), other=other, article="1", note="=n", source="-s"),
        _relation(treaty, RelationKind.AMENDS, UNKNOWN, outside="'=Besluit", address="https://example.org/b"),
        _relation(other, RelationKind.PACKAGE, parse("2001"), other=treaty),
    )


def _relation(treaty: Treaty, kind: str, when: PartialDate, **kw: Any) -> Relation:
    return Relation(treaty=treaty, kind=kind, on=when.on, precision=when.precision, **kw)
