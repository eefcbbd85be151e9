"""Who plays: the people, the groups and the bots of a small team."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sandbox import App, Chat, Lark, Robot, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody and everywhere, in the Lark of the demo."""

    app: App
    alice: User
    bob: User
    wei: User
    ops: Chat
    finance: Chat
    oncall: Chat
    pager: Robot


def gather(lark: Lark) -> Cast:
    """Make everybody. The ids are for people to type; Lark's own are longer."""
    app = lark.create_app(
        "Larkbell", app_id="cli_larkbell", encrypt_key=secrets.token_hex(16)
    )
    alice, bob, wei = (
        lark.create_user(name, user_id=name.lower()) for name in ("Alice", "Bob", "Wei")
    )
    # Nobody added our app to oncall: its custom bot's webhook is the only way in.
    oncall = lark.create_chat("oncall", [alice, bob], chat_id="oc_oncall")
    return Cast(
        app=app,
        alice=alice,
        bob=bob,
        wei=wei,
        ops=lark.create_chat("ops", [alice, bob, app], chat_id="oc_ops"),
        finance=lark.create_chat("finance", [alice, wei, app], chat_id="oc_finance"),
        oncall=oncall,
        pager=lark.create_robot(oncall, "pager", secret=secrets.token_hex(16)),
    )
