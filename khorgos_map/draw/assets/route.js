// The roads panel: from, through, to; distance, time and border; other ways; what is within reach.
(function (K) {
  "use strict";
  const { el, at } = K;
  const MOST_STOPS = 8;
  const LONGEST_WAIT_H = 240;
  const BY_A_PLACE_M = 2000;
  const empty = () => ({ stops: [{ text: "" }, { text: "" }], profile: "car", waits: {} });
  let opening = true, asked = empty(), answer = null, way = 0, failed = "", reach = null, pick = 0, place = null;
  let through = null; // the places on the road of a card, and the stops they belong to
  let stepsOpen = false;
  let told = ""; // under what the way was asked last
  let kept = ""; // of what question the chosen way is; in another language it has the same ways
  const valueOf = (stop) => stop.id || stop.text.replaceAll(";", " ").trim();
  const complete = () => Boolean(valueOf(asked.stops[0]) && valueOf(asked.stops.at(-1)));
  const words = () => asked.stops.map(valueOf).filter(Boolean).join(";");
  const question = () => JSON.stringify([words(), conditions()]);
  const setStop = (index, stop) => {
    asked.stops[index] = stop;
    if (index === 0) reach = null;
  };

  // The wait at a crossing in hours, of what is typed in its two fields; one alone stands for both.
  function waitAt(id) {
    const typed = (asked.waits[id] || []).map((word) => word.trim().replace(",", ".")).filter(Boolean);
    if (!typed.length) return null;
    const [low, high] = [typed[0], typed.at(-1)].map((word) => Math.round(Number(word) * 1000) / 1000);
    if (![low, high].every((value) => value >= 0 && value <= LONGEST_WAIT_H)) return { wrong: "waitLimits" };
    return low > high ? { wrong: "waitOrder" } : { low, high };
  }
  const waitWords = () => Object.keys(asked.waits).map((id) => [id, waitAt(id)]).filter(([, wait]) => wait && !wait.wrong)
    .map(([id, { low, high }]) => `${id}:${low}-${high}`).join(",");
  const conditions = () => ({ profile: asked.profile, wait: waitWords(), year: K.asOf ?? "" });
  const conditionsTold = () => JSON.stringify([K.lang, conditions(), Object.keys(asked.waits).map((id) => waitAt(id)?.wrong)]);

  const lines = L.layerGroup();
  const mark = (cls, text) => L.divIcon({ className: `kh-handle ${cls}`, iconSize: [22, 22], html: `<i>${text}</i>` });

  // Areas lie below the areas and the lines of the layers.
  let reachRenderer = null;
  function makeReachPane() {
    K.map.createPane("kh-reach").style.zIndex = 390;
    return L.svg({ pane: "kh-reach", padding: 0.5 });
  }

  function drawLines() {
    lines.clearLayers();
    if (K.tool !== "roads") return;
    K.drawSketches(); // makes the panes both tools draw on
    lines.addTo(K.map);
    const renderer = K.sketchRenderer;
    reachRenderer ??= makeReachPane();
    for (const { geometry, minutes } of reach?.areas || [])
      lines.addLayer(L.geoJSON(geometry, { style: { renderer: reachRenderer, className: `reach r-${minutes}` }, interactive: false }));
    (answer?.routes || []).map((route, i) => [route, i]).sort((a, b) => (a[1] === way) - (b[1] === way)).forEach(([route, i]) => {
      const cls = `way${i === way ? " current" : ""}${reach ? " over-reach" : ""}`;
      lines.addLayer(L.polyline(route.stretches.map(({ line }) => line.map(at)), { renderer, className: `${cls} casing`, interactive: false, fill: false }));
      for (const { rough, line } of route.stretches)
        lines.addLayer(L.polyline(line.map(at), { renderer, className: rough ? `${cls} rough` : cls, fill: false, interactive: i !== way }).on("click", (event) => {
          L.DomEvent.stopPropagation(event);
          if (asked.stops.every(valueOf)) choose(i);
          else K.takeClick(event); // a way may run through the place that is meant
        }));
      if (i === way) for (const leg of route.access) lines.addLayer(L.polyline(leg.map(at), { renderer, className: "access", interactive: false, fill: false }));
    });
    asked.stops.forEach((stop, i, all) => stop.position &&
      lines.addLayer(L.marker(at(stop.position), { icon: mark(answer ? "stop" : "stop hollow", i === 0 ? "A" : i === all.length - 1 ? "B" : i), pane: "kh-sketch-mark", interactive: false, keyboard: false })));
  }

  const choose = (index) => {
    way = index;
    kept = question();
    K.writeAddress();
    drawLines();
    draw();
  };

  // The way by the most places of a card's road; of equals the quickest.
  function mostThrough(routes, places) {
    const passes = (line, position) => line.some((point) => L.latLng(at(point)).distanceTo(at(position)) < BY_A_PLACE_M);
    const counts = routes.map(({ stretches }) => places.filter((position) => stretches.some(({ line }) => passes(line, position))).length);
    return counts.indexOf(Math.max(...counts));
  }

  const askRoute = K.lastOnly((words) => K.ask("route", words));
  async function route({ fit } = {}) {
    K.writeAddress();
    failed = "";
    told = conditionsTold();
    if (reach && reach.told !== told) findReach();
    if (!complete()) {
      answer = null;
      drawLines();
      return draw();
    }
    try {
      const r = words(), now = question(), stops = asked.stops.filter(valueOf);
      const found = await askRoute({ r, ...conditions() });
      if (!found || words() !== r) return;
      answer = found;
      if (now !== kept) way = through?.r === r ? mostThrough(found.routes, through.places) : 0;
      way = Math.min(way, found.routes.length - 1);
      stops.forEach((stop, i) => Object.assign(stop, { text: found.stops[i].name, id: found.stops[i].id || valueOf(stop), position: found.stops[i].position, notice: found.stops[i].notice || stop.notice }));
      kept = question();
      K.writeAddress();
    } catch (error) {
      answer = null;
      failed = error.message;
    }
    drawLines();
    draw();
    if (fit && answer) K.fitBeside(L.latLngBounds([...answer.routes[way].stretches.map(({ line }) => line), ...answer.routes[way].access].flatMap((line) => line.map(at))));
  }

  function stopField(stop, index) {
    const last = asked.stops.length - 1;
    const label = K.say(index === 0 ? "from" : index === last ? "to" : "via");
    const box = el("input", { type: "text", id: `kh-stop-${index}`, value: stop.text, list: "kh-places", autocomplete: "off", placeholder: K.say("stopHint"),
      onfocus: () => (pick = index),
      onchange: K.afterFocus(() => {
        if (box.value === stop.text || asked.stops[index] !== stop) return;
        setStop(index, { text: box.value });
        route({ fit: true });
      }) });
    return el("div", { class: "stop-row" }, el("label", { for: `kh-stop-${index}` }, label), box,
      index > 0 && index < last && el("button", { type: "button", "aria-label": `${K.say("remove")} ${stop.text}`, onclick: () => { asked.stops.splice(index, 1); route(); } }, "×"));
  }

  const form = () => el("div", { class: "stops" },
    asked.stops.map(stopField),
    el("div", { class: "tools" },
      el("button", { type: "button", "data-act": "via", disabled: asked.stops.length >= MOST_STOPS, onclick: () => { asked.stops.splice(asked.stops.length - 1, 0, { text: "" }); pick = asked.stops.length - 2; draw(); document.getElementById(`kh-stop-${pick}`).focus(); } }, K.say("addVia")),
      el("button", { type: "button", "data-act": "swap", onclick: () => { asked.stops.reverse(); reach = null; route(); } }, K.say("swap")),
      el("button", { type: "button", "data-act": "clear", onclick: () => { asked = empty(); answer = reach = null; pick = 0; route(); } }, K.say("clear"))),
    el("div", { class: "pens", role: "group", "aria-label": K.say("vehicle") }, ["car", "truck"].map((profile) =>
      el("button", { type: "button", "data-profile": profile, "aria-pressed": String(asked.profile === profile), onclick: () => { asked.profile = profile; route(); } }, K.say(profile)))));

  // What is still being typed is not wrong yet.
  const wrongWait = (id) => told === conditionsTold() && waitAt(id)?.wrong;
  const followWait = () => told !== conditionsTold() && route();
  function hours(one, which) {
    const typed = asked.waits[one.id] || ["", ""];
    const otherwise = wrongWait(one.id) ? "" : typed.some(Boolean) ? typed[1 - which] : [one.low_h, one.high_h][which];
    const box = el("input", { type: "text", inputmode: "decimal", autocomplete: "off", id: `kh-wait-${one.id}-${which}`, value: typed[which], placeholder: otherwise, "aria-label": K.say(which === 0 ? "waitLow" : "waitHigh"),
      oninput: () => {
        asked.waits[one.id] ??= ["", ""];
        asked.waits[one.id][which] = box.value;
      },
      onkeydown: ({ key }) => key === "Enter" && followWait(),
      // drawing the panel anew takes the focus away and brings it back
      onblur: K.afterFocus(() => document.activeElement.id !== box.id && followWait()) });
    return box;
  }
  const crossing = (one) => el("div", { class: "crossing", "data-crossing": one.id },
    el("b", {}, one.name), one.lines.map((line) => el("p", {}, line)),
    el("p", { class: "waiting" }, `${K.say("waitAtBorder")} `, hours(one, 0), " – ", hours(one, 1), ` ${K.say("hours")}`),
    wrongWait(one.id) && el("p", { class: "error", role: "alert" }, K.say(wrongWait(one.id), { most: LONGEST_WAIT_H })),
    one.source && el("p", { class: "note" }, one.source));

  function result() {
    const one = answer.routes[way];
    return el("div", { class: "result" },
      answer.routes.length > 1 && el("div", { class: "ways", role: "group", "aria-label": K.say("ways") }, answer.routes.map((other, i) =>
        el("button", { "aria-pressed": String(i === way), "data-way": i, onclick: () => choose(i) }, other.title))),
      K.terms(one.totals),
      one.verdict && el("p", { class: "verdict" }, one.verdict),
      one.crossings.map(crossing),
      one.notes.map((note) => el("p", { class: "note" }, note)),
      one.steps.length > 0 && el("details", { open: stepsOpen, ontoggle: ({ target }) => (stepsOpen = target.open) }, el("summary", {}, K.say("turns", { count: one.steps.length })), K.table(one.head, one.steps, "steps")));
  }

  // What is within reach follows vehicle, waits and year, and is put away with its origin.
  async function findReach({ fit } = {}) {
    const mine = (reach = { areas: [], rows: [], notes: [], ...reach, told: conditionsTold() });
    const found = await K.ask("reach", { r: valueOf(asked.stops[0]), ...conditions() })
      .catch((error) => ({ areas: [], rows: [], notes: [], failed: error.message }));
    if (reach !== mine) return;
    reach = { ...found, told: mine.told };
    drawLines();
    draw();
    if (fit && reach.bounds) K.fitBeside(L.latLngBounds(reach.bounds.map(at)), { maxZoom: 9 });
  }
  const reachPart = () => el("section", { class: "reach-part" }, el("h3", {}, K.say("reach")),
    el("div", { class: "tools" },
      el("button", { "data-act": "reach", disabled: !valueOf(asked.stops[0]), onclick: () => findReach({ fit: true }) }, K.say("showReach")),
      reach && el("button", { "data-act": "reach-off", onclick: () => { reach = null; drawLines(); draw(); } }, K.say("hide"))),
    reach?.failed && el("p", { class: "error", role: "alert" }, reach.failed),
    reach && el("ul", { class: "reach-legend" }, reach.rows.map(({ minutes, text }) => el("li", {}, el("span", { class: `swatch reach r-${minutes}`, "aria-hidden": "true" }), text))),
    reach && reach.notes.map((note) => el("p", { class: "note" }, note)));

  function draw() {
    if (place?.isConnected) K.redraw(place, () => [form(), el("p", { class: "hint" }, K.say("routeHint")), ...asked.stops.map(({ notice }) => notice && el("p", { class: "note", role: "status" }, notice)), failed && el("p", { class: "error", role: "alert" }, failed), answer && result(), reachPart()]);
  }

  // The names that can be typed; the server finds any of them in any language.
  K.placeNames = () => {
    const names = new Set(Object.values(K.words.cards).filter((card) => card.bounds && card.located).map((card) => card.name));
    return el("datalist", { id: "kh-places" }, [...names].sort().map((name) => el("option", { value: name })));
  };

  K.routeWords = () => (K.tool === "roads" && complete() ? { r: words(), profile: asked.profile === "car" ? null : asked.profile, wait: waitWords() || null, way: way || null } : { r: null, profile: null, wait: null, way: null });
  K.restoreRoute = ({ r, profile, wait, way: chosen }) => {
    asked = { stops: r.split(";").slice(0, MOST_STOPS).map((text) => ({ text })), profile: profile === "truck" ? "truck" : "car", waits: {} };
    if (asked.stops.length < 2) asked.stops.push({ text: "" });
    for (const part of (wait || "").split(",")) {
      const [, id, low, high] = /^([a-z0-9-]+):([\d.]+)-([\d.]+)$/.exec(part) || [];
      if (id) asked.waits[id] = [low, high];
    }
    [way, kept] = chosen ? [chosen, question()] : [0, ""];
  };

  // From a card: the way from the reference point of the published distances, by the road of the card.
  K.wayTo = (id, places) => {
    const r = `khorgos;${id}`;
    K.restoreRoute({ r, profile: asked.profile });
    through = places ? { r, places } : null;
    answer = reach = null;
    opening = false;
    K.openTool("roads");
  };

  K.addTool("roads", {
    draw: (body) => {
      place = body;
      route({ fit: !answer && !(K.located && opening) });
      opening = false;
    },
    leave: () => {
      lines.remove();
      K.tool = null;
      K.drawSketches();
    },
    year: () => route(),
    click: (found) => {
      pick = Math.min(pick, asked.stops.length - 1);
      const open = asked.stops.findIndex((stop) => !valueOf(stop));
      if (open >= 0 && valueOf(asked.stops[pick])) pick = open;
      setStop(pick, { text: found.name || found.position.slice().reverse().map((v) => v.toFixed(5)).join(", "), id: found.name ? found.id : undefined, position: found.position });
      route();
      return true;
    },
    key: () => false,
  });
})(window.Khorgos);
