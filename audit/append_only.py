"""Tables that only grow: the database itself refuses to change or empty them.

A row trigger refuses UPDATE and DELETE; TRUNCATE passes row triggers, so a statement trigger
refuses that. (The owner of a table can still disable a trigger: in production the application
connects as a role that does not own them.)
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: recorded history is never rewritten', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
DROP_FUNCTION = "DROP FUNCTION IF EXISTS refuse_rewrite();"


def keep_function() -> migrations.RunSQL:
    """The trigger function; once, in the first migration of `audit`."""
    return migrations.RunSQL(FUNCTION, DROP_FUNCTION)


def append_only(table: str) -> migrations.RunSQL:
    """`table` takes INSERT only."""
    return migrations.RunSQL(
        f"CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_rewrite();"
        f"CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();",
        f"DROP TRIGGER append_only_row ON {table}; DROP TRIGGER append_only_table ON {table};",
    )


def never_deleted(table: str) -> migrations.RunSQL:
    """`table` takes INSERT and UPDATE: a register withdraws and ends, it does not delete."""
    return migrations.RunSQL(
        f"CREATE TRIGGER never_deleted_row BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_rewrite();"
        f"CREATE TRIGGER never_deleted_table BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();",
        f"DROP TRIGGER never_deleted_row ON {table}; DROP TRIGGER never_deleted_table ON {table};",
    )
