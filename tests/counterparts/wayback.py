"""A web archive on loopback: pywb, the program of several real ones, in an environment of its own (.pywb)."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.paths import PROJECT
from tests.counterparts.sites import free_port, running, wait_for

COLLECTION = "web"
_PYTHON = PROJECT / ".pywb" / "bin" / "python"
_PATIENCE_S = 60.0
# Nothing listens at this proxy: pywb would look for a list of public suffixes on the web when it replays cookies. Its
# parts speak to each other by the name of localhost.
_NO_WEB = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1,localhost"}


@contextmanager
def wayback(warc: Path, folder: Path) -> Iterator[str]:
    """Serve a WARC file, compressed or not, as the collection `web`, and give the address: http://127.0.0.1:PORT.

    The index, one JSON object a line, by address and then time; from and to take 4 to 14 digits of a time in UTC:

        /web/cdx?url=ADDRESS&output=json&from=20240301&to=20240331&matchType=prefix

    An object has "urlkey", "timestamp", "url", "mime", "status" (a string), "digest" and more; unknown addresses give
    200 and no line, a missing url gives 400. "limit", "fl", "filter" and "sort" work as in the CDX API of archives.
    Where archive.org answers output=json with one array of rows, at /cdx/search/cdx, pywb answers with lines.

    A page as it was archived, with the media type of then and its time in Memento-Datetime; of several captures the
    one nearest to the timestamp is given, whatever its age, and 404 where there is none. Errors and redirects come with
    the status that was archived, and Location as the site sent it:

        /web/TIMESTAMPid_/ADDRESS

    The folder, which must have no collection yet, keeps it and pywb.log.
    """
    if not _PYTHON.exists():
        raise RuntimeError(f"{_PYTHON} is not there; make it: make .pywb/ready")
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "pywb.log"
    for command in (["init", COLLECTION], ["add", COLLECTION, str(warc.resolve())]):
        _manage(command, folder, log)
    if not (folder / "collections" / COLLECTION / "indexes" / "index.cdxj").stat().st_size:
        raise RuntimeError(f"pywb finds no page in {warc}")
    port = free_port()
    serve = [str(_PYTHON), "-m", "pywb.apps.cli", "--bind", "127.0.0.1", "--port", str(port), "--directory", "."]
    with running(serve, folder, log, os.environ | _NO_WEB) as process:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/{COLLECTION}/cdx?url=127.0.0.1", process, log, _PATIENCE_S)
        yield address


def _manage(arguments: list[str], folder: Path, log: Path) -> None:
    with log.open("ab") as output:
        done = subprocess.run(
            [str(_PYTHON), "-m", "pywb.manager.manager", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=_PATIENCE_S,
            check=False,
        )
    if done.returncode:
        text = log.read_text(errors="replace")
        raise RuntimeError(f"pywb cannot {' '.join(arguments)}: {done.returncode}; its log, {log}:\n{text}")
