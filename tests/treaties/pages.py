"""Reading answers of the public pages, and the makers their tests share."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from treaties.models import Act, Declaration, Document, Treaty

MakeTreaty = Callable[..., Treaty]
MakeAct = Callable[..., Act]
MakePaper = Callable[..., Document]
FillIn = Callable[..., Any]
State = Callable[..., Declaration]
SCRIPT = "<script>alert(1)</script>"


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def references(html: str) -> list[str]:
    """The treaties of a list, in order."""
    return re.findall(r'result__title"><a href="/treaties/([^/]+)/"', html)


def facet(html: str, name: str) -> dict[str, int]:
    """The values of a facet with their counts."""
    fieldset = html.split(f'id="facet-{name}"')[1].split("</fieldset>", maxsplit=1)[0]
    found = re.findall(r'value="([^"]+)".*?facet__count">(\d+)<', fieldset)
    return {value: int(count) for value, count in found}


def rows_of_csv(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/treaties.csv{query}")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))
