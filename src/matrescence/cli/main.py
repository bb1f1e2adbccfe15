"""The command ``matrescence``: one lazily loaded module for each command, one clear message for each mistake.

A command ``x`` lives in ``cli/x.py`` as a click command object called ``command``; it is imported only when it is
asked for, so that a plan from a cold shell does not pay for what it does not use.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from typing import Any

import click

from matrescence import __version__
from matrescence.reading import InputError, nearest

COMMANDS: dict[str, str] = {
    "plan": "Plan one mother's infusion: pump, bags, checks, forecast, milk, warnings, sources.",
    "compare": "The treatments side by side for one mother, never ranked, and what no trial has shown.",
    "update": "Her own forecast from her measured scores and levels: before, after, and off course or not.",
    "cite": "Print the BibTeX of exactly the sources a plan used.",
    "evidence": "Simulate published studies and compare with what they reported.",
    "formulary": "List, show, check and calibrate the drugs.",
    "assess": "Score a questionnaire and triage.",
    "eligible": "Every criterion for one mother and one drug, with its reason.",
    "enrol": "The risk programme: who must have done what before the start.",
    "infusion": "Run the log of an infusion: alarms, what is due, what may be done.",
    "lactation": "Feed, store or discard, and until when.",
    "recover": "Discharge, follow-up, relapse, the next session.",
    "course": "All stages of one mother's journey in one view.",
    "clinic": "The whole journey in a browser, on one machine: set up, serve, verify, back up, restore.",
    "trials": "The published trials, the mood model fitted to them, and virtual trials.",
    "hormone": "Allopregnanolone around birth, the infusion's level beside it, and the studies that disagree.",
    "prevalence": "Mothers a year in a catchment, positive screens, and the beds and chairs they would need.",
}
"""The commands in the order of the journey, each with its one-line help (shown without importing it)."""


class Refused(click.ClickException):
    """Something given cannot be used: its message goes to standard error, the status is 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message alone, without a traceback."""
        click.echo(f"matrescence: {self.format_message()}", file=file, err=file is None)


class LazyGroup(click.Group):
    """A click group that imports a command's module only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of :data:`COMMANDS`, in the order of the journey."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import ``cli/<name>.py`` and return its ``command``."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"matrescence.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or offer the nearest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise InputError(
                f"there is no command {args[0]!r}.{nearest(args[0], COMMANDS)} Allowed: {', '.join(COMMANDS)}."
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, so that ``--help`` imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what cannot be read or written becomes one message and status 2."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            raise Refused(str(error)) from None
        except BrokenPipeError:
            raise  # whoever read has seen enough: click ends quietly
        except OSError as error:
            _let_go_of_output()
            why = (error.strerror or str(error)).lower()
            raise Refused(f"the answer could not be written out: {why}. Send it where there is room.") from None


def _let_go_of_output() -> None:
    """Drop what is still waiting to be written, or Python would fail over it a second time on its way out."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="matrescence")
def main() -> None:
    """Plan, forecast and document infusion treatment of postpartum depression.

    Every number is shown with its source and its grade.  It informs and documents; it does not monitor a patient
    or drive a pump.
    """


if __name__ == "__main__":
    main()
