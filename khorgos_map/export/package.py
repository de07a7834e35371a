"""Claims, sources and layers as one Data Package (v2) in a zip: tables that say what is in their columns."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.asof import atlas_as_of
from khorgos_map.atlas.records import Claim, Licence, Record, Source
from khorgos_map.errors import ContentError, Fault
from khorgos_map.export.cite import PACKAGE, TITLE, map_version
from khorgos_map.export.layers import credit_of, layers_geojson
from khorgos_map.export.table import CLAIM_FIELDS, SOURCE_FIELDS, claims_csv, sources_csv
from khorgos_map.text import catalogue

PROFILES = "https://datapackage.org/profiles/2.0"
MANIFEST, CONTENT_README, LAYERS = "datapackage.json", "README.md", "layers.geojson"
LICENCE_PATHS: dict[Licence, str] = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}
CONTRIBUTORS = [{"title": "Khorgos Map"}, {"title": "OpenStreetMap contributors"}, {"title": "GeoNames"}]
# the earliest date a zip can hold: equal content gives equal bytes
LONG_AGO = (1980, 1, 1, 0, 0, 0)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&#|~!$+=]|^-)")
TYPES = {"value": "any", "accessed": "date"}
CLAIM_COLUMNS = {
    "id": "Id of the claim",
    "subject": "Id of the feature in layers.geojson that it is about",
    "attribute": "What it says something about",
    "value": "A number in the unit given, or a date or words",
    "unit": "Unit of the value; date and text for values that are no numbers",
    "as_of": "When it was said: YYYY, YYYY-MM or YYYY-MM-DD",
    "status": "How it is meant",
    "rank": "Which of several rival claims the map shows first",
    "rank_reason": "Why it is preferred or deprecated",
    "claimant": "Who says so",
    "claimant_kind": "What kind of speaker that is",
    "statement": "What is said, in our own words ({language})",
    "source": "Id of the source",
    "source_title": "Title of the source",
    "publisher": "Publisher of the source",
    "published": "When the source was published: YYYY, YYYY-MM or YYYY-MM-DD",
    "url": "Address of the source",
    "locator": "Where in the source it is said",
    "confidence": "How far we trust it",
    "rivals": "Ids of claims that say otherwise, joined by semicolons",
}
SOURCE_COLUMNS = {
    "id": "Id of the source",
    "title": "Title; in square brackets our description where no title was seen",
    "publisher": "Publisher, and where we saw it if elsewhere",
    "author": "Author as named in the source",
    "published": "When it was published: YYYY, YYYY-MM or YYYY-MM-DD",
    "accessed": "When it was read",
    "accessed_note": "How it was read, or why no date is known",
    "seen": "Whether it was seen in full, in excerpt, or is known through another source",
    "cited_by": "Id of the source it is known through",
    "not_found_again": "Day on which it was sought once more and not found",
    "language": "Language, ISO 639; mul for several",
    "licence": "Licence of the source itself",
    "kind": "What kind of source it is",
    "datum": "Datum of its coordinates",
    "url": "Address",
    "note": "What else is to be known about it",
}
README = """# {title}

Who says what about Khorgos on the Kazakh-Chinese border, in which source, and where it is. Version {version}.

- `claims.csv`: one claim a row, with claimant, source, date and rivals. Statements are in our own words ({language}).
- `sources.csv`: the sources, and how each was seen.
- `layers.geojson`: the map's features, longitude/latitude on WGS 84; `uncertainty_m` says how far off a place may be.
  A feature without a geometry is one whose location is not published.
- `datapackage.json`: what the columns hold, for programs that read Data Packages.

