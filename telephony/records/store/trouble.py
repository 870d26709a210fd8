"""What can be wrong with a database, told apart: passing trouble, a record it will never take, a database not ours."""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

RECORD_AT_FAULT = ("21", "22", "23")
"""Classes of SQLSTATE that blame the values and not the database: cardinality violation, data exception, integrity
constraint violation (PostgreSQL manual, appendix A, "PostgreSQL Error Codes")."""


class StoreUnavailable(Exception):
    """The database is locked, full, gone or out of reach for now. `str()` is the driver's name for it, without values;
    when a store is opened, one line with the remedy.

    Whoever can wait tries again; whoever cannot tells "not now".
    """


class DatabaseRefused(Exception):
    """A database that cannot be worked with. `str()` is one line with the remedy, without a password."""


def passing(failure: Exception) -> bool:
    """Whether the same write may succeed later; False where the record itself is what the database will not take."""
    if isinstance(failure, IntegrityError | DataError):
        return False
    if isinstance(failure, DBAPIError):
        # A value that asyncpg cannot encode is one of its interface errors and a ValueError too.
        return sqlstate(failure)[:2] not in RECORD_AT_FAULT and not isinstance(failure.driver_exception, ValueError)
    return isinstance(failure, PoolTimeout | OSError | TimeoutError)


def sqlstate(failure: Exception) -> str:
    """Five letters and digits of PostgreSQL; "" where there are none."""
    return str(getattr(getattr(failure, "orig", None), "sqlstate", None) or "")


def named(failure: Exception) -> str:
    """The kind of a failure: SQLite's name of it, else the driver's exception. Not its text, which may hold values."""
    driver = failure.driver_exception if isinstance(failure, DBAPIError) else failure
    return str(getattr(driver, "sqlite_errorname", None) or type(driver).__name__)


FROM_THE_DATABASE = (SQLAlchemyError, OSError, TimeoutError)
