"""Counterparts of the fetcher on loopback: nginx, which serves a folder, and wget, which archives what is served.

Both are Debian's. They start as the user who runs the tests and leave nothing outside the folders that they are given.
"""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

_PATIENCE_S = 20.0
_WGET_S = 120.0
_SERVER_ANSWERED_WITH_AN_ERROR = 8  # of wget's exit codes; such an answer is archived like any other
_ACCESS_LOG = ".access.log"
_NGINX = """
daemon off;
master_process off;  # one process, which runs as we do: a worker of its own could not read our folders
pid "{own}/nginx.pid";
error_log "{own}/error.log" warn;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path "{own}/body";
    proxy_temp_path "{own}/proxy";
    fastcgi_temp_path "{own}/fastcgi";
    uwsgi_temp_path "{own}/uwsgi";
    scgi_temp_path "{own}/scgi";
    types {{
        text/html html htm;
        text/plain txt;
        text/css css;
        text/xml xml;
        application/rss+xml rss;
        application/atom+xml atom;
        application/json json;
        application/gzip gz;
        application/javascript js;
        image/png png;
        image/jpeg jpg jpeg;
    }}
    default_type application/octet-stream;
    gzip on;
    gzip_types text/plain text/xml application/rss+xml application/atom+xml application/json;
    log_format requests '$request_method $request_uri $status';
    access_log "{log}" requests;
    server {{
        listen 127.0.0.1:{port};
        root "{root}";
        location ~ /\\. {{ return 404; }}
        location = /.ready {{ access_log off; return 204; }}
    }}
}}
"""


@contextmanager
def static_site(folder: Path) -> Iterator[str]:
    """Serve a folder with nginx, and give its address: http://127.0.0.1:PORT.

    nginx sends Last-Modified and ETag, answers conditional requests, and packs text for those who accept gzip. Hidden
    files are not served. What it was asked is told by `requests_of`.
    """
    program = find_program("nginx", "nginx-light")
    with TemporaryDirectory(prefix="nginx-") as own:
        log, port = Path(own) / "error.log", free_port()
        (folder / _ACCESS_LOG).unlink(missing_ok=True)
        written = Path(own) / "nginx.conf"
        written.write_text(_NGINX.format(own=own, log=folder.resolve() / _ACCESS_LOG, port=port, root=folder.resolve()))
        with running([program, "-e", str(log), "-p", own, "-c", str(written)], Path(own), log) as process:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/.ready", process, log, _PATIENCE_S)
            yield address


def requests_of(folder: Path) -> list[str]:
    """Give the requests of a served folder in order, as "GET /path?query 200".

    A line is written when its answer has been sent, so that the last one may be missing for a moment while the site
    is still served.
    """
    return (folder / _ACCESS_LOG).read_text(encoding="utf-8").splitlines()


def wget_warc(
    addresses: Iterable[str], folder: Path, compressed: bool = True, proxy: str | None = None, name: str = "pages"
) -> Path:
    """Archive the answers of addresses in a WARC file in the folder, and give the file: NAME.warc.gz or NAME.warc.

    With the address of a site on loopback as `proxy`, addresses of other hosts (http only) are asked of that site, and
    stand in the archive as if those hosts had answered. Answers that are errors are archived, too; a connection that
    fails is a RuntimeError.
    """
    program = find_program("wget", "wget")
    wanted = "".join(f"{address}\n" for address in addresses)
    through = ["-e", "use_proxy=yes", "-e", f"http_proxy={proxy}"] if proxy else ["--no-proxy"]
    done = subprocess.run(
        [
            program,
            "--no-config",
            "--no-hsts",
            "--no-verbose",
            "--tries=1",
            "--timeout=10",
            *through,
            "--output-document=/dev/null",
            f"--warc-file={folder / name}",
            f"--warc-tempdir={folder}",
            *([] if compressed else ["--no-warc-compression"]),
            "--input-file=-",
        ],
        input=wanted,
        capture_output=True,
        text=True,
        timeout=_WGET_S,
        check=False,
    )
    if done.returncode not in {0, _SERVER_ANSWERED_WITH_AN_ERROR}:
        raise RuntimeError(f"wget ended with {done.returncode}:\n{done.stderr}")
    return folder / (f"{name}.warc.gz" if compressed else f"{name}.warc")


def date_records(warc: Path, at: datetime) -> None:
    """Say of all records of an uncompressed WARC file that they were made at a time: wget knows only the present."""
    content = warc.read_bytes()
    if not content.startswith(b"WARC/"):
        raise ValueError(f"{warc} is compressed; make it with compressed=False")
    dated = re.sub(rb"(?m)^WARC-Date: .*\r$", f"WARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}\r".encode(), content)
    warc.write_bytes(dated)


def find_program(name: str, package: str) -> str:
    """Find a program, also where only root looks for it."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")
    if not found:
        raise RuntimeError(f"{name} is not installed; on Debian: apt-get install --no-install-recommends {package}")
    return found


def free_port() -> int:
    """Give a port of loopback that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(
    command: list[str], folder: Path, log: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a folder, its output in a log, and end it, and it alone, with the context."""
    with (
        log.open("ab") as output,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()  # does nothing when it has ended


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path, patience_s: float) -> None:
    """Wait until a server of ours answers 200 or 404; RuntimeError if it ends or takes too long."""
    opener = build_opener(ProxyHandler({}))
    end = time.monotonic() + patience_s
    last: object = "was not asked"
    while process.poll() is None and time.monotonic() < end:
        try:
            opener.open(address, timeout=5).close()
        except HTTPError as answer:
            if answer.code == HTTPStatus.NOT_FOUND:
                return
            last = answer
        except OSError as error:
            last = error
        else:
            return
        time.sleep(0.02)
    code = process.poll()
    why = f"was not ready after {patience_s:.0f} s ({last})" if code is None else f"ended with {code}"
    raise RuntimeError(f"the server of {address} {why}; its log, {log}:\n{log.read_text(errors='replace')}")
