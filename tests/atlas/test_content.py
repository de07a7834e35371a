"""The content folder as a whole: what has to be on the map is, and its manifest lists it all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from khorgos_map.atlas import Atlas

GEODATA = Path(__file__).parents[2] / "geodata"
FILES = {
    p.relative_to(GEODATA).as_posix() for p in GEODATA.rglob("*") if p.suffix in {".json", ".geojson", ".csv"}
}


def test_the_manifest_lists_every_file_with_the_licences_of_its_records(atlas: Atlas) -> None:
    manifest = json.loads((GEODATA / "datapackage.json").read_text(encoding="utf-8"))
    listed = {r["path"]: {licence["name"] for licence in r["licenses"]} for r in manifest["resources"]}
    assert set(listed) == FILES - {"datapackage.json"}
    for layer in atlas.layers:
        assert listed[layer.file] == {f.properties.licence for f in atlas.features[layer.id]}


def test_the_readme_has_a_row_for_every_file() -> None:
    readme = (GEODATA / "README.md").read_text(encoding="utf-8")
    for name in FILES:
        assert f"`{name}`" in readme or name.startswith("basemap/"), name


@pytest.mark.parametrize(
    "identifier",
    ["icbc-kz", "icbc-cn", "sez-khorgos", "sez-eastern-gate", "dry-port", "logistics-zone", "industrial-zone",
     "airport-skyhansa", "zone-customs-clearance", "zone-port-operations", "zone-logistics",
     "zone-integrated-services", "panfilov-district", "ili-prefecture", "state-border", "zhetisu-region",
     "khorgos-village", "horgos-city", "nur-zholy", "old-checkpoint-kz", "old-gate-cn", "altynkol-station",
     "rail-border-crossing", "railway-altynkol-horgos", "zharkent", "khorgos", "almaty", "taldykorgan", "yining",
     "urumqi"],
)  # fmt: skip
def test_what_has_to_be_on_the_map_is(atlas: Atlas, identifier: str) -> None:
    assert identifier in atlas.feature


def test_what_has_no_published_location_has_no_invented_shape(atlas: Atlas) -> None:
    entries = ["zone-customs-clearance", "zone-port-operations", "zone-logistics", "zone-integrated-services",
               "panfilov-district", "ili-prefecture", "logistics-zone", "industrial-zone"]  # fmt: skip
    assert [i for i in entries if atlas.feature[i].geometry is not None] == []


def test_the_zones_meet_on_the_border_itself(atlas: Atlas) -> None:
    parts = atlas.feature["state-border"].geometry.coordinates  # type: ignore[union-attr]
    line = {position for part in parts for position in part}
    kazakh, chinese = (set(atlas.feature[i].geometry.coordinates[0]) for i in ("icbc-kz", "icbc-cn"))  # type: ignore[union-attr]
    assert len(kazakh & chinese & line) >= 10


@pytest.mark.parametrize("language", ["kk", "ru", "zh"])
def test_statements_are_complete_in_every_language(atlas: Atlas, language: str) -> None:
    for claim in atlas.claims.values():
        assert claim.statement.root.get(language), claim.id
    for feature in atlas.feature.values():
        properties = feature.properties
        assert properties.description.root.get(language), properties.id
        assert properties.precision.root.get(language), properties.id
        assert all(section.description.root.get(language) for section in properties.sections), properties.id


def test_no_record_points_to_a_package_registry(atlas: Atlas) -> None:
    for source in atlas.sources.values():
        assert not any(word in source.model_dump_json().lower() for word in ("pypi.", "npmjs.")), source.id
