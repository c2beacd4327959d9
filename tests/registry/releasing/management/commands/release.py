"""Leaves a group for each run; the first run of a process fails."""

import os
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    runs = 0

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError the first time."""
        type(self).runs += 1
        if self.runs == 1:
            raise CommandError("This event cannot be released")
        Group.objects.create(name=f"{os.getpid()} {self.runs}")
