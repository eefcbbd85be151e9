"""A stand-in for the Lark platform on loopback. Knows nothing of the product.

It serves what the product uses of Lark's open API, takes the posts of custom bots, and
pushes events and card actions encrypted, signed and redelivered on Lark's schedule. It
refuses what Lark refuses, with Lark's codes; each refusal has a test that fails when it
is taken out.

::

    lark = Lark()
    bell = lark.create_app("Bell", encrypt_key="key")
    alice = lark.create_user("Alice")
    ops = lark.create_chat("ops", [alice, bell])
    async with lark.serve(port=9000) as url:
        await lark.set_event_url(bell, "http://127.0.0.1:8080/lark/events")
        await lark.say(ops, alice, "/help", mention_bot=True)
        await lark.until(lambda: len(ops.messages) == 2)
        tapped = await lark.tap(
            ops.messages[-1], alice, "Save", form={"Channels": ["Group", "DM"]}
        )
        print(tapped.words, lark.transcript(ops, alice))

``python -m sandbox --port 9000`` runs it alone; ``sandbox.control`` says what another
process can have it do. What Lark's documents leave open is in ``sandbox.switches``.
"""

from __future__ import annotations

from sandbox.clock import Clock
from sandbox.faults import Fault, Kind
from sandbox.lark import Lark
from sandbox.push import ChallengeFailed, Chaos, Delivery
from sandbox.reader import Reader
from sandbox.state import App, Chat, Message, Robot, User
from sandbox.switches import Switches
from sandbox.tappable import Tappable
from sandbox.taps import Tapped

__all__ = [
    "App",
    "ChallengeFailed",
    "Chaos",
    "Chat",
    "Clock",
    "Delivery",
    "Fault",
    "Kind",
    "Lark",
    "Message",
    "Reader",
    "Robot",
    "Switches",
    "Tappable",
    "Tapped",
    "User",
]
