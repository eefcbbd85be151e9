"""JSON 2.0 elements: every documented property of every one.

A property's type is written as a word:

* ``str`` ``num`` ``bool`` ``object`` ``any``   the JSON type; the inside is free
* ``text``      an object with the tag plain_text or lark_md
* ``plain``     an object with the tag plain_text
* ``element``   whatever its ``tag`` says, see ELEMENTS
* ``[…]`` ``{…}``   a list of, a map of names to
* any other word   an object, see SHAPES in ``shapes.py``

JSON 2.0 refuses what it does not know, so what is missing here is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

Shape = Mapping[str, str]

ELEMENT: Shape = {"tag": "str", "element_id": "str", "margin": "str"}
SPACING: Shape = {
    "horizontal_spacing": "str",
    "horizontal_align": "str",
    "vertical_spacing": "str",
    "vertical_align": "str",
    "direction": "str",
    "padding": "str",
}
CONTAINER: Shape = {**ELEMENT, **SPACING, "elements": "[element]"}
_TEXT: Shape = {
    "tag": "str",
    "element_id": "str",
    "content": "str",
    "i18n_content": "{str}",
    "text_size": "str",
    "text_color": "str",
    "text_align": "str",
    "lines": "num",
}
_FIELD: Shape = {
    **ELEMENT,
    "name": "str",
    "required": "bool",
    "disabled": "bool",
    "width": "str",
    "placeholder": "plain",
    "behaviors": "[behavior]",
    "confirm": "confirm",
    "value": "any",
}
_SELECT: Shape = {**_FIELD, "type": "str", "options": "[option]"}
_PEOPLE: Shape = {**_FIELD, "type": "str", "options": "[person_option]"}
TIPS: Shape = {"disabled": "bool", "disabled_tips": "plain", "hover_tips": "plain"}

TEXTS: Mapping[str, Shape] = {
    "plain_text": _TEXT,
    "lark_md": _TEXT,
    # Only as the title of a collapsible panel.
    "markdown": _TEXT,
}

ELEMENTS: Mapping[str, Shape] = {
    "markdown": {
        **ELEMENT,
        "content": "str",
        "i18n_content": "{str}",
        "text_size": "str",
        "text_align": "str",
        "icon": "icon",
    },
    "div": {
        **ELEMENT,
        "text": "text",
        "fields": "[field]",
        "icon": "icon",
        "width": "str",
    },
    "hr": ELEMENT,
    "img": {
        **ELEMENT,
        "img_key": "str",
        "i18n_img_key": "{str}",
        "alt": "plain",
        "title": "text",
        "corner_radius": "str",
        "scale_type": "str",
        "size": "str",
        "transparent": "bool",
        "preview": "bool",
        "mode": "str",
        "custom_width": "num",
        "compact_width": "bool",
    },
    "img_combination": {
        **ELEMENT,
        "combination_mode": "str",
        "combination_transparent": "bool",
        "corner_radius": "str",
        "img_list": "[image]",
    },
    "person": {
        **ELEMENT,
        "size": "str",
        "user_id": "str",
        "show_avatar": "bool",
        "show_name": "bool",
        "style": "str",
    },
    "person_list": {
        **ELEMENT,
        "drop_invalid_user_id": "bool",
        "lines": "num",
        "show_name": "bool",
        "show_avatar": "bool",
        "size": "str",
        "persons": "[who]",
        "icon": "icon",
        "ud_icon": "ud_icon",
    },
    "chart": {
        **ELEMENT,
        "aspect_ratio": "str",
        "color_theme": "str",
        "chart_spec": "any",
        "preview": "bool",
        "height": "str",
    },
    "table": {
        **ELEMENT,
        "page_size": "num",
        "row_height": "str",
        "row_max_height": "str",
        "freeze_first_column": "bool",
        "header_style": "header_style",
        "columns": "[table_column]",
        "rows": "any",
    },
    "column_set": {
        **ELEMENT,
        "horizontal_spacing": "str",
        "horizontal_align": "str",
        "flex_mode": "str",
        "background_style": "str",
        "action": "link",
        "columns": "[column]",
    },
    "form": {**CONTAINER, "name": "str"},
    "interactive_container": {
        **CONTAINER,
        **TIPS,
        "width": "str",
        "height": "str",
        "background_style": "str",
        "has_border": "bool",
        "border_color": "str",
        "corner_radius": "str",
        "behaviors": "[behavior]",
        "confirm": "confirm",
    },
    "collapsible_panel": {
        **CONTAINER,
        "expanded": "bool",
        "background_color": "str",
        "header": "panel_header",
        "border": "border",
    },
    "button": {
        **ELEMENT,
        **TIPS,
        "type": "str",
        "size": "str",
        "width": "str",
        "text": "text",
        "icon": "icon",
        "confirm": "confirm",
        "behaviors": "[behavior]",
        "name": "str",
        "form_action_type": "str",
        # From before behaviors; still taken.
        "value": "any",
        "url": "str",
        "multi_url": "urls",
        "action_type": "str",
    },
    "overflow": {
        **ELEMENT,
        "width": "str",
        "options": "[overflow_option]",
        "behaviors": "[behavior]",
        "confirm": "confirm",
        "value": "any",
    },
    "select_static": {**_SELECT, "initial_option": "str", "initial_index": "num"},
    "multi_select_static": {**_SELECT, "selected_values": "[str]"},
    "select_person": {**_PEOPLE, "initial_option": "str"},
    "multi_select_person": {**_PEOPLE, "selected_values": "[str]"},
    "date_picker": {**_FIELD, "initial_date": "str"},
    "picker_time": {**_FIELD, "initial_time": "str"},
    "picker_datetime": {**_FIELD, "initial_datetime": "str"},
    "input": {
        **_FIELD,
        "default_value": "str",
        "i18n_default_value": "{str}",
        "disabled_tips": "plain",
        "max_length": "num",
        "input_type": "str",
        "rows": "num",
        "auto_resize": "bool",
        "max_rows": "num",
        "show_icon": "bool",
        "label": "plain",
        "label_position": "str",
    },
    "select_img": {
        **ELEMENT,
        "multi_select": "bool",
        "layout": "str",
        "name": "str",
        "required": "bool",
        "can_preview": "bool",
        "aspect_ratio": "str",
        "disabled": "bool",
        "disabled_tips": "plain",
        "value": "any",
        "options": "[image_option]",
        "behaviors": "[behavior]",
        "confirm": "confirm",
    },
    "checker": {
        **ELEMENT,
        **TIPS,
        "name": "str",
        "checked": "bool",
        "text": "text",
        "overall_checkable": "bool",
        "button_area": "button_area",
        "checked_style": "checked_style",
        "padding": "str",
        "confirm": "confirm",
        "behaviors": "[behavior]",
    },
}
