"""``demo``: sandbox and bot in one process on loopback, and a play for both."""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import os
import signal
import socket
import sys

import uvloop

from bot import logs
from bot.demo.acts import Failed, perform
from bot.demo.hints import hints
from bot.demo.live import follow
from bot.demo.play import PATIENCE, Chats, Play
from bot.demo.screen import Screen
from bot.demo.stage import LOOPBACK, Stage, listen, stage
from sandbox import ChallengeFailed


def demo(parsed: argparse.Namespace) -> int:
    """Play the script; without ``--once``, stay until Ctrl-C.

    Returns 1 if a step did not hold or the port is taken, 130 if ``--once`` was
    stopped before its end, or else 0.
    """
    from rich.console import Console

    logs.set_up(logging.WARNING)
    # So that a change of the demo's config.yaml is answered.
    logging.getLogger("bot.cli.serve").setLevel(logging.INFO)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What cannot show an arrow shows a question mark: no reason to fail.
        sys.stdout.reconfigure(errors="replace")
    try:
        listener = listen(parsed.port)
    except (OSError, OverflowError) as exc:
        print(f"larkbell: {_why_not(exc, parsed.port)}", file=sys.stderr)
        return 1
    try:
        return uvloop.run(_demo(listener, Screen(Console()), once=parsed.once))
    except ChallengeFailed as exc:
        print(f"larkbell: the sandbox does not reach the bot: {exc}", file=sys.stderr)
        return 1


async def show(
    on: Stage, screen: Screen, *, once: bool, patience: float = PATIENCE
) -> int:
    """Play on *on*; return the exit code, or never unless *once*."""
    chats = Chats(on, screen)
    screen.opening(on)
    try:
        await perform(Play(on, screen, chats, patience))
    except Failed as failed:
        screen.broken(failed.act, failed.step, failed.seen)
        return 1
    if once:
        screen.end("Every step held.")
        return 0
    screen.end(
        "Every step held. Now you: copy a command into another terminal, and watch "
        "this one. Ctrl-C ends it all.",
        hints(on),
    )
    await follow(on, screen, chats)
    return 0


async def _demo(listener: socket.socket, screen: Screen, *, once: bool) -> int:
    async with stage(listener) as on:
        showing = asyncio.create_task(show(on, screen, once=once))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, showing.cancel)
        try:
            return await showing
        except asyncio.CancelledError:
            pass
    screen.farewell()
    return 130 if once else 0


def _why_not(exc: OSError | OverflowError, port: int) -> str:
    why = "there is no such port"
    if isinstance(exc, OSError) and exc.errno is not None:
        why = os.strerror(exc.errno)
    return (
        f"cannot listen on {LOOPBACK}:{port}: {why}. Name another port with --port; "
        "--port 0 takes any that is free."
    )
