"""Makes public what is due: records approved for a moment, and events whose embargo ended."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from treaties.publishing_actions import release_due
from workflow.actions import release_events


class Command(BaseCommand):
    help = "Make public what is due, each once; run it every minute. `serve` does so by itself."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        """Raises CommandError for events that the record refuses: they stay under embargo."""
        events, failed = release_events()
        records = release_due()
        if verbosity:
            self.stdout.write(f"{len(records)} record(s) made public, {len(events)} event(s) released.")
        if failed:
            raise CommandError("\n".join(["These events cannot be released and stay under embargo:", *failed]))
