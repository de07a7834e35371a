"""A planner asks for a way: by name or click, by car or truck, over the border, and how far one comes."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Make, Visit


def ask(page: Visit, *stops: str) -> None:
    page.map.get_by_role("button", name="Roads", exact=True).click()
    for number, words in enumerate(stops):
        box = page.map.locator(f"#kh-stop-{number}")
        box.fill(words)
        box.press("Enter")


def type_wait(page: Visit, which: int, hours: str) -> None:
    box = page.map.locator(f"#kh-wait-nur-zholy-horgos-{which}")
    box.fill(hours)
    box.press("Tab")


def kilometres(page: Visit) -> float:
    shown = page.map.locator("#kh-tool .result dd").first.inner_text()
    return float(re.match(r"[\d.]+", shown.replace(",", "")).group())  # type: ignore[union-attr]


def test_a_way_is_asked_by_name_and_held_against_the_published_distance(visit: Make) -> None:
    page = visit().open()
    ask(page, "Khorgos", "Алматы")
    result = page.map.locator("#kh-tool .result")
    expect(result.locator(".verdict")).to_contain_text("361 km")
    assert page.map.locator("[data-way]").count() >= 2
    quickest = kilometres(page)
    assert 310 < quickest < 361
    page.map.locator("[data-act=via]").click()
    page.map.locator("#kh-stop-1").fill("Шонжы")
    page.map.locator("#kh-stop-1").press("Enter")
    page.until_address(r="khorgos;shonzhy;almaty")
    assert kilometres(page) > quickest
    result.locator("summary", has_text="road by road").click()
    expect(result.locator(".steps")).to_contain_text("A-2")
    shown = kilometres(page)
    page.reload()
    expect(page.map.locator("#kh-stop-2")).to_have_value("Almaty")
    assert kilometres(page) == shown
    assert page.outside == page.script_errors == page.failed == []


def test_over_the_border_driving_and_waiting_stand_apart_and_the_wait_can_be_set(visit: Make) -> None:
    page = visit().open("?r=zharkent;yining&profile=truck")
    crossing = page.map.locator("[data-crossing=nur-zholy-horgos]")
    expect(crossing).to_contain_text("Nur Zholy")
    expect(crossing).to_contain_text("UTC+5")
    result = page.map.locator("#kh-tool .result")
    expect(result).to_contain_text("Waiting at the border")
    expect(result).to_contain_text("of this in China")
    for which, hours in ((0, "2"), (1, "3")):
        type_wait(page, which, hours)
    expect(result).to_contain_text("2 h – 3 h")
    page.until_address(wait="nur-zholy-horgos:2-3")
    page.map.locator("[data-profile=car]").click()
    page.until_address(profile=None)


def test_one_wait_stands_for_both_until_the_other_is_typed(visit: Make) -> None:
    page = visit().open("?r=khorgos;urumqi&profile=truck")
    wait = page.map.locator("#kh-tool .result")
    expect(wait).to_contain_text("no figure found")
    type_wait(page, 0, "2")
    page.until_address(wait="nur-zholy-horgos:2-2")
    expect(page.map.locator("#kh-wait-nur-zholy-horgos-1")).to_have_value("")
    type_wait(page, 1, "6,5")
    page.until_address(wait="nur-zholy-horgos:2-6.5")
    expect(wait).to_contain_text("2 h – 6 h 30 min")
    for which in (0, 1):
        type_wait(page, which, "")
    page.until_address(wait=None)
    expect(wait).to_contain_text("no figure found")
    assert "with the wait" not in page.map.locator("#kh-tool .ways").inner_text()


def test_what_is_no_wait_is_refused_in_words(visit: Make) -> None:
    page = visit().open("?r=khorgos;urumqi&profile=truck&wait=nur-zholy-horgos:2-3")
    error = page.map.locator(".crossing .error")
    expect(page.map.locator("#kh-tool .result")).to_contain_text("2 h – 3 h")
    for high, reason in (("500", "240"), ("-1", "240"), ("soon", "240"), ("1", "shortest")):
        type_wait(page, 1, high)
        expect(error).to_contain_text(reason)
        expect(page.map.locator("#kh-wait-nur-zholy-horgos-1")).to_have_value(high)
        page.until_address(wait=None)
    expect(page.map.locator("#kh-tool .result")).to_contain_text("no figure found")
    type_wait(page, 1, "4")
    expect(error).to_have_count(0)
    page.until_address(wait="nur-zholy-horgos:2-4")


def test_a_published_wait_stands_behind_the_empty_fields(visit: Make) -> None:
    page = visit().open("?r=urumqi;khorgos&profile=truck")
    fields = [page.map.locator(f"#kh-wait-nur-zholy-horgos-{which}") for which in (0, 1)]
    published = [field.get_attribute("placeholder") for field in fields]
    assert 0 < float(published[0] or 0) < float(published[1] or 0)
    type_wait(page, 0, "1")
    expect(fields[1]).to_have_attribute("placeholder", "1")
    type_wait(page, 0, "")
    for field, hours in zip(fields, published, strict=True):
        expect(field).to_have_attribute("placeholder", str(hours))


def test_who_types_on_while_the_answer_comes_loses_nothing(visit: Make) -> None:
    page = visit().open("?r=khorgos;urumqi&profile=truck")
    first, second = (page.map.locator(f"#kh-wait-nur-zholy-horgos-{which}") for which in (0, 1))
    expect(first).to_be_visible()
    first.fill("2")
    with page.page.expect_request(re.compile(r"/route\?.*wait=")):
        first.press("Tab")
    second.press_sequentially("1")
    expect(second).to_have_attribute("placeholder", "2")
    page.page.keyboard.type("2")
    expect(second).to_have_value("12")
    page.page.keyboard.press("Tab")
    page.until_address(wait="nur-zholy-horgos:2-12")


def test_a_click_far_from_any_road_is_refused_with_the_distance_and_stays_marked(visit: Make) -> None:
    page = visit().open("?at=44.20000,80.30000,8&layers=none")
    ask(page, "Zharkent")
    page.map.locator("#kh-stop-1").focus()
    page.click_at(44.95, 79.75)
    expect(page.map.locator("#kh-tool .error")).to_contain_text(re.compile(r"\d+ km"))
    expect(page.map.locator("#kh-stop-1")).to_have_value(re.compile(r"^44\.9\d+, 79\.7\d+$"))
    mark = page.map.locator(".kh-handle.stop.hollow")
    expect(mark).to_have_text("B")
    where = page.run("Khorgos.map.latLngToContainerPoint([44.95, 79.75])")
    box, ground = mark.bounding_box(), page.map.locator(".kh-map").bounding_box()
    assert box
    assert ground
    assert abs(box["x"] + box["width"] / 2 - ground["x"] - where["x"]) < 4
    assert abs(box["y"] + box["height"] / 2 - ground["y"] - where["y"]) < 4
    page.map.locator("#kh-stop-1").fill("Atlantis")
    page.map.locator("#kh-stop-1").press("Enter")
    expect(page.map.locator("#kh-tool .error")).to_contain_text("Atlantis")
    expect(mark).to_have_count(0)
    assert page.script_errors == []


def test_reach_is_drawn_for_three_times_and_put_away(visit: Make) -> None:
    page = visit().open("?r=zharkent;almaty")
    page.map.locator("[data-act=reach]").click()
    rows = page.map.locator(".reach-legend li")
    expect(rows).to_have_count(3)
    sizes = [float(re.search(r": ([\d,]+)", row).group(1).replace(",", "")) for row in rows.all_inner_texts()]  # type: ignore[union-attr]
    assert sizes == sorted(sizes)
    drawn = "[...document.querySelectorAll('.leaflet-pane path.reach')].map(p => getComputedStyle(p).{})"
    assert len(set(page.run(drawn.format("fill")))) == 3
    assert len(set(page.run(drawn.format("fillOpacity")))) == 1
    page.map.locator("[data-act=reach-off]").click()
    assert page.run("document.querySelectorAll('.leaflet-pane path.reach').length") == 0


def test_reach_follows_vehicle_wait_and_year_and_goes_with_its_origin(visit: Make) -> None:
    page = visit().open("?r=zharkent;urumqi")
    page.map.locator("[data-act=reach]").click()
    legend = page.map.locator(".reach-legend")
    expect(legend.locator("li")).to_have_count(3)

    def changed(change: Callable[[], object]) -> None:
        before = legend.inner_text()
        change()
        expect(legend).not_to_have_text(before)
        expect(legend.locator("li")).to_have_count(3)
        assert page.run("document.querySelectorAll('.leaflet-pane path.reach').length") == 3

    changed(lambda: page.map.locator("[data-profile=truck]").click())
    changed(lambda: type_wait(page, 0, "0.5"))
    changed(lambda: page.run("Khorgos.setAsOf(2012)"))
    page.map.locator("#kh-stop-0").fill("Taldykorgan")
    page.map.locator("#kh-stop-0").press("Enter")
    expect(legend).to_have_count(0)
    assert page.run("document.querySelectorAll('.leaflet-pane path.reach').length") == 0


def test_the_way_speaks_the_language_of_the_page(visit: Make) -> None:
    page = visit().open("?r=khorgos;urumqi&lang=zh")
    result = page.map.locator("#kh-tool .result")
    expect(result).to_contain_text("公里")
    expect(result.locator(".verdict")).to_contain_text("670")
    expect(page.map.locator("#kh-stop-1")).to_have_value("乌鲁木齐")


def test_an_earlier_year_has_its_own_roads(visit: Make) -> None:
    page = visit().open("?r=khorgos;almaty")
    expect(page.map.locator("#kh-tool .result dd").first).to_contain_text("km")
    today = kilometres(page)
    page.set_year(2012)
    expect(page.map.locator("#kh-tool .result")).to_contain_text("open in 2012")
    assert kilometres(page) > today
    assert page.script_errors == []


def test_a_card_asks_for_the_way_from_khorgos(visit: Make) -> None:
    page = visit().open("?sel=road-khorgos-taldykorgan")
    page.card.locator("[data-act=way]").click()
    expect(page.map.locator("#kh-stop-1")).to_have_value("Taldykorgan")
    expect(page.map.locator("#kh-tool .verdict")).to_contain_text("321 km")
    expect(page.card).to_be_hidden()


def test_the_way_from_a_card_is_by_the_road_of_the_card(visit: Make) -> None:
    page = visit().open("?sel=road-khorgos-almaty")
    page.card.locator("[data-act=way]").click()
    expect(page.map.locator("[data-way][aria-pressed=true]")).to_contain_text("A-2")
    expect(page.map.locator("#kh-tool .verdict")).not_to_contain_text("another road")
    old = kilometres(page)
    page.run("Khorgos.select('road-khorgos-almaty-motorway', { from: 'list' })")
    page.card.locator("[data-act=way]").click()
    expect(page.map.locator("#kh-tool .verdict")).to_contain_text("another road")
    assert kilometres(page) < old


# How much of the motorway's line lies below the label of the old road, in points along it.
BELOW = """(() => {
  const label = [...document.querySelectorAll('.label.l-road-route')].find((l) => l.innerText.includes('361'));
  const box = label.getBoundingClientRect();
  const parts = Khorgos.drawn['road-khorgos-almaty-motorway'].flatMap((part) => part.getLayers());
  const points = parts.filter((part) => part.options.className === 'hit').flatMap((part) => {
    const path = part.getElement();
    const along = Array.from({ length: path.getTotalLength() / 2 }, (_, i) => path.getPointAtLength(2 * i));
    return along.map((point) => point.matrixTransform(path.getScreenCTM()));
  });
  const within = ({ x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom;
  return [points.length, points.filter(within).length];
})()"""


def test_the_distance_by_the_old_road_does_not_stand_on_the_motorway(visit: Make) -> None:
    page = visit(color_scheme="dark").open("?lang=zh&at=43.80000,78.80000,6")
    for zoom in (7, 8, 9):
        page.look_at(43.8, 78.8, zoom)
        expect(page.map.locator(".label.l-road-route", has_text="361")).to_be_visible()
        along, below = page.run(BELOW)
        assert along > 50, zoom
        assert below == 0, zoom
