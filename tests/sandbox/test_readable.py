from __future__ import annotations

from typing import Any

import pytest

from sandbox.readable import plain
from tests.sandbox.conftest import button, card, markdown

TABLE = {
    "tag": "table",
    "columns": [{"name": "p", "display_name": "Product"}, {"name": "c"}],
    "rows": [{"p": "CDN", "c": 5}],
}


@pytest.mark.parametrize(
    ("msg_type", "content", "shown"),
    [
        ("text", {"text": "hello"}, "hello"),
        ("image", {"image_key": "img_1"}, "[image]"),
        (
            "post",
            {
                "en_us": {
                    "title": "T",
                    "content": [
                        [{"tag": "text", "text": "a "}, {"tag": "at", "user_id": "x"}],
                        [{"tag": "text", "text": "b"}],
                    ],
                }
            },
            "T\na @x\nb",
        ),
        (
            "interactive",
            card(
                markdown("**high**"),
                TABLE,
                {"tag": "collapsible_panel", "elements": [button("Why")]},
                header={
                    "title": {"tag": "plain_text", "content": "CPU"},
                    "subtitle": {"tag": "plain_text", "content": "web-1"},
                },
            ),
            "CPU\nweb-1\n**high**\nProduct | \nCDN | 5\n[Why]",
        ),
        (
            "interactive",
            {
                "elements": [
                    {"tag": "div", "text": {"tag": "lark_md", "content": "old"}},
                    {"tag": "action", "actions": [button("Ack")]},
                ]
            },
            "old\n[Ack]",
        ),
    ],
)
def test_a_message_is_read_from_top_to_bottom(
    msg_type: str, content: Any, shown: str
) -> None:
    assert plain(msg_type, content) == shown
