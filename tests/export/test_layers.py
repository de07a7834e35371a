"""The layers for other map programs: nothing missing, nothing moved, nothing made up."""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely.geometry import shape

from khorgos_map.atlas import Atlas
from khorgos_map.errors import UsageError
from khorgos_map.export.layers import layers_geojson, layers_geopackage

FIELDS = (
    "id layer name kind status side valid_from valid_to basis uncertainty_m precision sources licence credit"
)


@pytest.fixture(scope="module")
def features(atlas: Atlas) -> dict[str, Any]:
    collection = json.loads(layers_geojson(atlas))
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    return {feature["id"]: feature for feature in collection["features"]}


@pytest.fixture(scope="module")
def package(atlas: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gpkg") / "khorgos.gpkg"
    layers_geopackage(atlas, path)
    return path


def test_every_feature_of_every_layer_is_there(atlas: Atlas, features: dict[str, Any]) -> None:
    assert list(features) == list(atlas.feature)
    assert {i: f["properties"]["layer"] for i, f in features.items()} == atlas.layer_of


def test_places_are_those_of_the_records(atlas: Atlas, features: dict[str, Any]) -> None:
    for identifier, feature in atlas.feature.items():
        written = features[identifier]["geometry"]
        if feature.geometry is None:
            assert written is None
        else:
            assert written == json.loads(feature.geometry.model_dump_json(exclude_none=True))


def test_properties_are_flat_and_the_same_for_all(features: dict[str, Any]) -> None:
    first = next(iter(features.values()))["properties"]
    assert set(FIELDS.split()) <= set(first)
    for feature in features.values():
        assert set(feature["properties"]) == set(first)
        assert not any(isinstance(value, dict | list) for value in feature["properties"].values())


def test_a_name_that_is_not_known_is_not_made_up(atlas: Atlas, features: dict[str, Any]) -> None:
    for identifier, feature in atlas.feature.items():
        properties = features[identifier]["properties"]
        known = {code: name for code, name in feature.properties.name.root.items() if name}
        written = {k.removeprefix("name_"): v for k, v in properties.items() if k.startswith("name_") and v}
        basis = dict(part.split(" ") for part in written.pop("basis").split(";"))
        assert written == {code: name.text for code, name in known.items()}
        assert basis == {code: name.basis for code, name in known.items()}


def test_every_drawing_names_whom_to_credit(features: dict[str, Any]) -> None:
    for feature in features.values():
        properties = feature["properties"]
        maker, _, licence = properties["credit"].partition(" (")
        assert maker
        assert licence.rstrip(")").replace(" ", "-") == properties["licence"]
        assert ("OpenStreetMap" in maker) == (properties["licence"] == "ODbL-1.0")


def test_a_geopackage_holds_the_same_features(features: dict[str, Any], package: Path) -> None:
    read: dict[str, dict[str, Any]] = {}
    for layer in geopandas.list_layers(package).name:
        frame = geopandas.read_file(package, layer=layer)
        assert frame.crs.to_epsg() == 4326
        assert frame["uncertainty_m"].dtype.kind == "f"
        read |= {row["id"]: {**row, "table": layer} for row in frame.to_dict("records")}
    assert set(read) == set(features)
    for identifier, feature in features.items():
        row = read[identifier]
        for field, value in feature["properties"].items():
            missing = row[field] is None or (isinstance(row[field], float) and math.isnan(row[field]))
            assert (None if missing else row[field]) == value, f"{identifier}: {field}"
        if feature["geometry"] is None:
            assert row["table"] == "unlocated"
            assert row["geometry"] is None
        else:
            assert row["geometry"].equals_exact(_multiple(shape(feature["geometry"]), row["geometry"]), 0)


def _multiple(single: Any, like: Any) -> Any:
    return single if single.geom_type == like.geom_type else type(like)([single])


def test_an_existing_geopackage_needs_force(atlas: Atlas, tmp_path: Path) -> None:
    target = tmp_path / "mine.gpkg"
    target.write_text("mine")
    with pytest.raises(UsageError, match="exists; give --force"):
        layers_geopackage(atlas, target)
    assert target.read_text() == "mine"
    layers_geopackage(atlas, target, force=True)
    assert target.read_bytes().startswith(b"SQLite format 3\0")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.gpkg"]


def test_no_room_for_temporary_files_is_told_in_one_line(
    atlas: Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(UsageError, match=r"cannot be made in .*gone") as raised:
        layers_geopackage(atlas, tmp_path / "map.gpkg")
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []
