from django.db import migrations, models

# As in 0005, but the department of a person is a row now. A delegation names it by its code, or, as before, by its name.
_DELEGATED = """
CREATE OR REPLACE FUNCTION delegation_covers(given workflow_delegation, dossier bigint, moment timestamptz)
RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT given.deed = 'decide_consent'
        AND (moment AT TIME ZONE 'Europe/Brussels')::date BETWEEN given.begins AND given.ends
        AND NOT EXISTS (SELECT FROM workflow_revocation WHERE delegation_id = given.id)
        AND EXISTS (
            SELECT FROM workflow_dossier d JOIN accounts_user manager ON manager.id = d.responsible_id
            LEFT JOIN accounts_department department ON department.code = manager.department_id
            WHERE d.id = dossier
            AND (given.procedures = '[]'::jsonb OR given.procedures ? d.procedure_code)
            AND (given.department IN ('', department.code, department.name_nl)))
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0005_foureyes_rules'),
        ('accounts', '0003_levels'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='access',
            field=models.CharField(choices=[('public', 'public'), ('government_wide', 'internal to the Flemish administration'), ('government', 'internal to the Government of Flanders'), ('confidential', 'confidential: the department that holds it'), ('secretariat', 'internal to the secretariat of the Government')], default='government', max_length=20, verbose_name='access'),
        ),
        migrations.AddField(
            model_name='historicaldossier',
            name='access',
            field=models.CharField(choices=[('public', 'public'), ('government_wide', 'internal to the Flemish administration'), ('government', 'internal to the Government of Flanders'), ('confidential', 'confidential: the department that holds it'), ('secretariat', 'internal to the secretariat of the Government')], default='government', max_length=20, verbose_name='access'),
        ),
        migrations.RunSQL(_DELEGATED, migrations.RunSQL.noop),
    ]
