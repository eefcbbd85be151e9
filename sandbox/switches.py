"""The knobs: how fast schedules run, and what the public documents leave open.

Where Lark's documents are silent or disagree, the default is what has been seen most
often in the wild; a client must cope with either position of such a switch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(slots=True, kw_only=True)
class Switches:
    """Everything about the platform that a test or a demo may want to turn."""

    #: Seconds that a fresh tenant_access_token lives.
    token_life: int = 7200
    #: Multiplies the redelivery schedule: 0.001 turns 6 h into 21.6 s.
    time_scale: float = 1.0
    #: Seconds to connect to, and to hear from, the app's event address.
    connect_timeout: float = 2.0
    answer_timeout: float = 3.0
    challenge_timeout: float = 1.0
    #: ``lark`` or ``feishu``: only the latter buzzes by text message and telephone.
    region: str = "lark"
    #: Buzzes by text message and telephone that the tenant has paid for; None for any.
    urgents_left: int | None = None
    #: For how long a bot may take its messages back; None for ever.
    recall_window: timedelta | None = None
    #: Calls a calendar month that the tenant's plan allows; None for a paid plan.
    monthly_quota: int | None = None

    # Left open by the documents.

    #: What a wrong app_secret answers: 10014 has been seen, 10015 is documented.
    wrong_secret_code: int = 10014
    #: HTTP status of 99991661 … 99991672: 400, 401 and 403 have all been seen.
    token_status: int = 400
    #: How long after a send its uuid answers 230049 instead of the first message.
    in_flight: timedelta = timedelta(0)
    #: Whether an app is told whenever somebody opens the direct chat with its bot.
    tells_entering: bool = True
    #: Whether the moment of a choice from the menu is told as text.
    menu_time_as_text: bool = False
    #: Whether a form tells the fields that were left blank, as empty.
    tells_blanks: bool = False
    #: Whether a redelivery is signed afresh or carries the first signature.
    sign_again: bool = True
    #: Whether @everyone reaches bots that only hear lines that mention them.
    at_all_reaches_bots: bool = True
