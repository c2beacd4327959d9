"""The sentences of problems and notes: what is wrong, and what to do. `%(value)s` is what stands in the cell."""

from django.utils.translation import gettext_lazy as _

# Code → what is wrong, what to do. A row with one of these is refused.
PROBLEMS = {
    # Of the file.
    "too_many_cells": (
        _("This row has %(found)s cells, the header has %(expected)s."),
        _("Put quotes round a cell that contains the separator, or remove the cells that are too many."),
    ),
    "too_few_cells": (
        _("This row has %(found)s cells, the header has %(expected)s."),
        _("Add the cells that are missing, empty where nothing is known."),
    ),
    "formula": (
        _("This cell holds a formula: %(value)s. Formulas are not worked out here."),
        _("Put the outcome in the cell itself (copy, then paste as value)."),
    ),
    "cell_error": (
        _("The spreadsheet shows an error in this cell: %(value)s."),
        _("Correct it in the spreadsheet, or empty the cell."),
    ),
    "swallowed": (
        _("This cell seems to hold several rows: a quote was opened and not closed."),
        _("Close the quote after the text it belongs to, and put each row on a line of its own."),
    ),
    # Of a text.
    "missing": (_("This cell is empty, and it cannot be."), _("Fill it in.")),
    "too_long": (
        _("This text has %(found)s characters; %(limit)s is the most that fits."),
        _("Shorten it, or check that the cell does not hold several rows."),
    ),
    "unstorable": (
        _("This text contains a character that cannot be stored (%(found)s)."),
        _("Type the text again without it."),
    ),
    "mojibake": (
        _("This text looks like UTF-8 that was read in another encoding: “%(value)s”."),
        _("Write “%(suggestion)s” if that is what it should say; or read the file again in its own encoding."),
    ),
    "mojibake_lost": (
        _("This text looks like UTF-8 that was read in another encoding, and some of it is lost: “%(value)s”."),
        _("Type the text as it should be; or read the file again in its own encoding."),
    ),
    "no_source": (
        _("Nothing says which source this row is from."),
        _("Fill in the source, or name one source for the whole list."),
    ),
    "no_title": (
        _("This row has no title."),
        _("Fill in the title, in the language of the instrument or in the column of its language."),
    ),
    "two_titles": (
        _("There are two titles in this language: this one, and another one in the column “%(other)s”."),
        _("Keep one of them."),
    ),
    "series_only": (
        _("“%(value)s” is a number of a series of publications, not the title of an instrument."),
        _("Fill in the title of the instrument itself."),
    ),
    "unknown_kind": (
        _("“%(value)s” is not a kind of instrument that the register knows."),
        _("Choose one of: %(known)s; or leave the cell empty."),
    ),
    "bad_url": (
        _("“%(value)s” is not an address on the web."),
        _("Write the whole address, from https:// on, or leave the cell empty."),
    ),
    "bad_identifier": (
        _("“%(value)s” does not say of which kind the number is."),
        _("Write the kind before each number and ; between them, as in “unts I-1833; cets 5”. Kinds: %(known)s."),
    ),
    "number_form": (
        _("“%(value)s” is not written as a number of its kind."),
        _("Write it as its publisher does, or give it the kind “other”."),
    ),
    "number_taken": (
        _("The number %(value)s already belongs to %(reference)s."),
        _("Check whether this is the same treaty; if not, correct the number."),
    ),
    # Without the reference: of a treaty that who brought the list may not know of.
    "number_kept": (
        _("The number %(value)s already belongs to another treaty."),
        _("Correct the number. If it is right, ask a records manager to bring in this row."),
    ),
    "kept_apart": (
        _("The number “%(value)s” of this source cannot be brought in with this title."),
        _("Check the number and the title. If they are right, ask a records manager to bring in this row."),
    ),
    # Of a date.
    "date_unreadable": (
        _("“%(value)s” cannot be read as a date."),
        _("Write year-month-day, as in 1995-04-03; year-month or the year alone when no more is known."),
    ),
    "date_impossible": (_("The day “%(value)s” does not exist."), _("Correct the day or the month.")),
    "date_doubtful": (
        _("“%(value)s” can be two days, and the file does not show whether the day or the month comes first."),
        _("Say which order this list uses, or write the date as year-month-day."),
    ),
    "date_uncertain": (
        _("The source itself is not sure of this date: “%(value)s”."),
        _("Write only what is sure (the year, or year and month), or leave the cell empty."),
    ),
    "date_range": (
        _("“%(value)s” is a period, not a date."),
        _("Write the one date that counts, or the year if that is all that is sure."),
    ),
    "date_several": (
        _("There are several dates in this cell: “%(value)s”."),
        _("Keep the date that counts; the others can be recorded as acts afterwards."),
    ),
    "date_serial": (
        _("“%(value)s” looks like the number by which a spreadsheet stores a date."),
        _("Give the cell a date format in the spreadsheet and save it again, or write the date itself."),
    ),
    "date_act_suffix": (
        _("“%(value)s” is a date with the mark of an act behind it."),
        _("Move the mark to a column for the act of consent, and keep the date alone."),
    ),
    "date_no_end": (
        _("“%(value)s” stands for “no end” in some lists; this is not a date of end."),
        _("Leave the cell empty."),
    ),
    "date_too_early": (
        _("The year %(year)s cannot be right."),
        _("Correct the year, or leave the cell empty."),
    ),
    "date_too_late": (
        _("“%(value)s” lies too far in the future for this column."),
        _("Correct the year (a year of two digits may have been read a century too late), or leave the cell empty."),
    ),
    # Of parties.
    "unknown_party": (
        _("The register knows no party “%(name)s”."),
        _("Correct the name, or tell once which party is meant and it will be known from then on. %(like)s"),
    ),
    "several_in_one": (
        _("“%(name)s” seems to be several parties."),
        _("Put ; between the parties: “%(split)s”?"),
    ),
    "doubtful_party": (
        _("“%(name)s” can be %(choices)s."),
        _("Write the name or the alpha-3 code of the party that is meant."),
    ),
    "codes_disagree": (
        _("The code %(code)s is %(first)s, but the name “%(name)s” is %(second)s."),
        _("Correct the code or the name."),
    ),
    # Of participation.
    "unknown_treaty": (
        _("The register does not have the treaty with the number %(number)s of %(source)s and this title."),
        _("Import the list of treaties first, or let this import register the treaties that are missing."),
    ),
    "act_without_date": (
        _("The act of consent “%(value)s” has no date."),
        _("Fill in the date, or empty the cell of the act."),
    ),
    # Of rows among rows.
    "contradicts": (
        _("Row %(row)s has the same source, number and title, and says otherwise: %(fields)s."),
        _("Keep one of the two rows, or give them numbers of their own."),
    ),
    "changed_here": (
        _("The register was changed here since the last import: it says “%(register)s”, the list says “%(value)s”."),
        _("Write in the cell what the register says, or correct the register first."),
    ),
}

