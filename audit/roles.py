"""Which rights the application's own role needs in the database, and no more.

Whoever owns a table can switch its triggers off. So in production the owner only migrates, and the application connects
as a role that owns nothing: what only grows it may read and add to, what is never deleted it may not delete.
"""

from collections.abc import Iterator

from django.db import connection
from psycopg import sql

# What it reads and writes in a table by the trigger that keeps it; the names are those of `audit.append_only`.
BY_TRIGGER = {"append_only_row": "SELECT, INSERT", "never_deleted_row": "SELECT, INSERT, UPDATE"}
ELSE = "SELECT, INSERT, UPDATE, DELETE"
# Names can be erased, but by the owner; what was migrated is the owner's business.
BY_NAME = {"audit_trailname": "SELECT, INSERT", "django_migrations": "SELECT"}

_TABLES = """
    SELECT c.relname, COALESCE(array_agg(t.tgname::text) FILTER (WHERE t.tgname IS NOT NULL), '{}')
      FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
     GROUP BY c.relname ORDER BY c.relname
"""
# Roles that could give themselves what they lack: superusers, owners of a table, members of an owner.
_TOO_MUCH = """
    SELECT rolsuper OR rolbypassrls OR EXISTS (
               SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
                  AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
      FROM pg_roles r WHERE rolname = %s
"""


def rights(tables: dict[str, list[str]]) -> dict[str, str]:
    """Table → privileges, from the triggers of each table."""
    found = {}
    for table, triggers in tables.items():
        kept = next((given for trigger, given in BY_TRIGGER.items() if trigger in triggers), ELSE)
        found[table] = BY_NAME.get(table, kept)
    return found


def grants(role: str) -> Iterator[str]:
    """Every statement, in order; they can be repeated after each migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        database = sql.Identifier(cursor.fetchone()[0])
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        is_there = cursor.fetchone()[0]
        cursor.execute(_TABLES)
        tables = dict(cursor.fetchall())
    name = sql.Identifier(role)
    if not is_there:
        yield _text("CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE", role=name)
    yield _text("GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}", database=database, role=name)
    yield _text("GRANT USAGE ON SCHEMA public TO {role}", role=name)
    yield _text("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC", role=name)
    for table, given in rights(tables).items():
        yield _text(f"GRANT {given} ON {{table}} TO {{role}}", table=sql.Identifier("public", table), role=name)
    yield _text("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}", role=name)


def has_too_much(role: str) -> bool:
    """Whether the role could go around what it is not granted."""
    with connection.cursor() as cursor:
        cursor.execute(_TOO_MUCH, [role])
        row = cursor.fetchone()
        return bool(row and row[0])


def _text(statement: str, **names: sql.Composable) -> str:
    return sql.SQL(statement).format(**names).as_string()
