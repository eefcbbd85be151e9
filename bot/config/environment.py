"""``.env`` beside the YAML file: one ``NAME=value`` a line.

It saves a newcomer from exporting variables by hand, and docker compose reads the
same file. The real environment wins. Values are taken as they stand: quotes around
the whole value are removed, and nothing else is replaced.
"""

from __future__ import annotations

import re

_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=(?P<value>.*)")


def read_env(text: str) -> tuple[dict[str, str], tuple[int, ...]]:
    """Return the variables of a ``.env`` file, and the lines that are not of the form.

    Of a name that stands twice, the last counts.
    """
    variables: dict[str, str] = {}
    wrong: list[int] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if found := _LINE.fullmatch(line):
            variables[found["name"]] = _unquoted(found["value"].strip())
        else:
            wrong.append(number)
    return variables, tuple(wrong)


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
