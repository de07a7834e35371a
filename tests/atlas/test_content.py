"""The content folder as a whole: what has to be on the map is, and its manifest lists it all."""

from __future__ import annotations

import json
from pathlib import Path

from khorgos_map.atlas import Atlas
from khorgos_map.atlas.records import Feature, Source, Text
from tests.atlas.spoiling import Rule

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
    assert [name for name in FILES if f"`{name}`" not in readme and not name.startswith("basemap/")] == []


def test_what_has_to_be_on_the_map_is(atlas: Atlas) -> None:
    wanted = ["icbc-kz", "icbc-cn", "sez-khorgos", "sez-eastern-gate", "dry-port", "logistics-zone", "industrial-zone",
              "airport-skyhansa", "zone-customs-clearance", "zone-port-operations", "zone-logistics",
              "zone-integrated-services", "panfilov-district", "ili-prefecture", "state-border", "zhetisu-region",
              "khorgos-village", "horgos-city", "nur-zholy", "old-checkpoint-kz", "old-gate-cn", "altynkol-station",
              "rail-border-crossing", "railway-altynkol-horgos", "zharkent", "khorgos", "almaty", "taldykorgan",
              "yining", "urumqi"]  # fmt: skip
    assert [identifier for identifier in wanted if identifier not in atlas.feature] == []


def test_what_has_no_published_location_has_no_invented_shape(atlas: Atlas) -> None:
    entries = ["zone-customs-clearance", "zone-port-operations", "zone-logistics", "zone-integrated-services",
               "panfilov-district", "ili-prefecture", "logistics-zone", "industrial-zone"]  # fmt: skip
    assert [i for i in entries if atlas.feature[i].geometry is not None] == []


def test_the_zones_meet_on_the_border_itself(atlas: Atlas) -> None:
    parts = atlas.feature["state-border"].geometry.coordinates  # type: ignore[union-attr]
    line = {position for part in parts for position in part}
    kazakh, chinese = (set(atlas.feature[i].geometry.coordinates[0]) for i in ("icbc-kz", "icbc-cn"))  # type: ignore[union-attr]
    assert len(kazakh & chinese & line) >= 10


def whole(text: Text) -> bool:
    return all(text.root.get(language) for language in ("en", "kk", "ru", "zh"))


def described(feature: Feature) -> bool:
    known = feature.properties
    return all(map(whole, [known.description, known.precision, *(s.description for s in known.sections)]))


def unnamed_registry(source: Source) -> bool:
    return not any(word in source.model_dump_json().lower() for word in ("pypi.", "npmjs."))


def test_statements_and_descriptions_are_complete_in_every_language(atlas: Atlas) -> None:
    english = Text({"en": "only in English", "kk": ""})
    said = Rule("a statement", lambda claim: whole(claim.statement), "icbc-area-560", "statement", english)
    said.check(atlas.claims)
    for field in ("description", "precision", "sections.0.description"):
        drawn = Rule("a description", described, "road-khorgos-almaty", f"properties.{field}", english)
        drawn.check(atlas.feature)


def test_no_record_points_to_a_package_registry(atlas: Atlas) -> None:
    spoilt = ("geonames", "url", "https://npmjs.com/geonames")
    Rule("an address of its own", unnamed_registry, *spoilt).check(atlas.sources)
