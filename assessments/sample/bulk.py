"""Writes many rows of one table at once: by COPY on PostgreSQL, else in one INSERT that is sent again and again."""

from collections.abc import Iterable

from django.db import connection, models


def columns(model) -> list[models.Field]:
    """The columns of a model that we fill; a running number is the database's."""
    return [field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]


def values(row) -> list:
    """What stands in these columns, as the database takes it; ids are text, whatever the database makes of them."""
    found = []
    for field in columns(type(row)):
        value = field.get_db_prep_save(field.pre_save(row, add=True), connection)
        found.append(str(value) if value is not None and holds_id(field) else value)
    return found


def holds_id(field) -> bool:
    """Whether a column holds the UUID of a row, its own or another's."""
    return isinstance(getattr(field, "target_field", field), models.UUIDField)


def write(model, rows: Iterable[list]):
    """Append rows of `values` to a model's table."""
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(field.column) for field in columns(model))
    table = f"{quoted(model._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns(model)))
            cursor.executemany(f"INSERT INTO {table} VALUES ({places})", list(rows))  # noqa: S608  names of our tables
