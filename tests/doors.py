"""Every door to a write: what each page sends that changes the record, made as a browser makes it.

A page is asked for, its form is read from the HTML, a few fields are filled in, and it is sent. Tests walk over all of
them: what each leaves in the trail, and what becomes of a form that is sent twice.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from imports import actions as imports
from reporting import actions as reporting
from reporting.guards import ObligationEntry, ReportEntry
from tests import factories
from tests.imports.lists import as_csv, many
from treaties import publishing_actions
from treaties.choices import Access, DocumentKind, PublicationVerdict
from treaties.dates import parse
from treaties.models import Party, PartyName, SynonymGroup, Theme, Treaty
from workflow import actions
from workflow.guards import Happening

WHY = "because the test says so"


class _Forms(HTMLParser):
    """The forms of a page that are sent by POST: what a browser would send of each when nothing is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._data: dict[str, Any] | None = None
        self._select = self._area = ""
        self._several, self._template = False, 0

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in given}
        if tag == "template":
            self._template += 1
        if tag == "form" and attrs.get("method", "").lower() == "post":
            self._data = {}
            self.forms.append(self._data)
        if self._data is None or self._template:
            return
        name = attrs.get("name", "")
        if tag == "select":
            # Of a list of which several can be chosen nothing is chosen at first.
            self._select, self._several = name, "multiple" in attrs
        elif tag == "textarea":
            self._area = name
            self._data[name] = ""
        elif (
            tag == "option"
            and self._select
            and ("selected" in attrs or not (self._several or self._select in self._data))
        ):
            self._data[self._select] = attrs.get("value", "")
        elif tag == "input" and name and _is_sent(attrs):
            self._data[name] = attrs.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._template -= 1
        elif tag == "form":
            self._data = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._data is not None and not self._template:
            self._data[self._area] = (self._data[self._area] + data).lstrip("\n")


def _is_sent(attrs: Mapping[str, str]) -> bool:
    kind = attrs.get("type")
    return "checked" in attrs if kind in ("checkbox", "radio") else kind not in ("submit", "file", "button")


def forms(html: str) -> list[dict[str, Any]]:
    reader = _Forms()
    reader.feed(html)
    return reader.forms


@dataclass(frozen=True)
class Door:
    """One page that writes: who opens it, where, what is filled in; `page` is where its form stands, if elsewhere."""

    name: str
    address: str
    fill: Mapping[str, Any] = field(default_factory=dict)
    who: str = "staff"
    page: str = ""

    def sending(self, client: Client) -> dict[str, Any]:
        """What a browser sends. Files as bytes, so that it can be sent twice."""
        page = client.get(self.page or self.address)
        assert page.status_code == 200, f"{self.address}: {page.status_code}"
        # Of several forms the one that is about it: with a reason, or else with a token of its own.
        own = max(forms(page.content.decode()), key=lambda one: ("reason" in one, "submission" in one, len(one)))
        typed = {"reason": WHY} if "reason" in own else {}
        return own | typed | dict(self.fill)

    def send(self, client: Client, data: Mapping[str, Any], **more: Any) -> Any:
        """Sent as a browser would, with each file anew."""
        sent = {
            name: SimpleUploadedFile(value[0], value[1]) if isinstance(value, tuple) else value
            for name, value in data.items()
        }
        return client.post(self.address, sent, **more)


@dataclass(frozen=True)
class World:
    """A register in which every page has something to write on."""

    staff: User
    staff2: User
    reviewer: User
    administrator: User
    make_treaty: Callable[..., Treaty]
    make_dossier: Callable[..., Any]

    def dossier(self, *, evidence: bool = False, **kw: Any) -> Any:
        """A dossier of a mixed treaty that has begun."""
        dossier = self.make_dossier("mixed", **kw)
        for step, more in (("initiative", {}), ("working_group", {"outcome": "mixed"})):
            happening = Happening(step, parse("2024-01-08"), **more)
            actions.record_event(actor=self.staff, dossier=dossier, happening=happening)
        if evidence:
            factories.add_evidence(self.staff, dossier, "mandate")
        return factories.read(dossier)

    def run(self, rows: Any = None) -> Any:
        file = io.BytesIO(as_csv(rows) if rows else as_csv())
        return imports.stage(actor=self.staff, file=file, filename="list.csv", source="x")


