"""Search documents by numbers, counts kept beside them, and what a list row shows.

The documents are derived: they are emptied here and made again by `manage.py rebuild_search --missing`, which
`manage.py serve` calls; without it nothing is found until it has run.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

_COUNT = """
CREATE FUNCTION treaties_count_facets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO treaties_facetchange (access, facets, n) SELECT access, facets, 1 FROM made;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO treaties_facetchange (access, facets, n) SELECT access, facets, -1 FROM gone;
  ELSE
    INSERT INTO treaties_facetchange (access, facets, n)
      SELECT side.access, side.facets, side.n
      FROM gone JOIN made USING (treaty_id),
        LATERAL (VALUES (gone.access, gone.facets, -1), (made.access, made.facets, 1)) AS side (access, facets, n)
      WHERE (gone.access, gone.facets) IS DISTINCT FROM (made.access, made.facets);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER count_made AFTER INSERT ON treaties_searchdocument REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION treaties_count_facets();
CREATE TRIGGER count_gone AFTER DELETE ON treaties_searchdocument REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION treaties_count_facets();
CREATE TRIGGER count_changed AFTER UPDATE ON treaties_searchdocument
  REFERENCING OLD TABLE AS gone NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION treaties_count_facets();
"""
_NOT_COUNTED = """
DROP TRIGGER count_made ON treaties_searchdocument;
DROP TRIGGER count_gone ON treaties_searchdocument;
DROP TRIGGER count_changed ON treaties_searchdocument;
DROP FUNCTION treaties_count_facets();
"""
# A word in a third of all titles must be known as such, or a search for it is planned as if it were rare.
_STATISTICS = """
ALTER TABLE treaties_searchdocument ALTER COLUMN words SET STATISTICS 1000;
ALTER TABLE treaties_searchdocument ALTER COLUMN facets SET STATISTICS 1000;
"""


class Migration(migrations.Migration):
    dependencies = [("treaties", "0010_status_words")]

    operations = [
        migrations.DeleteModel("SearchDocument"),
        migrations.CreateModel(
            name="FacetChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "access",
                    models.CharField(
                        choices=[("public", "public"), ("internal", "internal to the Government of Flanders")],
                        max_length=12,
                    ),
                ),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("n", models.SmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="FacetCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "access", "a", "b", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "access",
                    models.CharField(
                        choices=[("public", "public"), ("internal", "internal to the Government of Flanders")],
                        max_length=12,
                    ),
                ),
                ("a", models.IntegerField()),
                ("b", models.IntegerField()),
                ("n", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ListCard",
            fields=[
                (
                    "treaty",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="card",
                        serialize=False,
                        to="treaties.treaty",
                    ),
                ),
                ("card", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "treaty",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="treaties.treaty",
                    ),
                ),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("signed_key", models.DateField()),
                ("changed_at", models.DateTimeField()),
                ("reference", models.CharField(db_collation="C", max_length=12)),
                ("title_key", models.CharField(db_collation="C", max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("treaty", "treaty"),
                            ("agreement", "agreement"),
                            ("convention", "convention"),
                            ("protocol", "protocol"),
                            ("amendment", "amending agreement"),
                            ("exchange_of_letters", "exchange of letters"),
                            ("mou", "memorandum of understanding"),
                            ("programme", "work programme"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "qualification",
                    models.CharField(
                        choices=[
                            ("undetermined", "not yet determined"),
                            ("exclusive_community", "exclusive: Flemish Community"),
                            ("exclusive_region", "exclusive: Flemish Region"),
                            ("exclusive_both", "exclusive: Flemish Community and Flemish Region"),
                            ("mixed", "mixed"),
                            ("eu_mixed", "EU mixed agreement"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "access",
                    models.CharField(
                        choices=[("public", "public"), ("internal", "internal to the Government of Flanders")],
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("in_preparation", "in preparation"),
                            ("signed", "signed"),
                            ("provisional", "provisionally applied"),
                            ("in_force", "in force"),
                            ("in_effect", "in effect"),
                            ("suspended", "suspended"),
                            ("ended", "no longer in force"),
                            ("unknown", "not known"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("negotiation", "negotiation"),
                            ("signing", "signing"),
                            ("advice", "advisory bodies"),
                            ("council_of_state", "Council of State"),
                            ("assent", "parliamentary assent"),
                            ("promulgation", "promulgation"),
                            ("entry_into_force", "ratification and entry into force"),
                            ("done", "completed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "awaited",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("department", "the department"),
                            ("minister", "the Flemish minister for Foreign Policy"),
                            ("government", "the Government of Flanders"),
                            ("negotiators", "the negotiators"),
                            ("councils", "the advisory councils"),
                            ("council_of_state", "the Council of State"),
                            ("parliament", "the Flemish Parliament"),
                            ("gazette", "the Belgian Official Gazette"),
                            ("entities", "the other Belgian entities"),
                            ("federal", "the federal government"),
                            ("working_group", "the Working Group on Mixed Treaties"),
                            ("conference", "the Interministerial Conference for Foreign Policy"),
                            ("king", "the King"),
                            ("partner", "the other party"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words", "facets"], name="search_words_and_facets"
                    ),
                    models.Index(
                        models.OrderBy(models.F("signed_key"), descending=True),
                        models.OrderBy(models.F("treaty"), descending=True),
                        name="search_newest",
                    ),
                    models.Index(
                        models.OrderBy(models.F("changed_at"), descending=True),
                        models.OrderBy(models.F("treaty"), descending=True),
                        name="search_changed",
                    ),
                    models.Index(fields=["title_key", "treaty"], name="search_title"),
                    models.Index(fields=["reference"], name="search_reference"),
                ],
            },
        ),
        migrations.RunSQL(_COUNT, _NOT_COUNTED),
        migrations.RunSQL(_STATISTICS, migrations.RunSQL.noop),
    ]
