// The roads panel: from, through, to; distance, time and border; other ways; what is within reach.
(function (K) {
  "use strict";
  const { el } = K;
  const MOST_STOPS = 8;
  const empty = () => ({ stops: [{ text: "" }, { text: "" }], profile: "car", waits: {} });
  let opening = true, asked = empty(), answer = null, way = 0, failed = "", reach = null, pick = 0, place = null;
  const valueOf = (stop) => stop.id || stop.text.trim();
  const complete = () => asked.stops.every(valueOf);

  const lines = L.layerGroup();
  const at = ([lon, lat]) => [lat, lon];
  const mark = (cls, text) => L.divIcon({ className: `kh-handle ${cls}`, iconSize: [22, 22], html: `<i>${text}</i>` });

  function drawLines() {
    lines.clearLayers();
    K.drawSketches(); // makes the panes both tools draw on
    lines.addTo(K.map);
    const renderer = K.sketchRenderer;
    for (const { geometry, minutes } of reach?.areas || [])
      lines.addLayer(L.geoJSON(geometry, { style: { renderer, className: `reach r-${minutes}` }, interactive: false }));
    (answer?.routes || []).map((route, i) => [route, i]).sort((a, b) => (a[1] === way) - (b[1] === way)).forEach(([route, i]) => {
      const cls = i === way ? "way current" : "way";
      lines.addLayer(L.polyline(route.stretches.map(({ line }) => line.map(at)), { renderer, className: `${cls} casing`, interactive: false, fill: false }));
      for (const { rough, line } of route.stretches)
        lines.addLayer(L.polyline(line.map(at), { renderer, className: rough ? `${cls} rough` : cls, fill: false, interactive: i !== way }).on("click", (event) => {
          L.DomEvent.stopPropagation(event);
          choose(i);
        }));
      if (i === way) for (const leg of route.access) lines.addLayer(L.polyline(leg.map(at), { renderer, className: "access", interactive: false, fill: false }));
    });
    (answer?.stops || []).forEach((stop, i, all) =>
      lines.addLayer(L.marker(at(stop.position), { icon: mark("stop", i === 0 ? "A" : i === all.length - 1 ? "B" : i), pane: "kh-sketch-mark", interactive: false, keyboard: false })));
  }

  const choose = (index) => {
    way = index;
    drawLines();
    draw();
  };

  const askRoute = K.lastOnly((words) => K.ask("route", words));
  async function route({ fit } = {}) {
    K.writeAddress();
    failed = "";
    if (!complete()) {
      answer = null;
      drawLines();
      return draw();
    }
    try {
      const found = await askRoute({ r: asked.stops.map(valueOf).join(";"), profile: asked.profile, wait: waitWords(), year: K.asOf ?? "" });
      if (!found) return;
      answer = found;
      way = 0;
      asked.stops = found.stops.map(({ name, id }, i) => ({ text: name, id: id || asked.stops[i].id || asked.stops[i].text }));
      K.writeAddress();
    } catch (error) {
      answer = null;
      failed = error.message;
    }
    drawLines();
    draw();
    if (fit && answer) K.fitBeside(L.latLngBounds(answer.routes[0].stretches.flatMap(({ line }) => line.map(at))));
  }
  const waitWords = () => Object.entries(asked.waits).map(([id, [low, high]]) => `${id}:${low}-${high}`).join(",");

  function stopField(stop, index) {
    const last = asked.stops.length - 1;
    const label = K.say(index === 0 ? "from" : index === last ? "to" : "via");
    const box = el("input", { type: "text", id: `kh-stop-${index}`, value: stop.text, list: "kh-places", autocomplete: "off", placeholder: K.say("stopHint"),
      onfocus: () => (pick = index),
      onchange: K.afterFocus(() => {
        if (box.value === stop.text) return;
        asked.stops[index] = { text: box.value };
        route({ fit: true });
      }) });
    return el("div", { class: "stop-row" }, el("label", { for: `kh-stop-${index}` }, label), box,
      index > 0 && index < last && el("button", { type: "button", "aria-label": `${K.say("remove")} ${stop.text}`, onclick: () => { asked.stops.splice(index, 1); route(); } }, "×"));
  }

  const form = () => el("form", { class: "stops", onsubmit: (event) => { event.preventDefault(); document.activeElement.blur(); } },
    asked.stops.map(stopField),
    el("div", { class: "tools" },
      el("button", { type: "button", "data-act": "via", disabled: asked.stops.length >= MOST_STOPS, onclick: () => { asked.stops.splice(asked.stops.length - 1, 0, { text: "" }); pick = asked.stops.length - 2; draw(); document.getElementById(`kh-stop-${pick}`).focus(); } }, K.say("addVia")),
      el("button", { type: "button", "data-act": "swap", onclick: () => { asked.stops.reverse(); route(); } }, K.say("swap")),
      el("button", { type: "button", "data-act": "clear", onclick: () => { asked = empty(); answer = reach = null; pick = 0; route(); } }, K.say("clear"))),
    el("div", { class: "pens", role: "group", "aria-label": K.say("vehicle") }, ["car", "truck"].map((profile) =>
      el("button", { type: "button", "data-profile": profile, "aria-pressed": String(asked.profile === profile), onclick: () => { asked.profile = profile; reach = null; route(); } }, K.say(profile)))));

  const hours = (id, which, value) => el("input", { type: "number", min: 0, max: 240, step: "any", id: `kh-wait-${id}-${which}`, value: value ?? "", "aria-label": K.say(which === 0 ? "waitLow" : "waitHigh"),
    onchange: K.afterFocus(() => {
      const both = [0, 1].map((i) => Number(document.getElementById(`kh-wait-${id}-${i}`).value || 0));
      asked.waits[id] = [Math.min(...both), Math.max(...both)];
      route();
    }) });
  const crossing = (one) => el("div", { class: "crossing", "data-crossing": one.id },
    el("b", {}, one.name), one.lines.map((line) => el("p", {}, line)),
    el("p", { class: "waiting" }, `${K.say("waitAtBorder")} `, hours(one.id, 0, one.low_h), " – ", hours(one.id, 1, one.high_h), ` ${K.say("hours")}`),
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
      el("details", {}, el("summary", {}, K.say("turns", { count: one.steps.length })), K.table(one.head, one.steps, "steps")));
  }

  async function findReach() {
    try {
      reach = await K.ask("reach", { r: valueOf(asked.stops[0]), profile: asked.profile, wait: waitWords(), year: K.asOf ?? "" });
      failed = "";
      K.fitBeside(L.latLngBounds(reach.bounds.map(at)), { maxZoom: 9 });
    } catch (error) {
      reach = null;
      failed = error.message;
    }
    drawLines();
    draw();
  }
  const reachPart = () => el("section", { class: "reach-part" }, el("h3", {}, K.say("reach")),
    el("div", { class: "tools" },
      el("button", { "data-act": "reach", disabled: !valueOf(asked.stops[0]), onclick: findReach }, K.say("showReach")),
      reach && el("button", { "data-act": "reach-off", onclick: () => { reach = null; drawLines(); draw(); } }, K.say("hide"))),
    reach && el("ul", { class: "reach-legend" }, reach.rows.map(({ minutes, text }) => el("li", {}, el("span", { class: `swatch reach r-${minutes}`, "aria-hidden": "true" }), text))),
    reach && reach.notes.map((note) => el("p", { class: "note" }, note)));

  function draw() {
    if (!place?.isConnected) return;
    K.redraw(place, [form(), el("p", { class: "hint" }, K.say("routeHint")), failed && el("p", { class: "error", role: "alert" }, failed), answer && result(), reachPart()]);
  }

  // The names that can be typed; the server finds any of them in any language.
  K.placeNames = () => {
    const names = new Set(Object.values(K.words.cards).filter((card) => card.bounds && card.located).map((card) => card.name));
    return el("datalist", { id: "kh-places" }, [...names].sort().map((name) => el("option", { value: name })));
  };

  K.routeWords = () => (K.tool === "roads" && complete() ? { r: asked.stops.map(valueOf).join(";"), profile: asked.profile === "car" ? null : asked.profile, wait: waitWords() || null } : { r: null, profile: null, wait: null });
  K.restoreRoute = ({ r, profile, wait }) => {
    asked = { stops: r.split(";").slice(0, MOST_STOPS).map((text) => ({ text })), profile: profile === "truck" ? "truck" : "car", waits: {} };
    if (asked.stops.length < 2) asked.stops.push({ text: "" });
    for (const part of (wait || "").split(",")) {
      const [, id, low, high] = /^([a-z0-9-]+):([\d.]+)-([\d.]+)$/.exec(part) || [];
      if (id) asked.waits[id] = [Number(low), Number(high)];
    }
  };

  // From a card: the way from the reference point of the published distances.
  K.wayTo = (id) => {
    K.restoreRoute({ r: `khorgos;${id}`, profile: asked.profile });
    answer = reach = null;
    K.openTool("roads");
  };

  K.addTool("roads", {
    draw: (body) => {
      place = body;
      route({ fit: !answer && !(K.config.located && opening) });
      opening = false;
    },
    leave: () => {
      lines.remove();
      K.tool = null;
      K.drawSketches();
    },
    year: () => {
      reach = null;
      route();
    },
    click: (found) => {
      asked.stops[pick] = { text: found.name || found.position.slice().reverse().map((v) => v.toFixed(5)).join(", "), id: found.name ? found.id : undefined };
      const open = asked.stops.findIndex((stop) => !valueOf(stop));
      if (open >= 0) pick = open;
      route();
      return true;
    },
    key: () => false,
  });
})(window.Khorgos);
