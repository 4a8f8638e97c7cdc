"""Files on their way to the disk: announced, sent in slices each at its offset, and taken in together.

No file passes through memory as a whole. Each is hashed while it streams, so that nothing has to be read again at its
end; where the server was restarted meanwhile, the hash catches up from the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from werkzeug.exceptions import HTTPException

from pipeline.errors import PipelineError
from webapp import disk, formats, workspace
from webapp.disk import Room
from webapp.sources import Dataset, Source
from webapp.workspace import Workspace

BLOCK_BYTES = 256 * 2**10
ABANDONED_SECONDS = 24 * 3600
FILES_AT_ONCE = 100
REMEMBERED = 500
TICKET = re.compile(r"[0-9a-f]{32}")


class UploadError(PipelineError):
    """A slice or a file that cannot be taken, with the HTTP status that says so to the browser."""

    def __init__(self, sentence: str, status: int, **more: Any) -> None:
        super().__init__(sentence)
        self.status, self.more = status, more


@dataclass(frozen=True)
class Upload:
    """A file that is on its way: what was announced, and the part that is here."""

    ticket: str
    name: str
    size: int
    part: Path
    announced: Path

    @property
    def received(self) -> int:
        """How many bytes are here."""
        return self.part.stat().st_size

    def remove(self) -> None:
        """Forget it, with what is here of it."""
        self.part.unlink(missing_ok=True)
        self.announced.unlink(missing_ok=True)


@dataclass
class Moving:
    """What this process knows of a file on its way: the hash of its first bytes. One slice at a time is written."""

    writing: threading.Lock = field(default_factory=threading.Lock)
    hashed: int = 0
    hash: Any = field(default_factory=hashlib.sha256)


class Incoming:
    """The files on their way into one data directory.

    Parameters
    ----------
    here : where they go.
    limit_bytes : the largest file that is taken.
    """

    def __init__(self, here: Workspace, limit_bytes: int) -> None:
        self.here, self.limit_bytes = here, limit_bytes
        self._announcing = threading.Lock()
        self._moving: dict[str, Moving] = {}
        self._taken_in: OrderedDict[str, str] = OrderedDict()
        self.sweep()

    def announce(self, files: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Announce files that are to be read as one, or go on with those that are half here.

        Parameters
        ----------
        files : {"name", "size"} of each, and the "ticket" under which it was begun before.

        Returns
        -------
        answers : for each file {"ticket", "offset"}, or {"error"} with the reason why it is not taken.
        """
        if not 1 <= len(files) <= FILES_AT_ONCE:
            raise UploadError(f"A data set takes 1 to {FILES_AT_ONCE} files at once, not {len(files)}.", 400)
        self.sweep()
        answers: list[dict[str, Any]] = []
        with self._announcing:
            for told in files:
                try:
                    upload = self._gone_on(told) or self._begun(*_described(told))
                    answers.append({"ticket": upload.ticket, "offset": upload.received})
                except UploadError as error:
                    answers.append({"error": str(error)})
        return answers

    def under_way(self, ticket: str) -> Upload:
        """The upload of this ticket. Raises `UploadError` where there is none (any more)."""
        part, announced = self._places(ticket)
        if not TICKET.fullmatch(ticket) or not (part.is_file() and announced.is_file()):
            raise UploadError("This upload is not known any more: choose the file again.", 404)
        return Upload(ticket, **json.loads(announced.read_text(encoding="utf-8")), part=part, announced=announced)

    def still_here(self, tickets: Sequence[str]) -> list[dict[str, Any]]:
        """The files of these tickets that are still on their way: {"ticket", "name", "size", "offset"} of each."""
        known = {upload.ticket: upload for upload in self._all()}
        found = [known[ticket] for ticket in tickets if ticket in known]
        return [
            {"ticket": each.ticket, "name": each.name, "size": each.size, "offset": each.received} for each in found
        ]

    def append(self, upload: Upload, offset: int | None, slice: IO[bytes]) -> int:
        """Write a slice at the end of what is here; where the file ends then.

        Raises
        ------
        UploadError
            If the slice belongs elsewhere (the answer says where the file ends), goes beyond the announced size, or the
            disk has no room for it; what was here before it stays, but for a file that is larger than it said.
        """
        moving = self._moving.setdefault(upload.ticket, Moving())
        with moving.writing:
            received = upload.received
            if offset != received:
                raise UploadError(
                    f"This slice starts at {offset}, but {received} bytes are here.", 409, offset=received
                )
            refusal = self.room(besides=upload).refusal(upload.name, upload.size - received)
            if refusal:
                raise UploadError(refusal, 507)
            try:
                return _written(upload, received, slice, moving)
            except UploadError:
                self.cancel(upload)
                raise
            except (OSError, HTTPException) as error:
                _cut(upload, received)
                if isinstance(error, OSError):
                    raise UploadError(disk.not_written(error, upload.name), 507) from error
                raise

    def complete(self, tickets: Sequence[str], onto: Dataset | None = None) -> str:
        """Take files into the data directory as one data set; its id, the same when asked again.

        Raises
        ------
        UploadError
            If a ticket is not known, or bytes of a file are missing.
        """
        if not tickets:
            raise UploadError("No file was named that could be taken in.", 400)
        known = {self._taken_in.get(ticket) for ticket in tickets}
        if len(known) == 1 and (id := known.pop()):
            return id
        uploads = [self.under_way(ticket) for ticket in tickets]
        for upload in uploads:
            if upload.received != upload.size:
                told = f"Of {upload.name} {upload.received} of {upload.size} bytes have arrived."
                raise UploadError(told, 409, offset=upload.received)
        sources = [Source(upload.name, upload.size, self._digest(upload), upload.part) for upload in uploads]
        dataset = self.here.take_in(sources, onto)
        for upload in uploads:
            self.cancel(upload)
            self._taken_in[upload.ticket] = dataset.id
        while len(self._taken_in) > REMEMBERED:
            self._taken_in.popitem(last=False)
        return dataset.id

    def cancel(self, upload: Upload) -> None:
        """Forget a file, with what is here of it."""
        upload.remove()
        self._moving.pop(upload.ticket, None)

    def room(self, besides: Upload | None = None) -> Room:
        """What is left for further uploads, or for the rest of one that is on its way."""
        to_come = sum(upload.size - upload.received for upload in self._all() if upload != besides)
        return disk.room(self.here.incoming, self.here.disk_limit, self.here.uploads(), to_come)

    def sweep(self) -> None:
        """Remove what was left half-sent long ago, and what a server that was killed left lying."""
        for path in self.here.incoming.iterdir():
            part = path.with_suffix(".part") if path.suffix == ".json" else path
            with contextlib.suppress(FileNotFoundError):  # it ended meanwhile
                moved = (part if part.exists() else path).stat().st_mtime
                if time.time() - moved > ABANDONED_SECONDS:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _gone_on(self, told: Mapping[str, Any]) -> Upload | None:
        """The upload that this file was begun as, where it is half here."""
        try:
            begun = self.under_way(str(told.get("ticket")))
        except UploadError:
            return None
        return begun if begun.size == told.get("size") else None

    def _begun(self, name: str, size: int) -> Upload:
        refusal = _too_large(name, size, self.limit_bytes) or self.room().refusal(name, size)
        if refusal:
            raise UploadError(refusal, 413)
        ticket = secrets.token_hex(16)
        part, announced = self._places(ticket)
        part.touch()
        workspace.write_whole(announced, json.dumps({"name": name, "size": size}))
        return Upload(ticket, name, size, part, announced)

    def _digest(self, upload: Upload) -> str:
        moving = self._moving.get(upload.ticket) or Moving()
        with moving.writing, upload.part.open("rb") as stream:
            stream.seek(moving.hashed)
            while block := stream.read(BLOCK_BYTES):
                moving.hash.update(block)
                moving.hashed += len(block)
        digest: str = moving.hash.hexdigest()
        return digest

    def _all(self) -> list[Upload]:
        tickets = [path.stem for path in self.here.incoming.glob("*.json")]
        return [self.under_way(ticket) for ticket in tickets if self._places(ticket)[0].is_file()]

    def _places(self, ticket: str) -> tuple[Path, Path]:
        safe = ticket if TICKET.fullmatch(ticket) else "unknown"
        return self.here.incoming / f"{safe}.part", self.here.incoming / f"{safe}.json"