def page_doors(world: World) -> dict[str, Callable[[], Door]]:
    """Name of the address → what makes the page ready and tells what is sent there."""
    return {
        **_record_doors(world),
        **_publication_doors(world),
        **_dossier_doors(world),
        **_reporting_doors(world),
        **_import_doors(world),
    }


def publication(world: World, **more: Any) -> Any:
    """A request to make a record public, by the staff."""
    treaty = world.make_treaty(access=Access.GOVERNMENT)
    return publishing_actions.ask_publication(actor=world.staff, treaty=treaty, reason=WHY, **more)


def approved(world: World, asked: Any) -> Any:
    """The reviewer's yes to it."""
    given = {"request": asked, "verdict": PublicationVerdict.APPROVED, "version": factories.version(asked.treaty)}
    return publishing_actions.decide_publication(actor=world.reviewer, **given)


def _publication_doors(world: World) -> dict[str, Callable[[], Door]]:
    def ask() -> Door:
        treaty = world.make_treaty(access=Access.GOVERNMENT)
        return Door("publication-ask", f"/treaties/{treaty.reference}/publication/")

    def decide() -> Door:
        asked = publication(world)
        return Door("publication-detail", f"/publications/{asked.pk}/", {"verdict": "approved"}, who="reviewer")

    def stop() -> Door:
        asked = publication(world, not_before=timezone.now() + timedelta(days=1))
        approved(world, asked)
        return Door("publication-stop", f"/publications/{asked.pk}/stop/", who="reviewer")

    def withdraw() -> Door:
        treaty = world.make_treaty()
        return Door("publication-withdraw", f"/treaties/{treaty.reference}/publication/withdraw/", who="reviewer")

    return {
        "publication-ask": ask,
        "publication-detail": decide,
        "publication-stop": stop,
        "publication-withdraw": withdraw,
    }


def _record_doors(world: World) -> dict[str, Callable[[], Door]]:
    def edit(concern: str, **fill: Any) -> Callable[[], Door]:
        name = f"treaty-edit-{concern}" if concern else "treaty-edit"
        return lambda: Door(
            name, f"/treaties/{world.make_treaty().reference}/edit/{concern}{'/' * bool(concern)}", fill
        )

    def relate() -> Door:
        other = world.make_treaty(title="Een ander verdrag")
        fill = {"relations-0-kind": "amends", "relations-0-other": other.reference}
        return Door("treaty-edit-relations", f"/treaties/{world.make_treaty().reference}/edit/relations/", fill)

    def documents() -> Door:
        treaty = world.make_treaty()
        factories.add_pdf(world.staff, treaty, DocumentKind.TREATY_TEXT)
        return Door(
            "treaty-edit-documents", f"/treaties/{treaty.reference}/edit/documents/", {"documents-0-title": "Nieuw"}
        )

    def bulk() -> Door:
        treaty = world.make_treaty()
        fill = {"records": f"{treaty.reference}:{treaty.version}", "kind": "protocol", "do": "confirm"}
        return Door("treaty-bulk", "/treaties/bulk/", fill, page=f"/treaties/bulk/?reference={treaty.reference}")

    rule = {"rule": "after_ratifications", "count": "2", "months": "1", "source": "art. 3"}
    paper = {"file": ("tekst.pdf", factories.pdf("door")), "document_kind": "treaty_text", "document_title": "Tekst"}
    return {
        "treaty-new": lambda: Door(
            "treaty-new",
            "/desk/new/",
            {"title_nl": "Nieuw verdrag", "parties": ["NL"], "kind": "treaty", "procedure": "exclusive"},
        ),
        "treaty-edit": edit("", note="Nagekeken"),
        "treaty-edit-parties": edit("parties", **{"parties-2-party": "DE"}),
        "treaty-edit-acts": edit("acts", **{"acts-0-kind": "signature", "acts-0-when": "2015-02-05"}),
        "treaty-edit-declarations": edit(
            "declarations",
            **{
                "declarations-0-kind": "reservation",
                "declarations-0-party": "NL",
                "declarations-0-language": "nl",
                "declarations-0-text": "Artikel 3 geldt niet.",
            },
        ),
        "treaty-edit-numbers": edit("numbers", **{"numbers-0-scheme": "numac", "numbers-0-value": "2024203092"}),
        "treaty-edit-relations": relate,
        "treaty-edit-documents": documents,
        "document-add": lambda: Door(
            "document-add", f"/treaties/{world.make_treaty().reference}/documents/add/", paper
        ),
        "treaty-clause": lambda: Door(
            "treaty-clause",
            f"/treaties/{world.make_treaty().reference}/clause/",
            rule,
        ),
        "treaty-bulk": bulk,
    }


