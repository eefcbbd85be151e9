"""The templates of letters and pages: HTML, in which every text is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment

#: What is beside the point, on light and dark ground.
_GREY = "color: #808080"


def drawn(template: str, **facts: Any) -> Markup:
    """Return the template of that name with *facts* in it."""
    made = _templates().get_template(f"{template}.html").render(facts, grey=_GREY)
    return Markup(made)  # noqa: S704 - escaped by the template


@cache
def _templates() -> Environment:
    # Where nobody is sent letters, it need not be read at the start.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