def _described(told: Mapping[str, Any]) -> tuple[str, int]:
    name, size = told.get("name"), told.get("size")
    if not isinstance(name, str) or not isinstance(size, int):
        raise UploadError("A file is announced by its name and its size in bytes.", 400)
    return Path(name).name[:200] or "unnamed", size


def _too_large(name: str, size: int, limit_bytes: int) -> str | None:
    if size <= 0:
        return f"{name} is empty: it has no bytes at all. Choose a file with transactions in it."
    if size > limit_bytes:
        allowed = formats.size(limit_bytes)
        return f"{name} has {formats.size(size)}, but this server takes files up to {allowed} (setting MAX_UPLOAD_MB)."
    return None


def _written(upload: Upload, received: int, slice: IO[bytes], moving: Moving) -> int:
    """Append a slice; the hash goes along where it has seen all that came before."""
    hash = moving.hash.copy() if moving.hashed == received else None
    with upload.part.open("r+b") as stream:
        stream.seek(received)
        while block := slice.read(BLOCK_BYTES):
            received += len(block)
            if received > upload.size:
                raise UploadError(f"{upload.name} sends more than the {upload.size} bytes it announced.", 413)
            stream.write(block)
            if hash is not None:
                hash.update(block)
    if hash is not None:
        moving.hash, moving.hashed = hash, received
    return received


def _cut(upload: Upload, received: int) -> None:
    with upload.part.open("r+b") as stream:
        stream.truncate(received)
