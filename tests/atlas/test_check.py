"""Every kind of fault is found, named by file, id and field, in a copy of the real content spoilt on purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khorgos_map.atlas import check_content, content_folder
from tests.atlas.spoiling import Document, Spoilt, feature, put, rounds, unanswered

RAILWAY, CHECKPOINTS = "layers/railway.geojson", "layers/checkpoints.geojson"
ZONES, PLACES, AIRPORT, CLAIMS, SOURCES = (
    "layers/zones.geojson",
    "layers/places.geojson",
    "layers/airport.geojson",
    "claims.json",
    "sources.json",
)


def record(document: Document, name: str, identifier: str) -> dict[str, Any]:
    return next(r for r in document[name] if r["id"] == identifier)


def set_record(name: str, identifier: str, field: str, value: Any) -> Callable[[Document], None]:
    return lambda document: record(document, name, identifier).__setitem__(field, value)


def move(identifier: str, position: list[float]) -> Callable[[Document], None]:
    return lambda document: feature(document, identifier)["geometry"].__setitem__("coordinates", position)


def ring(change: Callable[[list[Any]], Any]) -> Callable[[Document], None]:
    def apply(document: Document) -> None:
        coordinates = feature(document, "icbc-kz")["geometry"]["coordinates"]
        coordinates[0] = change(coordinates[0])

    return apply


def crossed(positions: list[Any]) -> list[Any]:
    return [*positions[:2], positions[len(positions) // 2], *positions[2:]]


def shrink_west(positions: list[Any]) -> list[Any]:
    west = min(x for x, _ in positions)
    return [[x + 0.002 if x < west + 0.004 else x, y] for x, y in positions]


def into_china(document: Document) -> None:
    kazakh, chinese = feature(document, "icbc-kz"), feature(document, "icbc-cn")
    kazakh["geometry"], chinese["geometry"] = chinese["geometry"], kazakh["geometry"]


def overlapping(document: Document) -> None:
    feature(document, "icbc-cn")["geometry"] = feature(document, "icbc-kz")["geometry"]


def without(name: str, field: str) -> Callable[[Document], None]:
    def remove(document: Document) -> None:
        del feature(document, name)["properties"][field]

    return remove


def no_plan(document: Document) -> None:
    for claim in document["claims"]:
        if claim["subject"] == "airport-skyhansa":
            claim["status"] = "reported"


def twice(document: Document) -> None:
    document["features"].append(feature(document, "zharkent"))


def closed(begins: str, ends: str, claim: str) -> list[Document]:
    return [{"begins": begins, "ends": ends, "claims": [claim]}]


def gcj02_source(document: Document) -> None:
    record(document, "sources", "geonames")["datum"] = "GCJ-02"


def without_rival(identifier: str, rival: str) -> Callable[[Document], None]:
    def apply(document: Document) -> None:
        record(document, "claims", identifier)["rivals"].remove(rival)
        record(document, "claims", rival)["rivals"].remove(identifier)

    return apply


def counting(chart: str, counts: Any) -> Callable[[Document], None]:
    def apply(document: Document) -> None:
        for point in record(document, "charts", chart)["points"]:
            point["counts"] = counts

    return apply


def counted_whole(document: Document) -> None:
    record(document, "charts", "cargo")["running"] = False


def no_distance_to_yining(document: Document) -> None:
    for claim in document["claims"]:
        if claim["subject"] == "road-khorgos-yining":
            claim["subject"] = "visit-2025"


TOMORROW = (dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=2)).date().isoformat()
# a place west of the border as a map in GCJ-02 has it: across the line by less than the shift
GCJ02_ON_THE_OTHER_BANK = [80.4022, 44.2210]

NO_ADDRESSES = [
    "javascript:alert(1)",
    "JavaScript://example.org/%0aalert(1)",
    "data:text/html,<script>1</script>",
    "file:///etc/passwd",
    "ftp://example.org/",
    "//example.org/",
    "example.org",
    "https:",
    "https:///path",
    "https://:80/",
    "https://[::1",
    "https://example.org:port/",
    "https://example.org/a b",
    "https://example.org/\u2028",
    "https://example.org/\u202egro",
    "https:\\\\example.org\\",
    " https://example.org/",
    'https://example.org/"onclick=',
    "https://example.org/" + "x" * 20_000,
]

CASES = [
    Spoilt("swapped", PLACES, move("zharkent", [44.16619, 80.00736]), "zharkent", "geometry", "swapped"),
    Spoilt("out of range", PLACES, move("zharkent", [80.0, 144.0]), "zharkent", "geometry", "out of range"),
    Spoilt("nan", PLACES, move("zharkent", [float("nan"), 44.0]), "zharkent", "geometry", "NaN"),
    Spoilt("ring open", ZONES, ring(lambda r: r[:-1]), "icbc-kz", "geometry", "ring is open"),
    Spoilt("wrong way round", ZONES, ring(lambda r: r[::-1]), "icbc-kz", "geometry", "wrong way round"),
    Spoilt("self-intersecting", ZONES, ring(crossed), "icbc-kz", "geometry", "self-intersecting"),
    Spoilt("overlap", ZONES, overlapping, "icbc-cn", "geometry", "overlaps 'icbc-kz'"),
    Spoilt("wrong bank", ZONES, into_china, "icbc-kz", "geometry", "on the wrong bank"),
    Spoilt("area away", ZONES, ring(shrink_west), "icbc-kz", "geometry", "away from its claim"),
    Spoilt("missing id", PLACES, without("zharkent", "id"), "", "id", "missing id"),
    Spoilt("duplicate id", PLACES, twice, "zharkent", "id", "duplicate id"),
    Spoilt("underscore", PLACES, put("zharkent", "id", "zhar_kent"), "zhar_kent", "id", "no underscore"),
    Spoilt("source", CLAIMS, set_record("claims", "icbc-area-560", "source", "nobody"), "icbc-area-560", "source",
           "unknown reference 'nobody'"),
    Spoilt("no sources", PLACES, put("zharkent", "sources", []), "zharkent", "sources", "at least 1"),
    Spoilt("no English", PLACES, put("zharkent", "name", {"ru": {"text": "Жаркент", "basis": "sourced"}}),
           "zharkent", "name", "missing English"),
    Spoilt("no basis", PLACES, put("zharkent", "name", {"en": {"text": "Zharkent"}}), "zharkent",
           "name.en.basis", "is missing"),
    Spoilt("status", PLACES, put("zharkent", "status", "rumoured"), "zharkent", "status", "unknown value"),
    Spoilt("unit", CLAIMS, set_record("claims", "icbc-area-560", "unit", "acre"), "icbc-area-560", "unit",
           "unknown value 'acre'"),
    Spoilt("group", "layers.json", lambda d: d["layers"][0].__setitem__("group", "elsewhere"), "zones", "group",
           "unknown reference 'elsewhere'"),
    Spoilt("planned by nobody", CLAIMS, no_plan, "airport-skyhansa", "status", "planned without a dated claim",
           AIRPORT),
    Spoilt("no beginning", RAILWAY, put("rail-border-crossing", "valid_from", None), "rail-border-crossing",
           "valid_from", "no date, but the claims say 2012-12-22 (rail-crossing-opened-2012)"),
    Spoilt("another beginning", CHECKPOINTS, put("nur-zholy", "valid_from", "2011"), "nur-zholy", "valid_from",
           "2011, but the claims say 2018-09-27"),
    Spoilt("construction", RAILWAY, put("railway-horgos-jinghe", "built_from", "2007"), "railway-horgos-jinghe",
           "built_from", "2007, but the claims say 2004-11-22"),
    Spoilt("never closed", ZONES, put("icbc", "closures", []), "icbc", "closures", "'icbc-reopened-2023' speaks of"),
    Spoilt("closed by nobody", ZONES, put("icbc-kz", "closures", closed("2020-01", "2023-04", "nobody")), "icbc-kz",
           "closures.claims", "unknown reference 'nobody'"),
    Spoilt("ends before it begins", ZONES, put("icbc-kz", "closures", closed("2023-04", "2020-01", "icbc-closed-2020")),
           "icbc-kz", "closures", "ends before it begins"),
    Spoilt("closed before it was there", ZONES, put("icbc-cn", "valid_from", "2024"), "icbc-cn", "valid_from",
           "do not follow each other"),
    Spoilt("undated", RAILWAY, put("horgos-station", "status", "undated"), "horgos-station", "status", "as of a year"),
    Spoilt("future", SOURCES, set_record("sources", "cais-seminar-2020", "accessed", TOMORROW), "cais-seminar-2020",
           "accessed", "in the future"),
    Spoilt("empty", PLACES, lambda d: d.__setitem__("features", []), "", "features", "the layer is empty"),
    Spoilt("not GeoJSON", PLACES, lambda d: {"places": d["features"]}, "", "type", "is not GeoJSON"),
    Spoilt("datum", PLACES, put("zharkent", "datum", "GCJ-02"), "zharkent", "datum", "only WGS84"),
    Spoilt("declared crs", PLACES, lambda d: d.__setitem__("crs", {"name": "EPSG:3857"}),
           "", "crs", "only WGS 84"),
    Spoilt("GCJ-02 source", SOURCES, gcj02_source, "zharkent", "datum_conversion", "GCJ-02", PLACES),
    Spoilt("GCJ-02 place", "layers/checkpoints.geojson", move("old-checkpoint-kz", GCJ02_ON_THE_OTHER_BANK),
           "old-checkpoint-kz", "geometry", "read as GCJ-02"),
    Spoilt("rival", CLAIMS, set_record("claims", "icbc-area-528", "rivals", []), "icbc-area-528", "rivals",
           "not the other way round"),
    Spoilt("misspelt", PLACES, put("zharkent", "satus", "existing"), "zharkent", "satus", "unknown field"),
    Spoilt("reference", PLACES, put("zharkent", "within", "nowhere"), "zharkent", "within",
           "unknown reference"),
    Spoilt("licence of the package", "datapackage.json", lambda d: d["licenses"][0].__setitem__("path", "javascript:1"),
           "", "licenses.0.path", "begins with https://"),
    Spoilt("profile of the package", "datapackage.json", lambda d: d.__setitem__("$schema", "file:///etc/passwd"),
           "", "$schema", "begins with https://"),
    *(Spoilt(f"address {address[:12]!r}", SOURCES, set_record("sources", "geonames", "url", address), "geonames", "url",
             "begins with https://") for address in NO_ADDRESSES),
    *(Spoilt(f"control character {ord(character):#x}", CLAIMS,
             lambda d, c=character: d["claims"][0]["statement"].__setitem__("ru", f"a{c}b"), "", "statement.ru",
             f"holds U+{ord(character):04X}, which is no") for character in "\0\x01\t\r\x1b\x7f\x85"),
    Spoilt("half a letter", CLAIMS, lambda d: d["claims"][0]["statement"].__setitem__("ru", "a\ud800b"), "",
           "statement.ru", "holds U+D800, which is no"),
    Spoilt("silent rival", CLAIMS, without_rival("trains-2020", "trains-2020-customs"), "trains-2020", "rivals",
           "'trains-2020-customs' gives another value"),
    Spoilt("before it happened", SOURCES, set_record("sources", "cgtn-2024-01", "published", "2022-12-30"),
           "trains-2023", "as_of", "after its source was published", CLAIMS),
    Spoilt("nobody could confirm", SOURCES, set_record("sources", "cgtn-2024-01", "not_found_again", "2026-11-28"),
           "trains-2023", "confidence", "was not found again", CLAIMS),
    Spoilt("corrected claim", "corrections.json", set_record("corrections", "jobs-plan-speaker", "claims", ["nothing"]),
           "jobs-plan-speaker", "claims", "unknown reference 'nothing'"),
    Spoilt("corrected elsewhere", "corrections.json",
           set_record("corrections", "jobs-plan-speaker", "features", ["icbc-cn"]), "jobs-plan-speaker", "features",
           "'icbc' is missing"),
    Spoilt("two things on one axis", "charts.json", counting("jobs", None), "jobs", "points",
           "are about different things"),
    Spoilt("two attributes on one axis", "charts.json", counting("airport", None), "airport", "points",
           "count different things"),
    Spoilt("months on one axis", "charts.json", counted_whole, "cargo", "points",
           "different numbers of months"),
    *(Spoilt(f"pair {why}", "pairs.json", set_record("pairs", "trains-of-2020", "claims", claims), "trains-of-2020",
             "claims", reason) for why, claims, reason in (
        ("no rivals", ["icbc-kz-area-185", "icbc-kz-area-185-company"], "not each other's rivals"),
        ("the same in other words", ["icbc-established-2005", "icbc-established-2005-07-04"], "more precisely"),
        ("unknown", ["trains-2020", "trains-1920"], "unknown reference 'trains-1920'"),
    )),
    Spoilt("nothing said of what is large", CLAIMS, no_distance_to_yining, "yining", "label_rank",
           "no claim is about it", PLACES),
    Spoilt("control character of a layer", "layers.json",
           lambda d: d["layers"][0]["name"].__setitem__("en", "\x07"), "", "layers.0.name.en", "holds U+0007, which"),
]  # fmt: skip


def test_the_real_content_has_no_fault() -> None:
    assert check_content(content_folder()) == []


@pytest.mark.parametrize("cases", rounds(CASES), ids=lambda cases: ", ".join(case.name for case in cases))
def test_what_is_spoilt_is_answered_by_the_right_line(
    cases: list[Spoilt], spoilt: Callable[..., Path]
) -> None:
    assert unanswered(cases, spoilt) == []


def test_a_file_that_is_no_json_is_named(spoilt: Callable[..., Path]) -> None:
    folder = spoilt(PLACES, lambda d: d)
    (folder / PLACES).write_text("{", encoding="utf-8")
    assert any(f.file == PLACES and "is not JSON" in f.reason for f in check_content(folder))


def test_a_layer_that_is_not_listed_is_named(spoilt: Callable[..., Path]) -> None:
    folder = spoilt(PLACES, lambda d: d)
    (folder / "layers" / "rumours.geojson").write_text("{}", encoding="utf-8")
    assert any(
        f.file == "layers/rumours.geojson" and "unknown layer" in f.reason for f in check_content(folder)
    )


def test_a_missing_folder_is_one_plain_fault(tmp_path: Path) -> None:
    faults = check_content(tmp_path / "nothing")
    assert [f.file for f in faults] == ["layers.json"]
    assert "is missing" in faults[0].reason
