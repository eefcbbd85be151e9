"""Whose client shows a text: in which language, and where its clock stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.loose import an_object

_MOMENT = re.compile(
    r"<local_datetime\s([^>]*)>(?:\s*</local_datetime>)?", re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
#: How Lark shows a moment, by the ``format_type`` of its tag.
_SHOWN_AS = {
    "date_short": "%m-%d",
    "date": "%Y-%m-%d",
    "date_num": "%Y-%m-%d",
    "time": "%H:%M",
    "time_sec": "%H:%M:%S",
    "week": "%a",
    "week_long": "%A",
    "timezone": "%Z",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A person's client: ``zh_cn`` or nothing, and a zone of the tz database."""

    locale: str = ""
    timezone: str = "UTC"

    def clock(self, milliseconds: float, shown_as: str = "%Y-%m-%d %H:%M") -> str:
        """Return a moment as this reader's clock shows it; ``?`` beyond all years."""
        try:
            moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return "?"
        return moment.astimezone(ZoneInfo(self.timezone)).strftime(shown_as)


ANYBODY = Reader()


def text(value: Any, reader: Reader = ANYBODY) -> str:
    """Return what a text of a card says; nothing when it is none."""
    said = an_object(value)
    content = an_object(said.get("i18n_content")).get(reader.locale)
    shown = str(content or said.get("content", ""))
    return shown if said.get("tag") == "plain_text" else _rendered(shown, reader)


def _rendered(markdown: str, reader: Reader) -> str:
    """Return markdown with the reader's own time where it tells a moment."""

    def shown(match: re.Match[str]) -> str:
        said = dict(re.findall(r"(\w+)=['\"]?([^'\"\s]+)", match[1]))
        if not said.get("millisecond", "").isdecimal():
            return match[0]
        shown_as = _SHOWN_AS.get(said.get("format_type", "date"), "%Y-%m-%d")
        return reader.clock(int(said["millisecond"]), shown_as)

    return _BREAK.sub("\n", _MOMENT.sub(shown, markdown))
