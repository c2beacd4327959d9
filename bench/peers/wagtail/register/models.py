from django.db import models
from wagtail.search import index


class Country(models.Model):
    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    slug = models.CharField(max_length=100, primary_key=True)
    name = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.name


class Treaty(index.Indexed, models.Model):
    reference = models.CharField(max_length=12, unique=True)
    title_nl = models.TextField()
    title_en = models.TextField(blank=True)
    title_fr = models.TextField(blank=True)
    kind = models.CharField(max_length=24, db_index=True)
    status = models.CharField(max_length=20, db_index=True)
    signed_on = models.DateField(null=True, db_index=True)
    countries = models.ManyToManyField(Country)
    themes = models.ManyToManyField(Theme)

    search_fields = (
        index.SearchField("title_nl", boost=2),
        index.SearchField("title_en"),
        index.SearchField("title_fr"),
        index.SearchField("reference"),
        index.FilterField("kind"),
        index.FilterField("status"),
        index.FilterField("signed_on"),
        index.FilterField("countries"),
        index.FilterField("themes"),
    )

    class Meta:
        ordering = ("-signed_on", "-id")
        verbose_name_plural = "treaties"

    def __str__(self) -> str:
        return self.title_nl