# Code → what somebody should know, and what can be done; the row is taken.
NOTES = {
    "read_as": (_("“%(value)s” was read as %(read)s."), ""),
    "empty_word": (_("“%(value)s” was taken as an empty cell."), ""),
    "no_end": (_("“%(value)s” was taken as: no end is known."), ""),
    "unspecified": (_("“%(value)s” was read as %(read)s: the rest is not known."), ""),
    "first_of_january": (
        _("1 January often stands for “only the year is known”: “%(value)s” was taken as the day it says."),
        _("Write the year alone if that is all the source knows."),
    ),
    "force_before_signature": (
        _("It entered into force (%(first)s) before it was signed (%(second)s)."),
        _("Check both dates with the source; this does happen."),
    ),
    "end_before_start": (
        _("It ended (%(first)s) before it was signed or entered into force (%(second)s)."),
        _("Check the dates with the source."),
    ),
    "short_title": (_("The title “%(value)s” is very short."), _("Fill in the whole title if you know it.")),
    "cut_title": (
        _("The title seems to be cut off: it ends in “…”."),
        _("Fill in the whole title if you know it."),
    ),
    "markup": (_("The title holds markup (such as <sup>). It was kept as typed."), _("Remove it if it is not wanted.")),
    "footnote": (
        _("The title ends in a mark of a footnote or translation. It was kept as typed."),
        _("Remove it if it is not wanted."),
    ),
    "mixed_scripts": (
        _("A word of the title mixes letters of two scripts: “%(found)s”."),
        _("Type the word again in one script: it is not found otherwise."),
    ),
    "trimmed": (_("White space at the ends of the text was left out."), ""),
    "spaces": (_("The text holds double spaces. It was kept as typed."), ""),
    "capitals": (_("The title is all in capitals. It was kept as typed."), ""),
    "kind_unknown": (
        _("Nothing says what kind of instrument this is; it is entered as “treaty”, and its note says so."),
        _("Fill in the kind if you know it."),
    ),
    "mentions_mou": (
        _("The title speaks of a memorandum of understanding; the instrument is entered as %(kind)s."),
        _("Check the kind."),
    ),
    "kind_contradicts": (
        _("The list says %(kind)s, but the title begins as a memorandum of understanding does."),
        _("Check the kind: a memorandum of understanding is not a treaty."),
    ),
    "union_of_states": (_("“%(name)s” was taken as %(read)s."), ""),
    "unknown_party_noted": (
        _("The register knows no party “%(name)s”: it is named in the note of the treaty."),
        _("Tell which party is meant, or add it to the parties, and judge again."),
    ),
    "broken_name": (_("The name “%(value)s” looks broken; the party was taken by its code."), ""),
    "twice_in_cell": (_("“%(name)s” stands in the cell more than once."), ""),
    "no_parties": (_("No parties are named."), ""),
    "repeats": (_("This row is the same as row %(row)s; it is taken once."), ""),
    "like_another": (
        _("The register has %(reference)s with the same title and date of signature."),
        _("Check whether it is the same treaty."),
    ),
    "same_number": (
        _("%(reference)s has the same source and number under another title: “%(title)s”."),
        _("Check whether it is the same treaty."),
    ),
    "registers_treaty": (_("The treaty is not in the register yet; it will be registered by its title."), ""),
    "act_kept_in_note": (_("“%(value)s” was taken as %(read)s; the words themselves stay in the note of the act."), ""),
}
