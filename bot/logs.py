"""Logs: JSON lines, or readable ones at a terminal. Never a body, URL or secret."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

import orjson
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

#: What every record has; whatever else is on one was put there by ``extra=``.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One JSON object a line, with what was given as ``extra=``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        try:
            return orjson.dumps(line, default=str).decode()
        except TypeError:
            # Lone surrogates, endless numbers: rare, and no reason to lose the line.
            return json.dumps(line, default=str)


class Unread(logging.Filter):
    """Keeps what could not be read of a request out of the log.

    The server quotes it, and it may be somebody's token.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Leave of such an error its kind, and who it came from; let it through."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError | web.RequestPayloadError):
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.msg = f"{record.msg}: {type(error).__name__}"
        return True


class Readable(logging.Formatter):
    """A line for people: the time, the message, and what was given as ``extra=``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        extra = "".join(f" {name}={value}" for name, value in _extra(record).items())
        line = (
            f"{at:%H:%M:%S} {record.levelname.lower():<7} {record.getMessage()}{extra}"
        )
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def set_up(level: int = logging.INFO) -> None:
    """Log to stderr: JSON lines, or readable ones when it is a terminal."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Readable() if sys.stderr.isatty() else JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    logging.getLogger("aiohttp.server").addFilter(Unread())
    # Its jobs are ours, and every wake-up would be a line.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _USUAL}
