"""All that the database holds, to be compared before and after what must change nothing."""

from django.db import connection

#: a session remembers who looks at a page
PASSING = {"django_session"}


def everything() -> dict[str, tuple[int, str]]:
    """Each table's number of rows and the hash of all of them. A sequence may have moved on."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - PASSING
        cursor.execute(
            " union all ".join(
                f"select '{table}', count(*), md5(string_agg(t::text, ' ' order by t::text)) "
                f"from {table} t"
                for table in sorted(tables)
            )
        )
        return {name: (rows, digest) for name, rows, digest in cursor.fetchall()}
