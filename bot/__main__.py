"""``python -m bot`` is the same program as ``larkbell``."""

from __future__ import annotations

import sys

from bot.cli import main

sys.exit(main())
