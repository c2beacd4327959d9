from audit.refusals import Blocker, Conflict, Refused
from workflow.procedures.language import Text


def test_a_refusal_holds_every_reason_and_names_their_codes() -> None:
    refused = Refused((Blocker("first", "One."), Blocker("second", "Two.", "art. 2", "when")))
    assert [blocker.code for blocker in refused.blockers] == ["first", "second"]
    assert str(refused) == "first; second"


def test_a_conflict_keeps_its_sentence_in_both_languages() -> None:
    sentence = Text("Iemand was eerst.", "Somebody was first.")
    conflict = Conflict(sentence)
    assert conflict.sentence is sentence
    assert str(conflict) == "Iemand was eerst."