Values are quoted, not endorsed. A text that a spreadsheet would take for a formula has an apostrophe (') in front;
take one away to have the text. An empty cell means: not known.

## Whom to credit

Claims, sources and statements: Khorgos Map (CC BY 4.0). Drawings and places, as each feature's `credit` says:

{credits}
"""


def data_package(atlas: Atlas, folder: Path, *, language: str = "en", asof: int | None = None) -> bytes:
    """Return a zip with datapackage.json, claims.csv, sources.csv, layers.geojson and what to know about them.

    Licences and contributors are those of the content folder's own datapackage.json, and its README comes along
    as content.md, if it has them. With a year, only what had been said by its end is in it (`atlas_as_of`).
    Equal content gives equal bytes. Raises `ContentError` if that datapackage.json cannot be read.
    """
    atlas = atlas_as_of(atlas, asof)
    tables = {
        "claims.csv": claims_csv(atlas, language).encode(),
        "sources.csv": sources_csv(atlas).encode(),
        LAYERS: layers_geojson(atlas).encode(),
    }
    title = TITLE if asof is None else f"{TITLE}, as of {asof}"
    descriptor = {**_descriptor(atlas, _manifest(folder), tables, language), "title": title}
    files = {
        MANIFEST: (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode(),
        **tables,
        "README.md": _readme(atlas, language, title).encode(),
    }
    if (folder / CONTENT_README).is_file():
        files["content.md"] = (folder / CONTENT_README).read_bytes()
    return _zip(files)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ContentError([Fault(MANIFEST, "", "file", f"cannot be read: {error}")]) from None
    if not isinstance(manifest, dict):
        raise ContentError([Fault(MANIFEST, "", "file", "must be a JSON object")])
    return manifest


def _descriptor(
    atlas: Atlas, manifest: dict[str, Any], tables: dict[str, bytes], language: str
) -> dict[str, Any]:
    drawn = sorted({feature.properties.licence for feature in atlas.feature.values()})
    claims = _fields(Claim, CLAIM_FIELDS, CLAIM_COLUMNS, language)
    sources = _fields(Source, SOURCE_FIELDS, SOURCE_COLUMNS, language)
    to_sources = {"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}}
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": PACKAGE,
        "title": TITLE,
        "description": "Who says what about Khorgos, in which source, and where it is. See README.md.",
        **({"version": installed} if (installed := map_version()) else {}),
        "licenses": manifest.get("licenses") or _licences(LICENCE_PATHS),
        "contributors": manifest.get("contributors") or CONTRIBUTORS,
        "resources": [
            _table("claims", tables, {"fields": claims, "primaryKey": ["id"], "foreignKeys": [to_sources]}),
            _table("sources", tables, {"fields": sources, "primaryKey": ["id"]}),
            {
                **_resource("layers", LAYERS, tables, drawn),
                "format": "geojson",
                "mediatype": "application/geo+json",
            },
        ],
    }


def _resource(name: str, path: str, files: dict[str, bytes], licences: Iterable[Licence]) -> dict[str, Any]:
    return {
        "name": name,
        "path": path,
        "encoding": "utf-8",
        "bytes": len(files[path]),
        "hash": f"sha256:{hashlib.sha256(files[path]).hexdigest()}",
        "licenses": _licences(licences),
    }


def _table(name: str, files: dict[str, bytes], schema: dict[str, Any]) -> dict[str, Any]:
    return {
        **_resource(name, f"{name}.csv", files, ["CC-BY-4.0"]),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": {"$schema": f"{PROFILES}/tableschema.json", "missingValues": [""], **schema},
    }


def _fields(
    record: type[Record], names: Iterable[str], columns: dict[str, str], language: str
) -> list[dict[str, Any]]:
    fields = []
    for name in names:
        of_record = record.model_fields.get(name)
        described = columns.get(name, "").format(language=catalogue(language).name)
        field: dict[str, Any] = {"name": name, "type": TYPES.get(name, "string"), "description": described}
        if of_record is not None and get_origin(of_record.annotation) is Literal:
            field["constraints"] = {"required": True, "enum": list(get_args(of_record.annotation))}
        elif name == "id":
            field["constraints"] = {"required": True, "unique": True}
        fields.append({key: value for key, value in field.items() if value})
    return fields


def _licences(names: Iterable[Licence]) -> list[dict[str, str]]:
    return [{"name": name, "path": LICENCE_PATHS[name]} for name in names]


def _readme(atlas: Atlas, language: str, title: str) -> str:
    credits_named = sorted({credit_of(feature, atlas) for feature in atlas.feature.values()})
    return README.format(
        title=title,
        version=map_version() or "not known",
        language=catalogue(language).name,
        credits="\n".join(f"- {_escaped(credit)}" for credit in credits_named),
    )


def _escaped(text: str) -> str:
    """Return a text on one line in which Markdown finds nothing to draw."""
    line = _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", line)


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, body in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # the same on every system: a plain file that its owner may write and all may read
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, body)
    return packed.getvalue()
