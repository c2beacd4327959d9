from typing import Any

from django.core.management.base import BaseCommand

from treaties import search
from treaties.models import Treaty


class Command(BaseCommand):
    help = "Make every search document again from the record (also needed when a date takes effect by time alone)."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for treaty in Treaty.objects.iterator(chunk_size=500):
            search.refresh(treaty)
            count += 1
        self.stdout.write(f"{count} search documents made again")
