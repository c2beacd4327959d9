"""What was brought in, row by row, and under which number of its source each treaty is known."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Deed
from accounts.models import Person, may
from audit.models import Change, Trail
from imports.choices import DateOrder, Format, Found, ListKind, Outcome, RunState, UnknownParties
from treaties.access import readable
from treaties.models import Party, Treaty


class RunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, person: Person) -> Self:
        """Imports are internal work: who may not see what is not public sees none.

        A list is shown whole or not at all: to who may know of every treaty that a row of it is of.
        """
        if not may(person, Deed.READ_INTERNAL):
            return self.none()
        open_ones = readable(person, "treaty__access", "treaty__department")
        if not open_ones:
            return self
        return self.exclude(pk__in=ImportRow.objects.filter(~open_ones, treaty__isnull=False).values("run"))


class ImportRun(models.Model):
    """One file that somebody brought in. Kept for ever: the record points back at it. Never deleted."""

    kind = models.CharField(_("list of"), max_length=20, choices=ListKind, default=ListKind.TREATIES)
    filename = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    format = models.CharField(_("format"), max_length=8, choices=Format)
    # Of a workbook: the sheet that was read.
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    encoding = models.CharField(_("encoding"), max_length=40, blank=True)
    encoding_found = models.CharField(_("how the encoding became known"), max_length=8, choices=Found, blank=True)
    # Of a guess: 0 (none) to 1 (sure).
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    delimiter = models.CharField(_("separator of cells"), max_length=1, blank=True)
    # Names of the columns in the order of the file, made unique; the cells of a row stand in this order.
    header = models.JSONField(default=list)
    # Name of a column → name of a field (`imports.fields`). A column that is not in it is not read.
    mapping = models.JSONField(default=dict)
    # Rises when somebody says how the columns are read: the page names the one it showed.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    mapped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    mapped_at = models.DateTimeField(null=True)
    # The source of rows that do not name one themselves.
    source = models.CharField(_("source"), max_length=200, blank=True)
    date_order = models.CharField(_("order in dates"), max_length=12, choices=DateOrder, default=DateOrder.UNSURE)
    date_order_given = models.BooleanField(default=False)
    unknown_parties = models.CharField(
        _("parties the register does not know"), max_length=8, choices=UnknownParties, default=UnknownParties.REFUSE
    )
    # Of participation: register a treaty that the register does not have from the title in the row.
    register_missing = models.BooleanField(_("register treaties that are missing"), default=False)
    state = models.CharField(
        pgettext_lazy("of an import", "state"), max_length=12, choices=RunState, default=RunState.STAGED
    )
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    # Outcome → number of rows; of the last judgement.
    counts = models.JSONField(default=dict)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("brought by")
    )
    brought_at = models.DateTimeField(_("brought at"), auto_now_add=True)
    judged_at = models.DateTimeField(_("judged at"), null=True)
    staged_change = models.ForeignKey(Change, models.PROTECT, related_name="+")
    confirmed_change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+")
    undone_change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+")
    # References of what was left as it is when the import was taken back, because somebody had changed it.
    left = models.JSONField(default=list)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-brought_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="import_sha256_form"),
            models.CheckConstraint(
                condition=(
                    Q(state__in=(RunState.STAGED, RunState.JUDGED), confirmed_change__isnull=True)
                    | Q(state__in=(RunState.CONFIRMED, RunState.UNDONE), confirmed_change__isnull=False)
                ),
                name="import_confirmed_by_a_change",
            ),
        )

    def __str__(self) -> str:
        return self.filename


class ImportRow(models.Model):
    """A row of a list as it stood in the file, what was mended in it, and what it was judged to be.

    `problems` and `notes` hold `imports.problems.Problem` as JSON, `differences` holds
    `imports.problems.Difference`; sentences are made when they are read, in the reader's language.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    # As a spreadsheet numbers it: the header is 1.
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=list)
    # All cells as somebody mended them; null where nobody did.
    mended = models.JSONField(null=True)
    mended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    mended_at = models.DateTimeField(null=True)
    # Rises when somebody mends it: the page a person mends on names the one it showed.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    # What the file itself has wrong in this row: too many cells, a formula. Gone once the row is mended.
    flaws = models.JSONField(default=list)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    # The same for rows that tell of the same thing (source, number, title; and party).
    identity = models.CharField(max_length=32, blank=True)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    differences = models.JSONField(default=list)
    # What the source had said before this row changed it, so that it can be taken back: key, said and title.
    before = models.JSONField(null=True)
    # The treaty it was found to be of, or that it became when the import was confirmed.
    treaty = models.ForeignKey(Treaty, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ("run", "number")
        constraints = (models.UniqueConstraint(fields=("run", "number"), name="import_row_once"),)
        indexes = (
            models.Index(fields=("run", "outcome", "number"), name="import_row_outcome"),
            models.Index(fields=("run", "identity"), name="import_row_identity"),
        )

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"

    @property
    def current(self) -> list[str]:
        """The cells as they count: mended where somebody mended them."""
        cells: list[str] = self.cells if self.mended is None else self.mended
        return cells


class SourceKey(models.Model):
    """Under which number of which source a treaty is known, and what that source last said of it.

    A number is not unique in every source: the title belongs to the key. With a party it is what the source
    said of that party's participation.
    """

    source = models.CharField(max_length=200)
    key = models.CharField(max_length=300)
    # BLAKE2 of the title as it was imported: a title can be longer than an index takes.
    title_hash = models.CharField(max_length=32)
    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="source_keys")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    said = models.JSONField(default=dict)
    # The import that said so last.
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("number at a source")
        verbose_name_plural = _("numbers at sources")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "key", "title_hash", "party"), nulls_distinct=False, name="source_key_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class PartySpelling(models.Model):
    """How lists spell the name of a party, told once by somebody and known from then on."""

    text = models.CharField(_("as spelled"), max_length=300)
    # Lower case without accents: what is compared.
    plain = models.CharField(max_length=300, unique=True, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("party"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(auto_now=True)
    history = Trail(excluded_fields=["decided_at"])

    class Meta:
        verbose_name = _("spelling of a party")
        verbose_name_plural = _("spellings of parties")
        ordering = ("plain",)

    def __str__(self) -> str:
        return self.text
