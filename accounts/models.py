from functools import cached_property
from typing import Any, Self

from django.contrib.auth.models import AbstractUser, AnonymousUser, UserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import BY_DEPARTMENT, NOBODY, READS_TRAIL, RULES, WITHOUT_LOGIN, Access, Deed, Role, Rule


class Department(models.Model):
    """A department of the Flemish administration: people belong to it, and it holds treaties. Never deleted.

    The code is its key, so that a history or an export says it without a look-up.
    """

    code = models.CharField(
        _("code"),
        max_length=24,
        primary_key=True,
        validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9-]*\Z", _("Use capital letters, digits and hyphens only."))],
    )
    name_nl = models.CharField(_("name in Dutch"), max_length=200, unique=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    is_demo = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("name_nl",)
        constraints = (
            # What is after the colon of a key of access (`treaties.access`).
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z0-9][A-Z0-9-]*$"), name="department_code_form"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language; Dutch stands in where English is unknown."""
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name_nl


class PersonQuerySet(models.QuerySet["User"]):
    def with_departments(self) -> Self:
        """Each person with the codes of all departments, in the same query (`User.department_codes`)."""
        return self.annotate(departments_read=ArraySubquery(Department.objects.order_by("code").values("code")))


class PersonManager(UserManager["User"]):
    def with_departments(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db).with_departments()

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> "User":
        """As Django's; the first person of a register is its administrator."""
        return super().create_superuser(username, email, password, **({"role": Role.ADMINISTRATOR} | extra_fields))


class User(AbstractUser):
    """A person, or a service account of the register itself.

    People are deactivated, never deleted: the trail keeps pointing at them.
    """

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READER)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("department")
    )
    is_demo = models.BooleanField(_("demonstration account"), default=False)

    # What the single sign-on calls this person, for ever; nobody is matched by name or e-mail address.
    subject = models.CharField(
        _("identifier at the single sign-on"), max_length=200, null=True, blank=True, unique=True
    )
    # Goes up by one whenever all sessions of this person end.
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    # Rises when an administrator changes this person: a page names the one it showed.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    changed_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    second_factor_since = models.DateTimeField(_("second factor since"), null=True, blank=True, editable=False)

    objects = PersonManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, or the user name where no name is known."""
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What each session is compared with at each request: where it differs, the session has ended.

        Not only the password as in Django: also the role, so that whatever changes it ends the sessions.
        """
        told = f"{self.password}|{self.role}|{self.is_active}|{self.session_generation}"
        return salted_hmac("accounts.models.User.session", told, secret=secret, algorithm="sha256").hexdigest()

    def may(self, deed: Deed) -> bool:
        return deed in self.rule.deeds

    @property
    def rule(self) -> Rule:
        """The line of the table that holds for this person; that of nobody for who is deactivated."""
        return RULES.get(self.role, NOBODY) if self.is_active else NOBODY

    @property
    def may_log_in(self) -> bool:
        """Whether this account is of somebody who uses the pages."""
        return self.is_active and self.role not in WITHOUT_LOGIN

    @cached_property
    def department_codes(self) -> list[str]:
        """The codes of all departments; read with the person where pages are asked, else once."""
        found = getattr(self, "departments_read", None)
        return list(Department.objects.values_list("code", flat=True)) if found is None else found

    def reads(self, access: str, department: str | None = None) -> bool:
        """Whether this person may know of what has this level, held by the department with this code."""
        level = Access(access)
        return level in self.levels or (level in self.rule.own and department in self._own)

    @property
    def levels(self) -> tuple[Access, ...]:
        """The levels that this person reads of whatever department, the most open first."""
        rule = self.rule
        return (*rule.reads, *rule.in_service) if self.department_id else rule.reads

    @property
    def access_keys(self) -> list[str]:
        """All keys (`access_key`) that this person reads: lists, counts and searches are narrowed to them."""
        keys = [level.value for level in self.levels]
        for level in self.levels:
            if level in BY_DEPARTMENT:
                keys += [access_key(level, code) for code in self.department_codes]
        return keys + [access_key(level, code) for level in self.rule.own for code in sorted(self._own)]

    def belongs_to(self, named: str) -> bool:
        """Whether this person is of the department that a text names: by its code, or as delegations of before had
        it, by its Dutch name."""
        department = self.department
        return department is not None and named in (department.code, department.name_nl)

    @property
    def _own(self) -> frozenset[str]:
        return frozenset({self.department_id}) if self.department_id else frozenset()

    @property
    def may_read_internal(self) -> bool:
        return self.may(Deed.READ_INTERNAL)

    @property
    def may_write(self) -> bool:
        return self.may(Deed.RECORD_EVENT)

    @property
    def may_review(self) -> bool:
        return self.may(Deed.SEE_REVIEW)

    @property
    def may_read_trail(self) -> bool:
        return self.is_active and self.role in READS_TRAIL

    @property
    def may_edit_record(self) -> bool:
        return self.may(Deed.EDIT_RECORD)

    @property
    def may_publish(self) -> bool:
        return self.may(Deed.PUBLISH)

    @property
    def may_decide(self) -> bool:
        return self.may(Deed.DECIDE_CONSENT)


Person = User | AnonymousUser


def may(person: Person, deed: Deed) -> bool:
    """Whether `person`, logged in or not, may do `deed`."""
    return isinstance(person, User) and person.may(deed)


def access_key(access: str, department: str | None) -> str:
    """Level, and department where the level is read per department, as one word: `confidential:DKBUZA`."""
    level = Access(access)
    return f"{level.value}:{department}" if level in BY_DEPARTMENT and department else level.value


def access_keys(person: Person) -> list[str]:
    """The keys that `person`, logged in or not, may know of."""
    return person.access_keys if isinstance(person, User) else [level.value for level in NOBODY.reads]


def reads(person: Person, access: str, department: str | None = None) -> bool:
    """Whether `person` may know of what has this level and is held by this department."""
    return person.reads(access, department) if isinstance(person, User) else Access(access) in NOBODY.reads


def reads_more(person: Person) -> bool:
    """Whether `person` sees more than what everybody sees."""
    return len(access_keys(person)) > len(NOBODY.reads)
