"""What migrations say about tables beyond columns: append-only, room for updates in place."""

from django.db.migrations import RunSQL

#: the role that serves; the owner's role runs migrations. See docs/decisions/0001-the-store.md.
#: Where an external server uses one role for both, the guard is the trigger, not the grant.
_GUARD = """
create or replace function ujima_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never changed', tg_table_name using errcode = '23001';
end $$;
"""


def append_only(*tables: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on these tables, for every role but a superuser's hand."""
    statements = [_GUARD]
    undo = []
    for table in tables:
        statements.append(
            f"create trigger append_only before update or delete on {table} "
            "for each row execute function ujima_append_only();"
        )
        statements.append(_without("update, delete, truncate", table))
        undo.append(f"drop trigger append_only on {table};")
    return RunSQL("\n".join(statements), "\n".join(undo))


def append_only_but(table: str, *columns: str) -> RunSQL:
    """Append-only as above, but for these columns, which may change while the rest stays."""
    kept = " - ".join(["to_jsonb({row})", *(f"'{column}'" for column in columns)])
    return RunSQL(
        f"""{_GUARD}
create or replace function {table}_only_some() returns trigger language plpgsql as $$
begin
    if {kept.format(row="new")} is distinct from {kept.format(row="old")} then
        raise exception 'rows of % are never changed', tg_table_name using errcode = '23001';
    end if;
    return new;
end $$;
drop trigger append_only on {table};
create trigger append_only before delete on {table}
    for each row execute function ujima_append_only();
create trigger only_some before update on {table}
    for each row execute function {table}_only_some();
do $$ begin
    if exists (select from pg_roles where rolname = 'ujima_app') then
        grant update ({", ".join(columns)}) on {table} to ujima_app;
    end if;
end $$;""",
        RunSQL.noop,
    )


def updates_in_place(table: str, fillfactor: int = 70) -> RunSQL:
    """Leave room on each page so that updates stay on it (HOT): the row moves, no index does."""
    return RunSQL(
        f"alter table {table} set "
        f"(fillfactor = {fillfactor}, autovacuum_vacuum_scale_factor = 0.02)",
        f"alter table {table} reset (fillfactor, autovacuum_vacuum_scale_factor)",
    )


def only_update(table: str, *columns: str) -> RunSQL:
    """Let the application role change just these columns of a table, and delete nothing."""
    return RunSQL(
        _without("update, delete, truncate", table)
        + f"""
do $$ begin
    if exists (select from pg_roles where rolname = 'ujima_app') then
        grant update ({", ".join(columns)}) on {table} to ujima_app;
    end if;
end $$;""",
        RunSQL.noop,
    )


def _without(rights: str, table: str) -> str:
    return f"""
do $$ begin
    if exists (select from pg_roles where rolname = 'ujima_app') then
        revoke {rights} on {table} from ujima_app;
    end if;
end $$;"""
