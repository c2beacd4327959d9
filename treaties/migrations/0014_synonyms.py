"""Words that mean the same and words that occur; numbers are looked up in whatever spelling they are typed."""

import audit.models
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from audit.append_only import append_only, never_deleted

# As `treaties.exact_numbers.KEY` asks for it.
IDENTIFIER_KEY = """
CREATE INDEX identifier_key ON treaties_identifier
    ((upper(regexp_replace(value, '[^0-9A-Za-z]+', '', 'g')) COLLATE "C"));
"""


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0004_more_actions'),
        ('treaties', "0013_saved_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(IDENTIFIER_KEY, "DROP INDEX identifier_key;"),
        migrations.CreateModel(
            name='SynonymGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None, verbose_name='words that mean the same')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('is_used', models.BooleanField(default=True, verbose_name='used when searching')),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=400), editable=False, size=None)),
            ],
            options={
                'verbose_name': 'group of synonyms',
                'verbose_name_plural': 'synonyms',
                'ordering': ('code',),
            },
        ),
        migrations.CreateModel(
            name='KnownWord',
            fields=[
                ('word', models.CharField(db_collation='C', max_length=60, primary_key=True, serialize=False)),
                ('shown', models.CharField(max_length=60)),
                ('documents', models.PositiveIntegerField(default=1)),
                ('is_reference', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('word'), name='gin_trgm_ops'), name='known_word_alike')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalSynonymGroup',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_actor', models.CharField(default=audit.models._actor_name, editable=False, max_length=310)),
                ('history_role', models.CharField(default=audit.models._role, editable=False, max_length=20)),
                ('history_action', models.CharField(choices=[('reference.load', 'loaded the reference data'), ('reference.edit', 'changed the reference data'), ('treaty.register', 'registered the treaty'), ('treaty.edit', 'changed the record'), ('treaty.bulk_edit', 'changed several records at once'), ('treaty.parties', 'changed the parties'), ('number.edit', 'changed the numbers'), ('treaty.relate', 'related the treaty to another'), ('act.record', 'recorded an act'), ('act.correct', 'corrected an act'), ('declaration.record', 'recorded a reservation, declaration or objection'), ('declaration.correct', 'corrected a reservation, declaration or objection'), ('document.add', 'added a document'), ('document.edit', 'changed what is said of a document'), ('dossier.open', 'opened the dossier'), ('dossier.edit', 'changed the dossier'), ('dossier.requalify', 'qualified the treaty otherwise'), ('event.record', 'recorded what happened'), ('event.correct', 'corrected what was recorded'), ('consent.ask', 'asked for the consent of the Government of Flanders'), ('consent.decide', 'recorded the decision of the Government of Flanders'), ('consent.withdraw', 'withdrew the request for consent'), ('import.stage', 'brought a file to import'), ('import.confirm', 'imported a file'), ('import.undo', 'took an import back'), ('register.restore', 'filled the register from an export'), ('upkeep', 'recomputed what is derived')], default=audit.models._action, editable=False, max_length=40)),
                ('code', models.SlugField(max_length=60, verbose_name='code')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None, verbose_name='words that mean the same')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('is_used', models.BooleanField(default=True, verbose_name='used when searching')),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=400), editable=False, size=None)),
                ('history_change_reason', models.TextField()),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_change', models.ForeignKey(default=audit.models._change_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.change')),
                ('history_user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical group of synonyms',
                'verbose_name_plural': 'historical synonyms',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='treaties_hi_history_56fd2d_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        append_only("treaties_historicalsynonymgroup"),
        never_deleted("treaties_synonymgroup"),
    ]
