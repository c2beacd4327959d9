"""What is too large or too many, and what is taken out again, over real HTTP."""

import http.client
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client, override_settings

from accounts.models import User
from tests import factories
from treaties import actions
from treaties.choices import Access, DocumentKind, Language
from treaties.models import Document, Treaty

pytestmark = pytest.mark.django_db(transaction=True)
MB = 1024 * 1024


@pytest.fixture
def ask(live_server: Any, staff: User) -> Callable[..., tuple[int, http.client.HTTPMessage, str]]:
    """One request by the staff, with bare HTTP."""
    client = Client()
    client.force_login(staff)
    token = "a" * 32
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}"

    def send(
        method: str, path: str, body: bytes = b"", *, logged_in: bool = True, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        line = http.client.HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=30)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        own = {"Cookie": cookies, "X-CSRFToken": token} if logged_in else {}
        try:
            line.request(method, path, body or None, {"Accept": "text/html"} | own | given)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            line.close()

    return send


def raw(live_server: Any, head: str) -> str:
    """What is answered to these lines and nothing after them."""
    with socket.create_connection((live_server.thread.host, live_server.thread.port), timeout=20) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        found = b""
        while b"</html>" not in found and (part := line.recv(65_536)):
            found += part
    return found.decode()


def test_a_body_above_the_limit_is_refused_before_it_is_sent(live_server: Any) -> None:
    head = f"POST /import/ HTTP/1.1\nHost: localhost\nAccept: text/html\nConnection: close\nContent-Length: {211 * MB}"
    answer = raw(live_server, head)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "Wat u stuurt is groter dan 210 MB. Er is niets gewijzigd." in answer
    assert "What you send is larger than 210 MB. Nothing has been changed." in answer
    assert "Go back in your browser" in answer
    assert "Cache-Control: no-store" in answer


def test_a_body_that_does_not_say_how_long_it_is_is_refused(live_server: Any) -> None:
    head = "POST /desk/new/ HTTP/1.1\nHost: localhost\nAccept: text/html\nConnection: close\nTransfer-Encoding: chunked"
    answer = raw(live_server, head)
    assert answer.startswith("HTTP/1.1 411 ")
    assert "This request does not say how large it is." in answer


def test_a_program_gets_the_sentences(ask: Callable[..., Any]) -> None:
    with override_settings(REQUEST_MAX_BYTES=MB):
        status, headers, body = ask("POST", "/desk/new/", b"x" * (MB + 1), Accept="application/json")
    assert (status, headers["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert body == "Wat u stuurt is groter dan 1 MB.\nWhat you send is larger than 1 MB.\n"


def test_too_many_fields_are_refused_with_how_many_there_may_be(ask: Callable[..., Any]) -> None:
    status, _, body = ask("POST", "/desk/new/", b"a=1&" * 20_001, Content_Type="application/x-www-form-urlencoded")
    assert status == 413
    assert "Dit formulier heeft meer dan 20000 velden. Er is niets gewijzigd." in body


def test_too_long_a_text_is_refused_with_how_long_it_may_be(ask: Callable[..., Any]) -> None:
    body = b"a=" + b"x" * (5 * MB)
    status, _, page = ask("POST", "/desk/new/", body, Content_Type="application/x-www-form-urlencoded")
    assert status == 413
    assert "The text in this form is longer than 5 MB. Nothing has been changed." in page


def test_too_many_files_are_refused_with_how_many_there_may_be(ask: Callable[..., Any]) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.pdf"\r\n\r\nx\r\n'
    status, _, page = ask(
        "POST", "/desk/new/", part * 101 + b"--b--\r\n", Content_Type="multipart/form-data; boundary=b"
    )
    assert status == 413
    assert "You send more than 100 files at once." in page


def test_what_is_only_malformed_is_answered_as_before(ask: Callable[..., Any]) -> None:
    status, _, page = ask("POST", "/desk/new/", b"x", Content_Type="multipart/form-data; boundary=" + "é" * 3)
    assert status == 400
    assert "We cannot read this request" in page


def test_a_document_that_is_too_large_leaves_what_was_typed(ask: Callable[..., Any], make_treaty: Any) -> None:
    treaty = make_treaty(access=Access.GOVERNMENT)
    lines = {"document_kind": "treaty_text", "document_title": "Wat ik typte", "reason": "omdat"}
    body = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in lines.items()
    )
    body += b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4' + b"x" * 2 * MB
    with override_settings(DOCUMENT_MAX_BYTES=MB):
        status, _, page = ask(
            "POST",
            f"/treaties/{treaty.reference}/documents/add/",
            body + b"\r\n--b--\r\n",
            Content_Type="multipart/form-data; boundary=b",
        )
    assert status == 422
    assert "Wat ik typte" in page
    assert Document.objects.count() == 0


ODD = [
    ("gewoon.pdf", 'attachment; filename="gewoon.pdf"'),
    ("met spatie.pdf", 'attachment; filename="met spatie.pdf"'),
    ("België €.pdf", f"attachment; filename*=utf-8''{quote('België €.pdf')}"),
    ('a"b;c.pdf', 'attachment; filename="a\\"b;c.pdf"'),
    ("条约.pdf", f"attachment; filename*=utf-8''{quote('条约.pdf')}"),
]


def test_a_paper_is_sent_as_a_download_under_its_own_name(
    ask: Callable[..., Any], staff: User, make_treaty: Callable[..., Treaty]
) -> None:
    treaty = make_treaty(access=Access.GOVERNMENT)
    named = {"kind": DocumentKind.TREATY_TEXT, "language": Language.NL, "title": "x", "reason": "x"}
    for name, header in ODD:
        content = factories.pdf(name)
        paper = actions.add_document(actor=staff, treaty=treaty, filename=name, content=content, **named)  # type: ignore[arg-type]
        address = f"/treaties/{treaty.reference}/documents/{paper.sha256}/"
        status, headers, body = ask("GET", address)
        assert (status, body.encode()) == (200, content)
        assert headers["Content-Disposition"] == header
        assert headers["Content-Type"] == "application/pdf"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers.get_all("Content-Security-Policy") == ["default-src 'none'; frame-ancestors 'none'; sandbox"]
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert ask("GET", address, logged_in=False)[0] == 404
