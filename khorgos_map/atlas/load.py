"""Reading a content folder into records, collecting every fault on the way."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from khorgos_map.atlas.arrangement import Chart, Correction, Introduction, LayerList, Pair
from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.geometry import geometry_faults
from khorgos_map.atlas.records import BasemapFeature, Claim, Claimant, Feature, Record, Source
from khorgos_map.atlas.road_facts import FACTS, raw_facts, unreadable
from khorgos_map.atlas.roads import Crossing, Edge, Fact, NamedPlace, Node, RoadNetwork
from khorgos_map.errors import ContentError, Fault

R = TypeVar("R", bound=Record)
Faults = list[Fault]
# Control characters but for the line break, and halves of letters, which JSON can hold and no file of text.
_NO_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
WGS84_NAMES = ("WGS84", "WGS 84", "CRS84", "EPSG::4326", "EPSG:4326")


def read_folder(folder: Path) -> tuple[Atlas, Faults]:
    """Return what can be read of a content folder, and the faults of what cannot.

    Raises `ContentError` where not even the list of layers or the introduction can be read. Faults that show
    only when records are held against each other are found by `khorgos_map.atlas.check_content`.
    """
    faults: Faults = []
    layer_list = _layer_list(folder, faults)
    features = {
        layer.id: tuple(_features(folder, layer.file, Feature, faults)) for layer in layer_list.layers
    }
    basemap = {
        path.stem: tuple(_features(folder, f"basemap/{path.name}", BasemapFeature, faults))
        for path in sorted((folder / "basemap").glob("*.geojson"))
    }
    _repeated_ids(layer_list, features, faults)
    atlas = Atlas(
        home=layer_list.home,
        groups=layer_list.groups,
        layers=layer_list.layers,
        features=features,
        basemap=basemap,
        claims={c.id: c for c in _listed(folder, "claims", Claim, faults)},
        claimants={c.id: c for c in _listed(folder, "claimants", Claimant, faults)},
        sources={s.id: s for s in _listed(folder, "sources", Source, faults)},
        introduction=_introduction(folder, faults),
        charts=tuple(_listed(folder, "charts", Chart, faults)),
        corrections=tuple(_listed(folder, "corrections", Correction, faults)),
        pairs=tuple(_listed(folder, "pairs", Pair, faults)),
        network=read_network(folder, faults),
    )
    return atlas, sorted(set(faults))


def read_network(folder: Path, faults: Faults) -> RoadNetwork:
    """Return the roads of a content folder, adding the faults of its files to ``faults``.

    A folder without the part ``network`` has none, and one that lists no crossings or further places has none of them.
    """
    if not (folder / "network").is_dir():
        return RoadNetwork()
    crossings = "network/crossings"
    listed = _listed(folder, crossings, Crossing, faults) if (folder / f"{crossings}.json").exists() else ()
    facts, places = raw_facts(folder, faults), "network/places.geojson"
    return RoadNetwork(
        nodes={n.properties.id: n for n in _features(folder, "network/nodes.geojson", Node, faults)},
        edges={e.properties.id: e for e in _features(folder, "network/edges.geojson", Edge, faults)},
        facts={f.id: f for f in _records(FACTS, facts, Fact, faults)},
        crossings={c.id: c for c in listed},
        places={p.properties.id: p for p in _features(folder, places, NamedPlace, faults)}
        if (folder / places).exists()
        else {},
    )


def read_json(folder: Path, name: str, faults: Faults) -> Any:
    """Return what a JSON file of a content folder holds, or ``None`` and a fault more where it cannot be read."""
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(Fault(name, "", "file", f"is missing in {folder}"))
    except UnicodeDecodeError:
        faults.append(Fault(name, "", "file", "is not UTF-8 text"))
    except json.JSONDecodeError as error:
        faults.append(Fault(name, "", "file", f"is not JSON: {error}"))
    except OSError as error:
        faults.append(Fault(name, "", "file", unreadable(error)))
    return None


def _validated(kind: type[R], raw: Any, fault: Callable[[str, str], None]) -> R | None:
    for place, character in _no_text(raw):
        fault(place or "record", f"holds U+{ord(character):04X}, which is no character of a text")
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = [str(part) for part in detail["loc"] if part != "properties"]
            field = ".".join(path) or "record"
            fault(field, _reason(detail))
        return None


def _no_text(raw: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield where a string holds what few formats could pass on, and the first such character."""
    if isinstance(raw, str):
        found = _NO_TEXT.search(raw)
        if found:
            yield path, found[0]
    elif isinstance(raw, dict):
        for name, value in raw.items():
            if name != "geometry":
                within = path if name == "properties" else f"{path}.{name}".lstrip(".")
                yield from _no_text(value, within)
    elif isinstance(raw, list):
        for place, value in enumerate(raw):
            yield from _no_text(value, f"{path}.{place}")


