"""Text search in each language of a title, accents removed. Needs no ICU and no superuser."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

CONFIGURATIONS = {
    "treaty_nl": ("dutch", "dutch_stem"),
    "treaty_en": ("english", "english_stem"),
    "treaty_fr": ("french", "french_stem"),
    "treaty_de": ("german", "german_stem"),
    "treaty_simple": ("simple", "simple"),
}


def configuration(name: str, base: str, stemmer: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TEXT SEARCH CONFIGURATION {name} (COPY = {base});"
        f"ALTER TEXT SEARCH CONFIGURATION {name}"
        f" ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, hword, hword_part, word WITH unaccent, {stemmer};",
        f"DROP TEXT SEARCH CONFIGURATION {name};",
    )


class Migration(migrations.Migration):
    dependencies = [("treaties", "0001_initial")]

    operations = [
        UnaccentExtension(),
        *(configuration(name, base, stemmer) for name, (base, stemmer) in CONFIGURATIONS.items()),
    ]