def _dossier_doors(world: World) -> dict[str, Callable[[], Door]]:
    def at(name: str, path: str, fill: Mapping[str, Any] | None = None, **kw: Any) -> Callable[[], Door]:
        return lambda: Door(name, f"/dossiers/{world.dossier(**kw).reference}/{path}", fill or {})

    def correct() -> Door:
        dossier = world.dossier()
        event = dossier.events.order_by("pk").first()
        fill = {"how": "supersede", "when": "2024-01-05"}
        return Door("event-correct", f"/dossiers/{dossier.reference}/events/{event.pk}/correct/", fill)

    def asked() -> Any:
        dossier = world.dossier(evidence=True)
        return dossier, actions.ask_consent(actor=world.staff, dossier=dossier, step="mandate")

    def withdraw() -> Door:
        dossier, approval = asked()
        return Door("consent-withdraw", f"/dossiers/{dossier.reference}/requests/{approval.pk}/withdraw/")

    def decide() -> Door:
        _dossier, approval = asked()
        fill = {"outcome": "approved", "decided_on": "2024-01-12", "number": "VR 2024 1201 DOC.0001/1"}
        return Door("review-detail", f"/review/{approval.pk}/", fill, who="reviewer")

    def release() -> Door:
        dossier = world.make_dossier("mixed", entities=["X-BE-FED"])
        return Door("entity-release", f"/dossiers/{dossier.reference}/entities/X-BE-FED/release/")

    def apart() -> Door:
        address = f"/dossiers/{world.dossier().reference}/access/"
        return Door("dossier-access", address, {"access": "secretariat"}, who="administrator")

    def revoke() -> Door:
        tomorrow = timezone.localdate() + timedelta(days=1)
        given = actions.give_delegation(
            actor=world.reviewer,
            absent=world.reviewer,
            delegate=world.staff2,
            begins=tomorrow,
            ends=tomorrow,
            reason="x",
        )
        return Door("delegation-revoke", f"/delegations/{given.pk}/revoke/", who="reviewer")

    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    return {
        "dossier-open": lambda: Door(
            "dossier-open",
            f"/treaties/{world.make_treaty().reference}/dossier/new/",
            {"procedure": "exclusive"},
        ),
        "event-record": at("event-record", "record/conference/", {"when": "2024-01-09"}),
        "event-correct": correct,
        "consent-ask": at("consent-ask", "ask/mandate/", evidence=True),
        "consent-withdraw": withdraw,
        "entity-require": at("entity-require", "entities/", {"entity": "X-BE-FED", "acts": "1"}),
        "entity-release": release,
        "dossier-access": apart,
        "dossier-requalify": at(
            "dossier-requalify",
            "qualification/",
            {"qualification": "exclusive_both", "procedure": "exclusive", "when": "2024-01-10"},
        ),
        "delegation-give": lambda: Door(
            "delegation-give",
            "/delegations/new/",
            {"delegate": str(world.staff2.pk), "begins": day, "ends": day},
            who="reviewer",
        ),
        "delegation-revoke": revoke,
        "review-detail": decide,
    }


