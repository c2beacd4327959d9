"""Which export is meant: a file, or a folder with one or the other form."""

from pathlib import Path

from imports.exchange.export import FILES_FOLDER
from imports.exchange.reading import Source, Unreadable
from imports.exchange.reading_csv import CsvSource
from imports.exchange.reading_json import JsonSource
from imports.exchange.writing import CSV_FOLDER, CSV_HEADER, JSON_FILE


def opened(path: Path, form: str = "") -> Source:
    """The export at `path`; of a folder with both forms the JSON, unless `form` says "csv".

    Raises `Unreadable` where there is none, or half of one.
    """
    if not path.exists():
        raise Unreadable(f"{path} does not exist.")
    if path.is_file():
        return JsonSource(path, path.parent / FILES_FOLDER)
    if (path / f"{CSV_HEADER}.csv").exists():
        return CsvSource(path, path.parent / FILES_FOLDER)
    if form != "csv" and (path / JSON_FILE).exists():
        return JsonSource(path / JSON_FILE, path / FILES_FOLDER)
    if form != "json" and (path / CSV_FOLDER).is_dir():
        return CsvSource(path / CSV_FOLDER, path / FILES_FOLDER)
    raise Unreadable(f"{path} holds no export: neither {JSON_FILE} nor the folder {CSV_FOLDER}.")
