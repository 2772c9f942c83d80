"""What can go wrong with the store, in words that say what to do next."""

from ujima.base.errors import Refusal


class StoreRefusal(Refusal):
    """The database cannot be used as asked."""

    code = "store"
    status = 503


class NoPostgres(StoreRefusal):
    """No PostgreSQL 14 or newer was found: set UJIMA_PG_BIN to the folder that holds initdb."""

    code = "no_postgres"


class OtherVersion(StoreRefusal):
    """The data was written by another major version of PostgreSQL than the one here."""

    code = "other_postgres_version"


class NoAccount(StoreRefusal):
    """PostgreSQL refuses to run as root, and there is neither a “postgres” nor a “nobody” here."""

    code = "no_account"


class NotOurs(StoreRefusal):
    """This folder belongs to another account; run as that account, or choose another folder."""

    code = "not_ours"


class DidNotStart(StoreRefusal):
    """PostgreSQL did not start."""

    code = "did_not_start"
    retry = True


class BadBackup(StoreRefusal):
    """This file is not a whole backup of Ujima."""

    code = "bad_backup"
    status = 422


class NotEmpty(StoreRefusal):
    """The database already holds data; add --replace to put the backup in its place."""

    code = "not_empty"
    status = 409


class ToolFailed(StoreRefusal):
    """A PostgreSQL tool failed."""

    code = "tool_failed"
