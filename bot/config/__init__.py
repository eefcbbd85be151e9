"""The configuration: YAML → values, with every mistake named by file, line and path.

``loading`` is the way in; ``models`` and the files beside it are the settings.
"""

from __future__ import annotations

from bot.config.baseline import Baseline, baseline, digest
from bot.config.catalogue import catalogue
from bot.config.changes import needs_restart, until_restart
from bot.config.directory import Directory
from bot.config.drift import drift
from bot.config.loading import Checked, Loaded, Stamp, check, load, loads, stamp
from bot.config.models import Config
from bot.config.schema import schema
from bot.config.starter import Starter, new_key, starter, write_starter

__all__ = [
    "Baseline",
    "Checked",
    "Config",
    "Directory",
    "Loaded",
    "Stamp",
    "Starter",
    "baseline",
    "catalogue",
    "check",
    "digest",
    "drift",
    "load",
    "loads",
    "needs_restart",
    "new_key",
    "schema",
    "stamp",
    "starter",
    "until_restart",
    "write_starter",
]
