import django.db.models.deletion
from django.db import migrations, models

# "internal" is called "government" from now on. History rows keep the old word: they say what was said then.
# The counts are of the same documents under the new key, so nothing is counted again.
_RENAME = """
UPDATE treaties_treaty SET access = '{to}' WHERE access = '{was}';
UPDATE treaties_document SET access = '{to}' WHERE access = '{was}';
ALTER TABLE treaties_searchdocument DISABLE TRIGGER count_changed;
UPDATE treaties_searchdocument SET access = '{to}' WHERE access = '{was}';
ALTER TABLE treaties_searchdocument ENABLE TRIGGER count_changed;
UPDATE treaties_facetcount SET access = '{to}' WHERE access = '{was}';
UPDATE treaties_facetchange SET access = '{to}' WHERE access = '{was}';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_levels'),
        ('treaties', '0015_foureyes'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicaltreaty',
            name='department',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.department', verbose_name='department'),
        ),
        migrations.AddField(
            model_name='treaty',
            name='department',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department'),
        ),
        migrations.AlterField(
            model_name='document',
            name='access',
            field=models.CharField(choices=[('public', 'public'), ('government_wide', 'internal to the Flemish administration'), ('government', 'internal to the Government of Flanders'), ('confidential', 'confidential: the department that holds it'), ('secretariat', 'internal to the secretariat of the Government')], default='government', max_length=20, verbose_name='access'),
        ),
        migrations.AlterField(
            model_name='facetchange',
            name='access',
            field=models.CharField(max_length=50),
        ),
        migrations.AlterField(
            model_name='facetcount',
            name='access',
            field=models.CharField(max_length=50),
        ),
        migrations.AlterField(
            model_name='historicaldocument',
            name='access',
            field=models.CharField(choices=[('public', 'public'), ('government_wide', 'internal to the Flemish administration'), ('government', 'internal to the Government of Flanders'), ('confidential', 'confidential: the department that holds it'), ('secretariat', 'internal to the secretariat of the Government')], default='government', max_length=20, verbose_name='access'),
        ),
        migrations.AlterField(
            model_name='historicaltreaty',
            name='access',
            field=models.CharField(choices=[('public', 'public'), ('government_wide', 'internal to the Flemish administration'), ('government', 'internal to the Government of Flanders'), ('confidential', 'confidential: the department that holds it'), ('secretariat', 'internal to the secretariat of the Government')], default='government', max_length=20, verbose_name='access'),
        ),
        migrations.AlterField(
            model_name='searchdocument',
            name='access',
            field=models.CharField(max_length=50),
        ),
        migrations.AlterField(
            model_name='treaty',
            name='access',
            field=models.CharField(choices=[('public', 'public'), ('government_wide', 'internal to the Flemish administration'), ('government', 'internal to the Government of Flanders'), ('confidential', 'confidential: the department that holds it'), ('secretariat', 'internal to the secretariat of the Government')], default='government', max_length=20, verbose_name='access'),
        ),
        # Checked now, for what follows alters the table, or on the way back updates it before that.
        migrations.RunSQL(*(["SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"] * 2)),
        migrations.RunSQL(
            _RENAME.format(was="internal", to="government"), _RENAME.format(was="government", to="internal")
        ),
    ]
