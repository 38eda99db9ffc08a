"""Published networks: what there is, where it lies officially, under which terms, and how a download is checked.

The facts are data (``resources/catalogue/networks.json``). Its fields ``address_from`` and ``checksum_from`` say where
each comes from; most publishers give no checksum, so what came first is remembered and later downloads are compared.
Torch-free.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from studio.base import Message, StudioError
from studio.base.files import write_atomic
from studio.base.paths import data_dir, resources_dir

CATALOGUE_VERSION = 1
MEMORY_FILE = "catalogue.json"
Topic = Literal["faces", "animals", "things"]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class LocalizedText(BaseModel):
    """A text in the program's languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: Annotated[str, Field(min_length=1)]
    zh_CN: Annotated[str, Field(min_length=1)]


class Licence(BaseModel):
    """Terms of use.

    Attributes
    ----------
    name : what its authors call it.
    commercial : whether commercial use is allowed.
    plain : what it means, in one or two sentences.
    text : address of its full text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    commercial: bool
    plain: LocalizedText
    text: str


class Network(BaseModel):
    """One published network.

    Attributes
    ----------
    id : short name for the command line and for model cards; never changes.
    title, subject : what it is called here, and what its pictures show.
    resolution : side of its square pictures in pixels.
    classes : kinds of pictures to choose from; 0 for one kind.
    url : its official address.
    bytes : size of the file as reported by somebody who fetched it, or None.
    bytes_about : size computed from the number of weights, or None.
    sha256 : of the file, or None; ``checksum_from`` says whose statement that is.
    licence_id : key of its licence.
    credit : who made it.
    data : what it was trained on.
    home : a web page about it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
    title: LocalizedText
    subject: LocalizedText
    topic: Topic
    architecture: Literal["StyleGAN2", "StyleGAN3-T", "StyleGAN3-R"]
    resolution: Annotated[int, Field(ge=4, le=2048)]
    classes: Annotated[int, Field(ge=0)] = 0
    url: str
    bytes: Annotated[int, Field(gt=0)] | None = None
    bytes_about: Annotated[int, Field(gt=0)] | None = None
    sha256: Sha256 | None = None
    checksum_from: Annotated[str, Field(min_length=1)]
    address_from: Annotated[str, Field(min_length=1)]
    licence_id: Annotated[str, Field(alias="licence")]
    credit: Annotated[str, Field(min_length=1)]
    data: Annotated[str, Field(min_length=1)]
    home: str

    @field_validator("url", "home")
    @classmethod
    def _is_https(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError("an address begins with https://")
        return value

    @property
    def file(self) -> str:
        """The file's name at its address."""
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def size(self) -> int:
        """Bytes to fetch, as far as they are known beforehand; else 0."""
        return self.bytes or self.bytes_about or 0

    @property
    def model_name(self) -> str:
        """The model's name in the library."""
        return f"{self.title.en}, {self.architecture} {self.resolution}"


class Catalogue(BaseModel):
    """All networks and the licences they name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    note: str
    licences: Mapping[str, Licence]
    networks: tuple[Network, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.version != CATALOGUE_VERSION:
            raise ValueError(f"version {self.version} is not known")
        for name in ("id", "url", "file", "model_name"):
            values = [getattr(network, name) for network in self.networks]
            if len(set(values)) < len(values):
                raise ValueError(f"two networks have the same {name}")
        for network in self.networks:
            if network.licence_id not in self.licences:
                raise ValueError(f"{network.id} names a licence that is not there")
        return self

    def licence(self, network: Network) -> Licence:
        """The terms of ``network``."""
        return self.licences[network.licence_id]

    def find(self, name: str) -> Network:
        """The network whose id, file name or name in the library is ``name``.

        Raises
        ------
        StudioError
            When there is none; it names similar ones.
        """
        wanted = name.strip().lower()
        for network in self.networks:
            if wanted in (network.id, network.file.lower(), network.model_name.lower()):
                return network
        near = ", ".join(network.id for network in self.search(name))
        raise StudioError(
            Message("No network in the catalogue is called “{name}” (similar: {near}).", name=name, near=near)
            if near
            else Message("No network in the catalogue is called “{name}”.", name=name),
            "See the list of them with “latent-studio models catalogue”.",
        )

    def search(self, text: str, *, topic: Topic | None = None, commercial: bool = False) -> list[Network]:
        """The networks in whose texts all words of ``text`` occur; with ``commercial`` only those free for that."""
        words = re.findall(r"[^\s,]+", text.lower())
        found = []
        for network in self.networks:
            licence = self.licence(network)
            said = " ".join(
                (network.id, *network.title.model_dump().values(), *network.subject.model_dump().values(), network.data,
                 network.credit, network.architecture, f"{network.resolution} px", licence.name)
            ).lower()  # fmt: skip
            wanted = topic in (None, network.topic) and (licence.commercial or not commercial)
            if wanted and all(word in said for word in words):
                found.append(network)
        return found


@cache
def load_catalogue(path: Path | None = None) -> Catalogue:
    """The catalogue that travels with the program, or the one in ``path``.

    Raises
    ------
    StudioError
        When the file is missing or damaged.
    """
    path = path or resources_dir() / "catalogue" / "networks.json"
    try:
        return Catalogue.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise StudioError(
            Message("The catalogue of networks cannot be read: {reason}.", reason=str(error).splitlines()[0]),
            "Install Latent Studio again.",
        ) from error


class Memory(BaseModel):
    """This machine's memory of the catalogue, in the data folder; a damaged file counts as empty.

    Attributes
    ----------
    seen : SHA-256 of the first good download by network id.
    accepted : ids of the licences that the artist has read and accepted.
    """

    model_config = ConfigDict(frozen=True)

    seen: Mapping[str, Sha256] = {}
    accepted: tuple[str, ...] = ()

    @classmethod
    def load(cls) -> Memory:
        """Read it."""
        try:
            return cls.model_validate_json((data_dir() / MEMORY_FILE).read_bytes())
        except (OSError, ValidationError):
            return cls()

    def save(self) -> None:
        """Write it, atomically.

        Raises
        ------
        StudioError
            When the data folder cannot be written.
        """
        write_atomic(data_dir() / MEMORY_FILE, self.model_dump_json(indent=2))


def accepted(catalogue: Catalogue, network: Network) -> bool:
    """Return whether ``network`` may be fetched without asking: its licence is free, or was accepted before."""
    return catalogue.licence(network).commercial or network.licence_id in Memory.load().accepted


def accept(network: Network) -> None:
    """Remember that the artist accepted the licence of ``network``."""
    memory = Memory.load()
    if network.licence_id not in memory.accepted:
        memory.model_copy(update={"accepted": (*memory.accepted, network.licence_id)}).save()


def remember(network: Network, sha256: str) -> None:
    """Remember what a good download of ``network`` is; the first one counts."""
    memory = Memory.load()
    if network.id not in memory.seen:
        memory.model_copy(update={"seen": {**memory.seen, network.id: sha256}}).save()


def expected_sha256(network: Network) -> str:
    """The checksum a download must have: the catalogue's, else that of the first good download, else ""."""
    return network.sha256 or Memory.load().seen.get(network.id, "")
