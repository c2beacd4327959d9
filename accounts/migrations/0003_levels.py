import re

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.utils.text import slugify


def _to_departments(apps, schema_editor):
    User, Department = apps.get_model("accounts", "User"), apps.get_model("accounts", "Department")
    texts = User.objects.exclude(department_text="").order_by("department_text")
    for text in dict.fromkeys(texts.values_list("department_text", flat=True)):
        code = _free_code(Department, text)
        Department.objects.create(code=code, name_nl=text)
        User.objects.filter(department_text=text).update(department=code)
    # The foreign keys are checked now, for the table is altered next.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _to_texts(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    for user in User.objects.exclude(department=None).select_related("department"):
        User.objects.filter(pk=user.pk).update(department_text=user.department.name_nl, department=None)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _free_code(model, text):
    """A code made of the name, with a number behind it where that is taken."""
    base = re.sub(r"[^A-Z0-9]+", "-", slugify(text).upper()).strip("-")[:20].strip("-") or "DEPARTMENT"
    code, number = base, 2
    while model.objects.filter(code=code).exists():
        code, number = f"{base}-{number}", number + 1
    return code


class Migration(migrations.Migration):

    # And after `workflow.0005_foureyes_rules`, which says so itself: accounts are also used without workflow.
    dependencies = [('accounts', '0002_signin')]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('reader', 'Reader'), ('staff', 'Dossier manager'), ('reviewer', 'Reviewer'), ('records_manager', 'Records manager'), ('administrator', 'Administrator'), ('auditor', 'Auditor'), ('program', 'Program')], default='reader', max_length=20, verbose_name='role'),
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('code', models.CharField(max_length=24, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^[A-Z0-9][A-Z0-9-]*\\Z', 'Use capital letters, digits and hyphens only.')], verbose_name='code')),
                ('name_nl', models.CharField(max_length=200, unique=True, verbose_name='name in Dutch')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('is_demo', models.BooleanField(default=False, verbose_name='demonstration data')),
            ],
            options={
                'verbose_name': 'department',
                'verbose_name_plural': 'departments',
                'ordering': ('name_nl',),
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z0-9][A-Z0-9-]*$')), name='department_code_form')],
            },
        ),
        # The texts that people had become departments of that name; nobody changes department by it.
        migrations.RenameField("user", "department", "department_text"),
        migrations.AddField(
            model_name='user',
            name='department',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.department', verbose_name='department'),
        ),
        migrations.RunPython(_to_departments, _to_texts),
        migrations.RemoveField("user", "department_text"),
    ]
