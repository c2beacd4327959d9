"""Two addresses for whoever watches over the service: alive, and ready for users."""

import logging

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry import replicas
from treaties import scanner

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers; asks nothing of the database, so that a restart is not its remedy."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when users can be sent here, else 503; `checks` says of each part `ok` or what is missing.

    With replicas it also says how many are in use; without any the pages come from the primary, so none is needed.
    """
    checks = {"database": "unavailable", "migrations": "unknown"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
        missing = _migrations_to_apply()
        checks["migrations"] = f"{missing} not applied" if missing else "ok"
    except Error:
        logger.warning("Not ready: the database cannot be asked", exc_info=True)
    ready = set(checks.values()) == {"ok"}
    if ready:
        # Told, and no reason to send users away: a trail that is not whole is for people to look at.
        checks |= _trail() | _scanner()
    if replicas.aliases():
        checks["replicas"] = replicas.WATCH.report()
    return JsonResponse({"status": "ok" if ready else "unavailable", "checks": checks}, status=200 if ready else 503)


def _trail() -> dict[str, str]:
    """What the last verification of the trail, and of the files, found; nothing where there is no trail."""
    if not apps.is_installed("audit"):
        return {}
    runs = apps.get_model("audit", "VerificationRun")
    return {"trail": runs.told(), "files": runs.told("files")}


def _scanner() -> dict[str, str]:
    """Whether the virus scanner answers; nothing where none is asked. Without it only uploads are refused."""
    return {"scanner": scanner.told()} if getattr(settings, "CLAMAV_ADDRESS", "") else {}


def _migrations_to_apply() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
