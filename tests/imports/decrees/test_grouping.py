"""Which decrees are of one treaty; and how often that agrees with a sample put together by others."""

import csv
import os
from itertools import combinations
from pathlib import Path

import pytest

from imports.decrees import reading, titles
from imports.decrees.grouping import Basis, Grouping, group
from imports.decrees.titles import Act
from tests.imports.decrees.rows import CLUSTER, acts

DAY = "1967-06-29"
SAMPLE = os.environ.get("SAMPLE_DATA", "")
# Treaties that the sample took for two, by a spelling, a noun or one word of the title: Kazakhstan 2015, the Faro
# Convention on cultural heritage, the seat of the Energy Charter Conference.
SPLIT_IN_THE_SAMPLE = ({"T0528", "T0529"}, {"T0305", "T0306"}, {"T0099", "T0100"})

Key = tuple[str, int]
Pairs = set[tuple[Key, Key]]


def of(title: str, numac: str, entity: str, day: str = "", **changed: str) -> tuple[Act, ...]:
    return acts(f"Decreet houdende instemming met {title}", numac, entity=entity, signed_on=day, **changed)


def together(grouping: Grouping) -> list[list[str]]:
    return sorted(sorted(act.decree.numac for act in one.acts) for one in grouping.groups)


def test_one_day_and_like_titles_are_one_treaty() -> None:
    grouping = group(
        [
            *of(
                "het verdrag nr. 128 betreffende uitkeringen bij invaliditeit en ouderdom",
                "2009201592",
                "flemish",
                "1967-06-29",
            ),
            *of(
                "de overeenkomst nr. 128 betreffende uitkeringen wegens invaliditeit",
                "2002033118",
                "walloon",
                "1967-06-29",
            ),
            *of("het verdrag nr. 130 betreffende de geneeskundige verzorging", "2008202905", "cocof", "1967-06-29"),
        ]
    )
    assert together(grouping) == [["2002033118", "2009201592"], ["2008202905"]]
    joined = next(one for one in grouping.groups if len(one.acts) == 2)
    assert joined.basis == Basis.DATE_TITLE


def test_another_partner_is_another_treaty() -> None:
    title = (
        "de Europa-Overeenkomst waarbij een associatie tot stand wordt gebracht tussen de Europese Gemeenschappen en "
        "hun lidstaten, enerzijds, en {}, anderzijds"
    )
    czech, slovak = "de Tsjechische Republiek", "de Slowaakse Republiek"
    grouping = group(
        [
            *of(title.format(czech), "1994036578", "flemish", "1993-10-04", counterparty_text=czech),
            *of(title.format(slovak), "1994036579", "walloon", "1993-10-04", counterparty_text=slovak),
            *of(
                title.format("de Republiek Tsjechië"), "1994036580", "cocof", counterparty_text="de Republiek Tsjechië"
            ),
        ]
    )
    assert together(grouping) == [["1994036578", "1994036580"], ["1994036579"]]
    assert Basis.TITLE in {one.basis for one in grouping.groups}


def test_what_is_unsure_is_asked_and_can_be_answered() -> None:
    whales = "het verdrag inzake de bescherming van walvissen en {} in de noordelijke wateren"
    dated = of(whales.format("dolfijnen"), "2003035301", "flemish", "1992-10-02")
    undated = of(whales.format("zeehonden"), "2002029172", "walloon")
    pair = frozenset((dated[0].decree.eli, undated[0].decree.eli))

    asked = group([*dated, *undated])
    assert together(asked) == [["2002029172"], ["2003035301"]]
    (question,) = asked.questions
    assert {question.first.decree.eli, question.second.decree.eli} == pair

    said_yes = group([*dated, *undated], {pair: True})
    assert (together(said_yes), said_yes.questions) == ([["2002029172", "2003035301"]], ())
    assert said_yes.groups[0].basis == Basis.ANSWER
    said_no = group([*dated, *undated], {pair: False})
    assert (together(said_no), said_no.questions) == (together(asked), ())


def test_an_answer_counts_whatever_the_titles_say() -> None:
    one, other = of("het Verdrag van Nice", "2002027526", "walloon"), of("de akte van Athene", "2002035939", "flemish")
    pair = frozenset((one[0].decree.eli, other[0].decree.eli))
    assert together(group([*one, *other], {pair: True})) == [["2002027526", "2002035939"]]


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [
        *acts(CLUSTER, signed_on="2008-05-30"),
        *acts(CLUSTER, "2009205533", entity="walloon", signed_on="2008-05-30"),
        *acts(CLUSTER, "2009205534", entity="walloon", signed_on="2008-05-30"),
    ]
    assert together(group(rows)) == together(group(rows[::-1])) == [["2009035677", "2009205533", "2009205534"]]


@pytest.mark.skipif(not SAMPLE, reason="SAMPLE_DATA is not set")
def test_the_sample_is_put_together_alike() -> None:
    """Over the decrees that the sample of groups has, both ways round (that sample has not every decree)."""
    said, mine = _pairs()
    decrees = [{frozenset((one[0], other[0])) for one, other in pairs} for pairs in (said, mine)]
    assert len(decrees[0] & decrees[1]) / len(decrees[0] | decrees[1]) >= 0.97
    assert len(said & mine) / len(said | mine) >= 0.96
    corrected = said | (mine & _pairs_of(_sample(joined=True)))
    assert len(corrected & mine) / len(corrected | mine) >= 0.975
    assert len(corrected & mine) / len(mine) >= 0.98
    assert len(corrected & mine) / len(corrected) >= 0.975


def _pairs() -> tuple[Pairs, Pairs]:
    """The pairs of acts that the sample puts together, and those that the grouping does."""
    sheet = reading.read(Path(SAMPLE) / "assent-decrees.csv")
    found = [act for decree in sheet.decrees if not decree.is_intra_belgian for act in titles.read(decree).acts]
    listed = {key for keys in _sample().values() for key in keys}
    known = {act.decree.eli for act in found}
    numbers = {eli: {act.number for act in found if act.decree.eli == eli} for eli, _number in listed if eli in known}

    def key(act: Act) -> Key | None:
        eli = act.decree.eli
        if (eli, act.number) in listed:
            return eli, act.number
        return (
            (eli, 0)
            if (eli, 0) in listed or (act.number == 0 and any((eli, n) in listed for n in range(1, 9)))
            else None
        )

    mine = [[one for act in each.acts if (one := key(act))] for each in group(found).groups]
    theirs = {
        name: [one if one[1] in numbers[one[0]] else (one[0], 0) for one in keys if one[0] in known]
        for name, keys in _sample().items()
    }
    return _pairs_of(theirs), _pairs_of(dict(enumerate(mine)))


def _sample(*, joined: bool = False) -> dict[str, list[Key]]:
    """Group → its acts; with `joined`, what the sample split wrongly is one group."""
    groups: dict[str, list[Key]] = {}
    with (Path(SAMPLE) / "same-treaty.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["intra_belgian"] == "no":
                name = row["group_id"]
                if joined:
                    name = next((min(names) for names in SPLIT_IN_THE_SAMPLE if name in names), name)
                groups.setdefault(name, []).append((row["eli"], int(row["act_no"] or 0)))
    return groups


def _pairs_of(groups: dict[str, list[Key]] | dict[int, list[Key]]) -> Pairs:
    return {pair for keys in groups.values() for pair in combinations(sorted(set(keys)), 2) if pair[0][0] != pair[1][0]}