def _reporting_doors(world: World) -> dict[str, Callable[[], Door]]:
    def obligation() -> Any:
        entry = ObligationEntry("Comité", world.make_treaty())
        return reporting.add_obligation(actor=world.staff, entry=entry, reason="x")

    body = {"body_nl": "Comité"}

    def report() -> Door:
        kept = obligation()
        row = reporting.add_report(actor=world.staff, obligation=kept, entry=ReportEntry("1"), reason="x")
        return Door("report-edit", f"/reporting/{kept.reference}/reports/{row.pk}/edit/", {"label": "2"})

    return {
        "reporting-new": lambda: Door(
            "reporting-new", "/reporting/new/", body | {"treaty": world.make_treaty().reference}
        ),
        "reporting-edit": lambda: Door(
            "reporting-edit", f"/reporting/{obligation().reference}/edit/", {"body_nl": "Ander comité"}
        ),
        "report-new": lambda: Door("report-new", f"/reporting/{obligation().reference}/reports/new/", {"label": "1"}),
        "report-edit": report,
    }


def _import_doors(world: World) -> dict[str, Callable[[], Door]]:
    def judged(rows: Any = None) -> Any:
        return imports.judge(actor=world.staff, run=world.run(rows))

    def confirmed() -> Any:
        return imports.confirm(actor=world.staff, run=judged(many(2)))

    def at(name: str, path: str, run: Callable[[], Any], fill: Mapping[str, Any] | None = None) -> Callable[[], Door]:
        return lambda: Door(name, f"/import/{run().pk}/{path}", fill or {})

    file = {"file": ("lijst.csv", as_csv(many(2))), "kind": "treaties", "source": "x"}
    return {
        "import-list": lambda: Door("import-list", "/import/", file),
        "import-columns": at("import-columns", "columns/", lambda: world.run(many(2)), {"source": "elders"}),
        "import-parties": at("import-parties", "parties/", judged, {"text": "Dem. Rep.", "party": "CD"}),
        "import-row": at("import-row", "rows/2/", judged, {"cell_1": "31/01/1995"}),
        "import-confirm": at("import-confirm", "confirm/", lambda: judged(many(2))),
        "import-undo": at("import-undo", "undo/", confirmed),
    }


def admin_doors(world: World) -> dict[str, Callable[[], Door]]:
    """The pages of the administration that write: the reference data, and people."""

    def at(name: str, address: str, fill: Mapping[str, Any]) -> Callable[[], Door]:
        return lambda: Door(name, f"/admin/{address}", fill, who="administrator")

    nl, theme = Party.objects.get(code="NL"), Theme.objects.get(slug="cultuur")
    name = PartyName.objects.get(party__code="CD", language="nl", text="Zaïre")
    group = SynonymGroup.objects.get(code="mou")
    theme_new = {"slug": "proef", "uri": "https://example.org/proef", "name_nl": "Proef", "name_en": "Test"}
    new = {"code": "XX-TEST", "name_nl": "Proefland", "name_en": "Testland", "kind": "state"}
    return {
        "treaties_party_add": at("treaties_party_add", "treaties/party/add/", new | {"reason": WHY}),
        "treaties_party_change": at("treaties_party_change", f"treaties/party/{nl.pk}/change/", {"iso3": "NLX"}),
        "treaties_partyname_change": at(
            "treaties_partyname_change", f"treaties/partyname/{name.pk}/change/", {"text": "Zaire"}
        ),
        "treaties_partyname_add": at(
            "treaties_partyname_add",
            "treaties/partyname/add/",
            {"party": str(nl.pk), "text": "Koninkrijk Proefland", "language": "nl", "kind": "common"},
        ),
        "treaties_theme_change": at(
            "treaties_theme_change", f"treaties/theme/{theme.pk}/change/", {"name_en": "Culture and more"}
        ),
        "treaties_theme_add": at(
            "treaties_theme_add",
            "treaties/theme/add/",
            theme_new,
        ),
        "treaties_synonymgroup_change": at(
            "treaties_synonymgroup_change", f"treaties/synonymgroup/{group.pk}/change/", {"note": "anders"}
        ),
        "treaties_synonymgroup_add": at(
            "treaties_synonymgroup_add", "treaties/synonymgroup/add/", {"code": "proef", "words": "proef\ntest"}
        ),
    }


def token(row: Any = None) -> dict[str, Any]:
    """The hidden fields of a page of the administration: new for every page, and as the row stands now."""
    return {"submission": str(uuid4()), "seen": row.history.latest("pk").pk if row is not None else 0}


__all__ = ["WHY", "Door", "World", "admin_doors", "forms", "page_doors", "token"]