def _reason(detail: ErrorDetails) -> str:
    given = detail["input"]
    shown = f" (given: {given!r})" if isinstance(given, str | int | float) else ""
    match detail["type"]:
        case "missing":
            return "is missing"
        case "literal_error":
            return f"unknown value {given!r}; must be {detail['ctx']['expected']}"
        case "extra_forbidden":
            return "unknown field"
        case _:
            message = detail["msg"].removeprefix("Value error, ")
            return message[:1].lower() + message[1:] + shown


def _layer_list(folder: Path, faults: Faults) -> LayerList:
    raw = read_json(folder, "layers.json", faults)
    found = _validated(LayerList, raw, _into(faults, "layers.json", "")) if raw else None
    if found is None:
        raise ContentError(faults)
    listed = {layer.file for layer in found.layers}
    for path in sorted((folder / "layers").glob("*")):
        if f"layers/{path.name}" not in listed:
            faults.append(
                Fault(f"layers/{path.name}", "", "layer", "unknown layer: not listed in layers.json")
            )
    return found


def _introduction(folder: Path, faults: Faults) -> Introduction:
    raw = read_json(folder, "introduction.json", faults)
    found = _validated(Introduction, raw, _into(faults, "introduction.json", "")) if raw else None
    if found is None:
        raise ContentError(faults)
    return found


def _listed(folder: Path, name: str, kind: type[R], faults: Faults) -> Iterator[R]:
    file = f"{name}.json"
    raw = read_json(folder, file, faults)
    if raw is None:
        return
    key = Path(name).name
    records = raw.get(key) if isinstance(raw, dict) else None
    if not isinstance(records, list):
        faults.append(Fault(file, "", key, f"the file must be an object with a list named {key!r}"))
        return
    yield from _records(file, records, kind, faults)


def _records(file: str, records: Sequence[Any], kind: type[R], faults: Faults) -> Iterator[R]:
    seen: Counter[str] = Counter()
    for number, raw in enumerate(records):
        identifier = _id_of(raw)
        seen[identifier] += 1
        if seen[identifier] == 2 and identifier:
            faults.append(Fault(file, identifier, "id", "duplicate id"))
        if not identifier:
            faults.append(Fault(file, "", "id", f"missing id (record {number + 1})"))
            continue
        record = _validated(kind, raw, _into(faults, file, identifier))
        if record is not None:
            yield record


def _id_of(raw: Any) -> str:
    inner = raw.get("properties", raw) if isinstance(raw, dict) else {}
    value = inner.get("id") if isinstance(inner, dict) else None
    return value if isinstance(value, str) else ""


def _features(folder: Path, file: str, kind: type[R], faults: Faults) -> Iterator[R]:
    raw = read_json(folder, file, faults)
    if raw is None:
        return
    if not (
        isinstance(raw, dict)
        and raw.get("type") == "FeatureCollection"
        and isinstance(raw.get("features"), list)
    ):
        faults.append(Fault(file, "", "type", "is not GeoJSON: a FeatureCollection with features is needed"))
        return
    if "crs" in raw and not any(name in json.dumps(raw["crs"]) for name in WGS84_NAMES):
        faults.append(Fault(file, "", "crs", f"declares {json.dumps(raw['crs'])}; only WGS 84 is accepted"))
    if not raw["features"]:
        faults.append(Fault(file, "", "features", "the layer is empty"))
    sound = []
    for feature in raw["features"]:
        found = [Fault(file, _id_of(feature), "geometry", reason) for reason in geometry_faults(feature)]
        faults.extend(found)
        if found and isinstance(feature, dict):
            # the properties are still checked, on a place that cannot hide the fault just named
            here = [80.4, 44.2]
            elsewhere = (
                {"type": "LineString", "coordinates": [here, here]}
                if kind is Edge
                else {"type": "Point", "coordinates": here}
            )
            _validated(kind, {**feature, "geometry": elsewhere}, _into(faults, file, _id_of(feature)))
        else:
            sound.append(feature)
    yield from _records(file, sound, kind, faults)


def _into(faults: Faults, file: str, identifier: str) -> Callable[[str, str], None]:
    return lambda field, reason: faults.append(Fault(file, identifier, field, reason))


def _repeated_ids(layers: LayerList, features: dict[str, tuple[Feature, ...]], faults: Faults) -> None:
    file_of = {layer.id: layer.file for layer in layers.layers}
    first: dict[str, str] = {}
    for layer, group in features.items():
        for feature in group:
            identifier = feature.properties.id
            if first.setdefault(identifier, layer) != layer:
                reason = f"duplicate id, also in {file_of[first[identifier]]}"
                faults.append(Fault(file_of[layer], identifier, "id", reason))
