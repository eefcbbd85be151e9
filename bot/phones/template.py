"""What a gateway is posted: a template of the admin's, with values that cannot leave.

Values are escaped for where they stand: inside JSON quotes, or in a form. The sandbox
of Jinja keeps a template from reaching anything but them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import quote_plus

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

Format = Literal["json", "form"]

CONTENT_TYPES: Mapping[Format, str] = {
    "json": "application/json; charset=utf-8",
    "form": "application/x-www-form-urlencoded",
}
#: What a template may name.
NAMES = (
    "number",
    "text",
    "severity",
    "title",
    "source",
    "type",
    "id",
    "locale",
    "code",
    "key",
)


_FAILURES = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError)


class BodyTemplate:
    """A template that was read. Raises ``ValueError`` for one that cannot be used."""

    def __init__(self, text: str, format: Format) -> None:  # noqa: A002 - as it is set
        self._format: Format = format
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined,
            finalize=_ESCAPES[format],
            # What leaves is JSON or a form: HTML's escapes would spoil it.
            autoescape=False,
            keep_trailing_newline=False,
        )
        try:
            self._template = environment.from_string(text)
        except TemplateError as exc:
            raise ValueError(f"is no template: {exc}") from None
        tried = self.filled(dict.fromkeys(NAMES, 'a"\\\n<&=é'))
        if format == "json":
            _check_json(tried)

    @property
    def content_type(self) -> str:
        """What its bytes are."""
        return CONTENT_TYPES[self._format]

    def filled(self, values: Mapping[str, str]) -> bytes:
        """Return the body with these *values*; raise ``ValueError`` where it fails."""
        try:
            return self._template.render(values).encode()
        except _FAILURES as exc:
            raise ValueError(f"is no template: {exc}") from None


def _check_json(body: bytes) -> None:
    try:
        json.loads(body)
    except ValueError:
        raise ValueError(
            "is no JSON once it is filled in: put values into quotes, "
            'such as "{{ text }}"'
        ) from None


def _in_json(value: Any) -> str:
    return json.dumps(str(value), ensure_ascii=False)[1:-1]


def _in_form(value: Any) -> str:
    return quote_plus(str(value))


_ESCAPES: Mapping[Format, Callable[[Any], str]] = {"json": _in_json, "form": _in_form}
