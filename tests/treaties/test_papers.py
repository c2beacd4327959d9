"""Which version a paper is about, and when a newer one leaves it out of date."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.refusals import Refused
from tests.factories import pdf
from tests.treaties.pages import page
from treaties import papers
from treaties.actions import add_document
from treaties.choices import GIVEN_ON, Access, DocumentKind, Language
from treaties.forms import DocumentForm
from treaties.models import Document, Treaty

pytestmark = pytest.mark.django_db

DRAFT, TEXT = DocumentKind.PRELIMINARY_DRAFT, DocumentKind.TREATY_TEXT
ADVICE, TRANSLATION = DocumentKind.FINANCE_ADVICE, DocumentKind.TRANSLATION
Add = Callable[..., Document]


@pytest.fixture
def treaty(make_treaty: Callable[..., Treaty]) -> Treaty:
    return make_treaty()


@pytest.fixture
def add(reviewer: User, treaty: Treaty) -> Add:
    def paper(kind: DocumentKind, words: str = "", **kw: Any) -> Document:
        kw = {"language": Language.NL, "access": Access.PUBLIC, "treaty": treaty, **kw}
        kw = {"title": f"{kind} {words}", "filename": "a.pdf", "content": pdf(words), "reason": "test", **kw}
        return add_document(actor=reviewer, kind=kind, **kw)

    return paper


def on_file(treaty: Treaty) -> list[Document]:
    return list(treaty.documents.select_related("about"))


def states(treaty: Treaty) -> dict[str, str]:
    documents = on_file(treaty)
    newest = papers.newest(documents)
    return {document.title: papers.state(document, newest) for document in documents}


def test_the_three_advices_are_on_a_draft_and_a_translation_on_the_text() -> None:
    assert {kind.value: on.value for kind, on in GIVEN_ON.items()} == {
        "finance_advice": "preliminary_draft",
        "council_advice": "preliminary_draft",
        "council_of_state_advice": "preliminary_draft",
        "translation": "treaty_text",
    }


def test_the_only_version_on_file_is_taken_by_itself(add: Add) -> None:
    assert add(ADVICE, "before any draft").about is None
    draft = add(DRAFT, "v1")
    assert add(ADVICE, "a").about == draft
    assert add(TRANSLATION, "t").about is None
    assert add(DocumentKind.LETTER, "l").about is None


def test_the_same_content_twice_is_one_version(add: Add) -> None:
    add(DRAFT, "v1")
    again = add(DRAFT, "v1")
    assert add(ADVICE, "a").about == again


def test_of_several_versions_one_must_be_said(add: Add, treaty: Treaty) -> None:
    first, second = add(DRAFT, "v1"), add(DRAFT, "v2")
    with pytest.raises(Refused) as refused:
        add(ADVICE, "a")
    assert [(one.code, one.field) for one in refused.value.blockers] == [("about", "about")]
    assert "2" in str(refused.value.blockers[0].sentence)
    assert not treaty.documents.filter(kind=ADVICE).exists()
    assert add(ADVICE, "on the first", about=first).about == first
    assert add(ADVICE, "on the second", about=second).about == second


@pytest.mark.parametrize(("kind", "of"), [(ADVICE, TEXT), (TRANSLATION, DRAFT), (DocumentKind.LETTER, DRAFT)])
def test_a_version_of_another_paper_is_refused(kind: DocumentKind, of: DocumentKind, add: Add) -> None:
    add(GIVEN_ON.get(kind, DRAFT), "right")
    with pytest.raises(Refused) as refused:
        add(kind, "a", about=add(of, "wrong"))
    assert [(one.code, one.field) for one in refused.value.blockers] == [("about", "about")]


def test_a_version_of_another_treaty_is_refused(add: Add, make_treaty: Callable[..., Treaty]) -> None:
    elsewhere = add(DRAFT, "elsewhere", treaty=make_treaty())
    add(DRAFT, "here")
    with pytest.raises(Refused) as refused:
        add(ADVICE, "a", about=elsewhere)
    assert [one.code for one in refused.value.blockers] == ["about"]


def test_even_with_the_same_content_it_is_another_treatys(add: Add, make_treaty: Callable[..., Treaty]) -> None:
    elsewhere = add(DRAFT, "same", treaty=make_treaty())
    add(DRAFT, "same")
    with pytest.raises(Refused):
        add(ADVICE, "a", about=elsewhere)


def test_a_newer_version_leaves_an_advice_out_of_date(add: Add, treaty: Treaty) -> None:
    add(DRAFT, "v1")
    add(ADVICE, "on v1")
    assert states(treaty)["finance_advice on v1"] == "present"
    newer = add(DRAFT, "v2")
    add(ADVICE, "on v2", about=newer)
    assert states(treaty) == {
        "preliminary_draft v1": "present",
        "preliminary_draft v2": "present",
        "finance_advice on v1": "out_of_date",
        "finance_advice on v2": "present",
    }


def test_going_back_to_the_content_advised_on_makes_it_present_again(add: Add, treaty: Treaty) -> None:
    add(DRAFT, "v1")
    add(ADVICE, "on v1")
    add(DRAFT, "v2")
    add(DRAFT, "v1")
    assert states(treaty)["finance_advice on v1"] == "present"


def test_a_text_in_a_second_language_is_no_newer_version_of_the_first(add: Add, treaty: Treaty) -> None:
    add(TEXT, "nl v1")
    add(TRANSLATION, "of nl v1")
    add(TEXT, "fr v1", language=Language.FR)
    assert states(treaty)["translation of nl v1"] == "present"
    add(TEXT, "nl v2")
    add(TEXT, "fr v2", language=Language.FR)
    assert states(treaty)["translation of nl v1"] == "out_of_date"


def test_the_newest_of_each_kind(add: Add, treaty: Treaty) -> None:
    add(DRAFT, "v1")
    second, letter = add(DRAFT, "v2"), add(DocumentKind.LETTER, "l")
    assert papers.newest(on_file(treaty)) == {DRAFT: second, DocumentKind.LETTER: letter}
    assert papers.newest([]) == {}


def test_versions_come_newest_first_and_are_offered_where_there_is_a_choice(add: Add, treaty: Treaty) -> None:
    add(DRAFT, "v1")
    add(TEXT, "only one")
    assert papers.to_choose(on_file(treaty)) == []
    add(DRAFT, "v2")
    again = add(DRAFT, "v1")
    titles = [document.title for document in papers.versions(on_file(treaty), DRAFT)]
    assert titles == ["preliminary_draft v1", "preliminary_draft v2"]
    assert papers.to_choose(on_file(treaty))[0] == again


class TestThePage:
    def test_the_choice_is_asked_where_there_is_one(self, inside: Client, add: Add, treaty: Treaty) -> None:
        address = f"/treaties/{treaty.reference}/documents/add/"
        first = add(DRAFT, "v1")
        assert 'name="about"' not in page(inside, address)
        second = add(DRAFT, "v2")
        html = page(inside, address)
        options = html.split('name="about"')[1].split("</select>")[0]
        assert f'value="{first.pk}"' in options
        assert f'value="{second.pk}"' in options
        assert first.sha256[:12] in options

    def test_what_was_chosen_is_kept(self, inside: Client, add: Add, treaty: Treaty) -> None:
        first, _second = add(DRAFT, "v1"), add(DRAFT, "v2")
        response = self.send(inside, treaty, about=str(first.pk))
        assert response.status_code == 302
        assert Document.objects.get(kind=ADVICE).about == first

    def test_without_a_choice_it_is_refused_beside_the_field(self, inside: Client, add: Add, treaty: Treaty) -> None:
        add(DRAFT, "v1")
        add(DRAFT, "v2")
        response = self.send(inside, treaty)
        assert response.status_code == 422
        assert "say which one this paper is about" in response.content.decode()
        assert not Document.objects.filter(kind=ADVICE).exists()

    def test_a_version_that_is_not_offered_is_refused(self, inside: Client, add: Add, treaty: Treaty) -> None:
        add(DRAFT, "v1")
        letter = add(DocumentKind.LETTER, "l")
        add(DRAFT, "v2")
        assert self.send(inside, treaty, about=str(letter.pk)).status_code == 422
        assert self.send(inside, treaty, about="x").status_code == 422

    def test_who_reads_sees_what_is_out_of_date(self, public: Client, add: Add, treaty: Treaty) -> None:
        add(DRAFT, "v1")
        add(ADVICE, "on v1")
        address = f"/treaties/{treaty.reference}/"
        assert "Out of date" not in page(public, address)
        # What the reader may not see says nothing to them either.
        add(DRAFT, "v2", access=Access.GOVERNMENT)
        assert "Out of date" not in page(public, address)
        add(DRAFT, "v3")
        assert page(public, address).count("Out of date") == 1

    def send(self, client: Client, treaty: Treaty, **data: str) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        form = DocumentForm(treaty=treaty, person=User(role="staff"))
        return client.post(
            f"/treaties/{treaty.reference}/documents/add/",
            {
                "submission": str(form["submission"].value()),
                "document_kind": ADVICE.value,
                "document_language": "nl",
                "access": "government",
                "file": SimpleUploadedFile("advies.pdf", pdf("advies")),
                **data,
            },
        )


def test_the_history_names_the_version(inside: Client, add: Add, treaty: Treaty) -> None:
    add(DRAFT, "v1")
    add(ADVICE, "on v1")
    assert (
        "preliminary_draft v1"
        in page(inside, f"/treaties/{treaty.reference}/history/").split("finance_advice on v1")[1]
    )
