"""JSON 2.0 cards around and inside their elements: config, header, columns, links.

The words are explained in ``elements.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.cards.elements import CONTAINER, SPACING, TIPS, Shape

URLS: Shape = {"pc_url": "str", "ios_url": "str", "android_url": "str"}

SHAPES: Mapping[str, Shape] = {
    "card": {
        "schema": "str",
        "config": "config",
        "card_link": "urls",
        "header": "header",
        "body": "body",
    },
    "config": {
        "streaming_mode": "bool",
        "streaming_config": "streaming",
        "summary": "summary",
        "locales": "[str]",
        "enable_forward": "bool",
        "update_multi": "bool",
        "width_mode": "str",
        "use_custom_translation": "bool",
        "enable_forward_interaction": "bool",
        "style": "style",
    },
    "streaming": {
        "print_frequency_ms": "{num}",
        "print_step": "{num}",
        "print_strategy": "str",
    },
    "summary": {"content": "str", "i18n_content": "{str}"},
    "style": {"text_size": "{object}", "color": "{object}"},
    "header": {
        "title": "text",
        "subtitle": "text",
        "text_tag_list": "[text_tag]",
        "i18n_text_tag_list": "{[text_tag]}",
        "template": "str",
        "icon": "icon",
        "padding": "str",
    },
    "text_tag": {"tag": "str", "element_id": "str", "text": "text", "color": "str"},
    "body": {**SPACING, "elements": "[element]"},
    "column": {
        **CONTAINER,
        "background_style": "str",
        "width": "str",
        "weight": "num",
        "action": "link",
    },
    "panel_header": {
        "title": "title",
        "background_color": "str",
        "vertical_align": "str",
        "padding": "str",
        "position": "str",
        "width": "str",
        "icon": "icon",
        "icon_position": "str",
        "icon_expanded_angle": "num",
    },
    "border": {"color": "str", "corner_radius": "str"},
    "icon": {
        "tag": "str",
        "token": "str",
        "color": "str",
        "img_key": "str",
        "i18n_img_key": "{str}",
        "size": "str",
    },
    "ud_icon": {"token": "str", "style": "object"},
    "field": {"is_short": "bool", "text": "text"},
    "image": {"img_key": "str", "i18n_img_key": "{str}", "transparent": "bool"},
    "image_option": {
        **TIPS,
        "img_key": "str",
        "i18n_img_key": "{str}",
        "value": "str",
    },
    "who": {"id": "str"},
    "header_style": {
        "text_align": "str",
        "text_size": "str",
        "background_style": "str",
        "text_color": "str",
        "bold": "bool",
        "lines": "num",
    },
    "table_column": {
        "name": "str",
        "display_name": "str",
        "width": "str",
        "vertical_align": "str",
        "horizontal_align": "str",
        "data_type": "str",
        "format": "number_format",
        "date_format": "str",
    },
    "number_format": {"symbol": "str", "precision": "num", "separator": "bool"},
    "behavior": {**URLS, "type": "str", "value": "any", "default_url": "str"},
    "urls": {**URLS, "url": "str"},
    "link": {"multi_url": "urls"},
    "confirm": {"title": "plain", "text": "plain"},
    "option": {"text": "plain", "icon": "icon", "value": "str"},
    "person_option": {"text": "plain", "icon": "icon", "value": "str"},
    "overflow_option": {
        "text": "plain",
        "multi_url": "urls",
        "url": "str",
        "value": "str",
    },
    "button_area": {"pc_display_rule": "str", "buttons": "[element]"},
    "checked_style": {"show_strikethrough": "bool", "opacity": "num"},
}

#: What an element or shape cannot do without.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "markdown": ("content",),
    "img": ("img_key",),
    "img_combination": ("combination_mode", "img_list"),
    "person": ("user_id",),
    "person_list": ("persons",),
    "table": ("columns", "rows"),
    "column_set": ("columns",),
    "form": ("name", "elements"),
    "interactive_container": ("elements",),
    "collapsible_panel": ("header",),
    "overflow": ("options",),
    "option": ("text", "value"),
    "person_option": ("value",),
    "overflow_option": ("text",),
    "confirm": ("title", "text"),
    "column": ("tag",),
    "text_tag": ("tag", "text"),
    "select_img": ("options",),
    "table_column": ("name",),
    "behavior": ("type",),
    "who": ("id",),
    "image": ("img_key",),
    "image_option": ("img_key",),
}

#: What JSON 1.0 had, and 2.0 has no more.
REMOVED = frozenset({"note", "action"})
CONTAINERS = frozenset(
    {"column_set", "form", "interactive_container", "collapsible_panel"}
)
