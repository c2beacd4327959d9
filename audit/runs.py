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


def keep_files(*, files: int, rows: int, problem: str) -> VerificationRun:
    """Keep what came of reading the stored files: how many, what records say of them, and what was found."""
    run = VerificationRun(
        subject=VerificationRun.FILES, entries=files, last_seq=0, rows=rows, ok=not problem, problem=problem
    )
    run.save(force_insert=True)
    return run
