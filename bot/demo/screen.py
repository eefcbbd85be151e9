"""What the demo prints: who said what in which group, and what it means."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.demo.pictures import picture
from bot.demo.stage import Stage
from sandbox import App, Chat, Message, Robot, User

#: Lines longer than this are hard to read, however wide the terminal is.
WIDTH = 80

_CHATS = {"ops": "magenta", "finance": "cyan", "oncall": "yellow"}


class Screen:
    """Prints to *console*: to a terminal, or plain text to anything else."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, WIDTH)

    def opening(self, stage: Stage) -> None:
        """Say what runs where, and who is there."""
        self._gap()
        self._print(
            Text("Larkbell, and a Lark to try it with. Nothing leaves this machine.")
        )
        self._table(
            ("Larkbell", f"{stage.bell}, where notifications are posted"),
            ("Lark", f"{stage.hall}, a stand-in for the platform"),
            ("settings", f"{stage.config} (changes act at once)"),
        )
        self._table(
            ("ops", "a group: Alice (an admin), Bob and Larkbell’s bot"),
            ("finance", "a group: Alice, Wei and Larkbell’s bot"),
            ("oncall", "a group: Alice, Bob and a custom bot, which is a webhook"),
        )

    def act(self, number: int, title: str, why: str) -> None:
        """Begin something new."""
        self._gap()
        rule = Rule(Text(f"{number}  {title}", style="bold"), align="left", style="dim")
        self._print(rule)
        self._print(Text(why, style="italic"))

    def request(self, sender: str, path: str, status: int, ids: Iterable[str]) -> None:
        """Show that *sender* posted something, and what it was answered."""
        answer = f"→ {status}, {', '.join(ids)}"
        self._gap()
        self._indented(
            Text.assemble((sender, "bold"), f": POST {path} ", (answer, "dim"))
        )

    def message(self, message: Message) -> None:
        """Show a message where it appeared."""
        shown = picture(message)
        head = Text.assemble(_chat(message.chat), " · ", _sender(message))
        if message.parent is not None and isinstance(message.parent.sender, User):
            head.append(f" to {message.parent.sender.name}", "dim")
        self._gap()
        if isinstance(shown, Text):
            self._indented(Text.assemble(head, ": ", shown))
        else:
            self._indented(head)
            self._indented(shown)

    def tap(self, chat: Chat, user: User, label: str) -> None:
        """Show that somebody tapped a button."""
        self._gap()
        self._indented(
            Text.assemble(
                _chat(chat),
                " · ",
                (user.name, "bold"),
                " taps ",
                (f"[{label}]", "bold cyan"),
            )
        )

    def toast(self, words: str) -> None:
        """Show what whoever tapped is told, for a moment."""
        self._indented(Text(words, style="italic"))

    def remark(self, words: str) -> None:
        """Note what no chat shows."""
        self._gap()
        self._indented(Text(words, style="yellow"))

    def well(self, step: str) -> None:
        """Say that a step held."""
        self._indented(Text.assemble(("✓ ", "bold green"), step))

    def broken(self, act: str, step: str, seen: str) -> None:
        """Say which step did not hold, and what was seen instead."""
        self._indented(Text.assemble(("✗ ", "bold red"), step))
        self._gap()
        self._print(Text(f"“{act}” did not hold: {seen}.", style="bold red"))

    def end(self, words: str, offered: Iterable[tuple[str, str]] = ()) -> None:
        """Say how it went, and what can be typed next: lines to copy as they are."""
        self._gap()
        self._print(Rule(style="dim"))
        self._print(Text(words, style="bold"))
        for what, command in offered:
            self._gap()
            self._print(Text(f"# {what}", style="dim"))
            # Not folded at our width: a copied line must be whole.
            self._console.print(Text(command), soft_wrap=True, highlight=False)

    def farewell(self) -> None:
        """Say that it was stopped."""
        self._gap()
        self._print(Text("Stopped. Its folder and everything in it are gone."))

    def _table(self, *rows: tuple[str, str]) -> None:
        table = Table.grid(padding=(0, 2))
        for name, said in rows:
            style = _CHATS.get(name, "bold")
            table.add_row(Text(name, style=style), Text(said, overflow="fold"))
        self._gap()
        self._indented(table)

    def _indented(self, shown: RenderableType) -> None:
        self._print(Padding(shown, (0, 0, 0, 2), expand=False))

    def _gap(self) -> None:
        self._console.print()

    def _print(self, shown: RenderableType) -> None:
        self._console.print(shown, width=self._width, highlight=False)


def _chat(chat: Chat) -> Text:
    name = chat.name if chat.mode == "group" else "direct"
    return Text(name, style=_CHATS.get(name, "magenta"))


def _sender(message: Message) -> Text:
    match message.sender:
        case Robot(name=name, secret=secret):
            signed = ", signed" if secret else ""
            return Text.assemble((name, "bold"), (f" (custom bot{signed})", "dim"))
        case App(name=name) | User(name=name):
            return Text(name, style="bold")
