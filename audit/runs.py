"""What came of verifications: kept, and told on /readyz and /audit/."""

from audit.models import VerificationRun
from audit.verification import Report


def keep(report: Report) -> VerificationRun:
    """Keep what came of a verification."""
    first = report.first
    run = VerificationRun(
        entries=report.entries,
        last_seq=report.last_seq,
        rows=report.rows,
        ok=first is None,
        first_bad=first.seq if first else None,
        problem=str(first) if first else "",
    )
    run.save(force_insert=True)
    return run
