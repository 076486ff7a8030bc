"""Makes many waiting jobs of one, in the database of a service that is stopped."""
import re
import sqlite3
import uuid

GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def copy_jobs(database, count, template="template"):
    """Copies every row that names the job `TEMPLATE-a`, in all tables, `count` times, under the names
    `TEMPLATE-copy-NUMBER` and with new ids in place of those that `TEMPLATE-b` does not share with it. Needs no
    knowledge of the columns but these: an integer primary key numbers the rows, and `changed` grows."""
    connection = sqlite3.connect(database)
    own = _ids(connection, f"{template}-a") - _ids(connection, f"{template}-b")
    for table in _tables(connection):
        columns = _columns(connection, table)
        rows = _rows_of(connection, table, columns, f"{template}-a")
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})",
                               _copies(rows, columns, own, template, count, _newest(connection, table, columns)))
        if "changed" in columns and "marks" in _tables(connection):
            connection.execute(f"UPDATE marks SET last_changed = (SELECT max(changed) FROM {table})")
    connection.commit()
    connection.close()


def _tables(connection):
    return [row[0] for row in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]


def _columns(connection, table):
    """Those that an insertion has to give."""
    return [name for _, name, kind, _, _, key, hidden in connection.execute(f"PRAGMA table_xinfo({table})")
            if hidden == 0 and not (key == 1 and kind.upper() == "INTEGER")]


def _rows_of(connection, table, columns, job):
    return [row for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}") if job in _text(row)]


def _ids(connection, job):
    return {guid for table in _tables(connection)
            for row in _rows_of(connection, table, _columns(connection, table), job)
            for guid in GUID.findall(_text(row))}


def _text(row):
    return " ".join(value for value in row if isinstance(value, str))


def _newest(connection, table, columns):
    return connection.execute(f"SELECT max(changed) FROM {table}").fetchone()[0] if "changed" in columns else 0


def _copies(rows, columns, own, template, count, newest):
    ids = re.compile("|".join(map(re.escape, sorted(own))) or "$^")
    for number in range(count):
        fresh = {guid: str(uuid.uuid4()) for guid in own}
        for row in rows:
            newest += 1
            yield [newest if column == "changed" else
                   ids.sub(lambda found: fresh[found[0]], value).replace(f"{template}-a", f"{template}-copy-{number}")
                   if isinstance(value, str) else value for column, value in zip(columns, row)]
