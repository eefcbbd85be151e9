"""What a property may hold: the words that Lark's documents list, lengths, times.

Lark's documents say what a property takes, not what becomes of anything else: it may be
refused or ignored. Here it is refused, so that what is taken here is taken there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sandbox.cards.error import Path, not_a_card

#: What each property may look like, by the element or object it stands in.
Permitted = Mapping[str, Mapping[str, re.Pattern[str]]]


def _one_of(words: str, *, or_else: str = "") -> re.Pattern[str]:
    return re.compile("|".join([*words.split(), *([or_else] if or_else else [])]))


def _edges(pixels: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pixels})(?: (?:{pixels})){{0,3}}")


_UP_TO_99 = r"\d{1,2}(?:px)?"
_PX = r"\d+px"
_FROM_100 = r"[1-9]\d{2,}px"
_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_COLOURS = (
    "neutral blue turquoise lime orange violet indigo wathet green yellow red purple "
    "carmine"
)
_TEMPLATES = (
    "blue wathet turquoise green yellow orange red carmine violet purple indigo grey "
    "default"
)
SIZES = _one_of(
    "heading-0 heading-1 heading-2 heading-3 heading-4 heading normal notation "
    "xxxx-large xxx-large xx-large x-large large medium small x-small"
)

#: The same wherever it stands.
EVERYWHERE: Mapping[str, re.Pattern[str]] = {
    "margin": _edges(rf"-?{_UP_TO_99}"),
    "padding": _edges(_UP_TO_99),
    "direction": _one_of("vertical horizontal"),
    "horizontal_spacing": _one_of("small medium large extra_large", or_else=_UP_TO_99),
    "vertical_spacing": _one_of("small medium large extra_large", or_else=_UP_TO_99),
    "horizontal_align": _one_of("left center right"),
    "vertical_align": _one_of("top center bottom"),
    "text_align": _one_of("left center right"),
    "corner_radius": re.compile(rf"{_PX}|\d+%|0"),
}

_FIELD_WIDTH = {"width": _one_of("default fill", or_else=_FROM_100)}
_SELECT = {**_FIELD_WIDTH, "type": _one_of("default text")}
_PERSON = {"size": _one_of("extra_small small medium large")}

#: What belongs to one kind of element or object.
PERMITTED: Permitted = {
    "config": {"width_mode": _one_of("default compact fill")},
    "streaming": {"print_strategy": _one_of("fast delay")},
    "header": {"template": _one_of(_TEMPLATES)},
    "text_tag": {"tag": _one_of("text_tag"), "color": _one_of(_COLOURS)},
    "icon": {"tag": _one_of("standard_icon custom_icon")},
    "behavior": {"type": _one_of("callback open_url")},
    "div": {"width": _one_of("fill auto", or_else=_PX)},
    "img": {"scale_type": _one_of("crop_center crop_top fit_horizontal")},
    "img_combination": {"combination_mode": _one_of("double triple bisect trisect")},
    "person": _PERSON,
    "person_list": _PERSON,
    "column_set": {"flex_mode": _one_of("none stretch flow bisect trisect")},
    "column": {
        "tag": _one_of("column"),
        "width": _one_of("auto weighted", or_else=_PX),
    },
    "table": {
        "row_height": _one_of(
            "low middle high auto", or_else=r"(?:3[2-9]|[4-9]\d|1[01]\d|12[0-4])px"
        ),
        "row_max_height": re.compile(_PX),
    },
    "table_column": {
        "width": _one_of(
            "auto", or_else=r"(?:[89]\d|[1-5]\d\d|600)px|(?:[1-9]\d?|100)%"
        ),
        "data_type": _one_of("text lark_md markdown number options persons date"),
        "date_format": re.compile(r"[YMDHms/: -]+"),
    },
    "header_style": {"background_style": _one_of("none grey")},
    "number_format": {"symbol": re.compile(".?")},
    "chart": {
        "aspect_ratio": _one_of("1:1 2:1 4:3 16:9"),
        "color_theme": _one_of("brand rainbow complementary converse primary"),
        "height": _one_of("auto", or_else=r"[1-9]\d{0,2}px"),
    },
    "panel_header": {
        "width": _one_of("fill auto auto_when_fold"),
        "icon_position": _one_of("left right follow_text"),
    },
    "button": {
        "type": _one_of(
            "default primary danger text primary_text danger_text primary_filled "
            "danger_filled laser"
        ),
        "size": _one_of("tiny small medium large"),
        "width": _FIELD_WIDTH["width"],
        "form_action_type": _one_of("submit reset"),
    },
    "button_area": {"pc_display_rule": _one_of("always on_hover")},
    "input": {
        "width": _FIELD_WIDTH["width"],
        "input_type": _one_of("text multiline_text password"),
        "label_position": _one_of("top left"),
    },
    "select_static": _SELECT,
    "multi_select_static": _SELECT,
    "select_person": _SELECT,
    "multi_select_person": _SELECT,
    "date_picker": {**_FIELD_WIDTH, "initial_date": re.compile(_DATE)},
    "picker_time": {**_FIELD_WIDTH, "initial_time": re.compile(_TIME)},
    "picker_datetime": {
        **_FIELD_WIDTH,
        "initial_datetime": re.compile(f"{_DATE} {_TIME}"),
    },
    "checker": {"padding": EVERYWHERE["margin"]},
}


def check_permitted(name: str, key: str, value: object, path: Path) -> None:
    """Raise unless property *key* of a *name* may hold *value*."""
    if not isinstance(value, str):
        return
    pattern = PERMITTED.get(name, {}).get(key) or EVERYWHERE.get(key)
    if pattern is not None and not pattern.fullmatch(value):
        raise not_a_card(f"invalid {key}, {key}: {value}", path)
