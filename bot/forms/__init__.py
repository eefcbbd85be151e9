"""How messages are put on each channel: what an alert is there, and what a digest.

A channel's form is its entry in ``FORMS``; ``bot/voice.py`` asks it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.forms.calls import Calls
from bot.forms.cards import Cards
from bot.forms.form import Form
from bot.forms.letters import Letters
from bot.forms.posts import Posts
from bot.forms.texts import Texts
from store.values import Channel, Kind

FORMS: Mapping[tuple[Kind, Channel], Form] = {
    (Kind.CHAT, Channel.CHAT): Cards(),
    (Kind.PERSON, Channel.DM): Cards(),
    (Kind.PERSON, Channel.EMAIL): Letters(),
    (Kind.PERSON, Channel.SMS): Texts(),
    (Kind.PERSON, Channel.VOICE): Calls(),
    (Kind.ROBOT, Channel.CHAT): Posts(),
}
