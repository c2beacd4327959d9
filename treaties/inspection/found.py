"""What is found in a file, and what several judges look for."""

import io
import zipfile

# In two halves, or scanners would take this file for what it looks for.
TEST_VIRUS = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"
# Bytes at the beginning in which programs look for a PDF.
HEAD = 1024


class Found(Exception):
    """Why the file is not taken: a code of `treaties.files.SENTENCES`."""


def is_archive(content: bytes) -> bool:
    """Whether programs that unpack archives find one, wherever it stands."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(archive.namelist())
    except Exception:  # noqa: BLE001 (libraries raise anything on a file made to break them: that is the answer)
        return False
