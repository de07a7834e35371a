// The measuring panel: drawing, typing, results and files to take away.
(function (K) {
  "use strict";
  const { el } = K;
  const CHOICES = {
    length: ["unitLength", { auto: "unitAuto", m: "unitMetre", km: "unitKm", mi: "unitMile", nmi: "unitNmi" }],
    area: ["unitArea", { auto: "unitAuto", m2: "unitM2", ha: "unitHa", km2: "unitKm2", mu: "unitMu" }],
    form: ["coordinates", { decimal: "formDecimal", dms: "formDms", utm: "formUtm" }],
  };
  const PENS = { line: ["penLine", "hintLine"], area: ["penArea", "hintArea"], points: ["penPoints", "hintPoints"] };
  const FILES = ["pdf", "geojson", "csv", "gpx", "kml", "gpkg"];
  const MOST_AROUND_KM = 500;
  const chosen = { length: "auto", area: "auto", form: "decimal" };
  let results = [], failed = "", place = null;

  const drawnSketches = () => K.sketches.filter((sketch) => sketch.positions.length);
  const asked = () => ({ ...chosen, around: K.around, year: K.asOf ?? "" });
  const askMeasure = K.lastOnly((code) => K.ask("measure", asked(), { method: "POST", body: code }));

  // How somebody likes to read is the reader's own and no part of the address.
  const READING = "khorgos-map-reading";
  const liked = K.storage((store) => JSON.parse(store.getItem(READING))) || {};
  for (const [name, [, options]] of Object.entries(CHOICES)) if (Object.hasOwn(options, liked[name])) chosen[name] = liked[name];

  K.sketchesChanged = async () => {
    K.writeAddress();
    if (K.tool === "measure") draw();
    const code = K.sketchCode();
    failed = "";
    if (!code) {
      results = [];
      return K.tool === "measure" && draw();
    }
    try {
      const answer = await askMeasure(code);
      if (!answer || code !== K.sketchCode()) return;
      results = answer.sketches;
      drawnSketches().forEach((sketch, i) => {
        const { drawn: course, labels, around } = results[i];
        Object.assign(sketch, { drawn: course, labels, around, result: results[i], drawnFor: K.codeOfSketch(sketch) });
      });
    } catch (error) {
      failed = error.message;
    }
    K.drawSketches();
    if (K.tool === "measure") draw();
  };

  const pens = () => el("div", { class: "pens", role: "group", "aria-label": K.say("draw") }, Object.keys(PENS).map((kind) =>
    el("button", { "data-pen": kind, "aria-pressed": String(K.pen === kind), onclick: () => (K.pen === kind ? K.finishSketch() : K.startSketch(kind)) }, K.say(PENS[kind][0]))));

  const coarse = window.matchMedia("(pointer: coarse)").matches;
  let snapped = "";
  const hint = () => el("p", { class: "hint", role: "status" }, snapped ? K.say("snapped", { name: snapped })
    : K.say(K.pen ? PENS[K.pen][1] : K.sketches.length ? (coarse ? "hintTouch" : "hintMove") : "hintStart"));

  // It keeps its place and the focus when there is nothing to do, so that a second press meets nothing else.
  const able = (act, can, follow) => el("button", { "data-act": act, class: act === "finish" && can && "primary", "aria-disabled": can ? null : "true", onclick: () => can && follow() }, K.say(act));
  const tools = () => el("div", { class: "tools" },
    able("undo", K.canUndo(), K.undo),
    able("finish", Boolean(K.pen), K.finishSketch),
    K.sketches.length > 0 && el("button", { "data-act": "clear", onclick: () => K.changeSketches(() => { K.sketches = []; K.current = null; K.pen = null; }) }, K.say("clear")));

  // What is typed is a vertex of what is being drawn, or the first of a line, in the order in which it was typed.
  // The panel may be drawn anew meanwhile.
  let typedError = "", typedNote = "", added = Promise.resolve();
  const within = ([lon, lat]) => L.latLngBounds(K.config.frame).contains([lat, lon]);
  async function addTyped(words) {
    try {
      const found = await K.ask("place", { q: words });
      if (K.tool !== "measure") return;
      const turned = [found.position[1], found.position[0]];
      if (!within(found.position) && Math.abs(turned[1]) <= 90 && within(turned)) throw new Error(K.say("swapHint", { text: `${turned[1]}, ${turned[0]}` }));
      typedError = snapped = "";
      typedNote = found.notice || "";
      if (!K.pen && (K.current === null || !K.sketches[K.current])) K.startSketch("line");
      K.addVertex(found.position, found.name);
      if (!K.map.getBounds().contains([found.position[1], found.position[0]]))
        K.fitBeside(L.latLngBounds(K.sketches[K.current].positions.map(K.at)));
    } catch (problem) {
      typedError = problem.message;
      typedNote = "";
      const box = document.getElementById("kh-typed");
      if (box) box.value ||= words;
      draw();
    }
  }
  function typed(text) {
    const box = el("input", { type: "text", id: "kh-typed", value: text, placeholder: K.say("typePlace"), "aria-label": K.say("typePlace"), autocomplete: "off", list: "kh-places", "aria-describedby": "kh-typed-error" });
    const submit = (event) => {
      event.preventDefault();
      const words = box.value;
      box.value = "";
      box.focus();
      if (words.trim()) added = added.then(() => addTyped(words));
    };
    return el("form", { class: "typed", onsubmit: submit }, box, el("button", { type: "submit", "data-act": "add" }, K.say("add")),
      el("p", { class: "error", id: "kh-typed-error", role: "alert" }, typedError), typedNote && el("p", { class: "note" }, typedNote));
  }
  const units = () => el("div", { class: "choices" },
    ...Object.entries(CHOICES).map(([name, [label, options]]) =>
      K.choice(`kh-unit-${name}`, K.say(label), Object.entries(options).map(([value, key]) => [value, K.say(key)]), chosen[name], (value) => {
        chosen[name] = value;
        K.storage((store) => store.setItem(READING, JSON.stringify(chosen)));
        K.sketchesChanged();
        if (last) read(last);
        K.ownFile.again();
      })),
    el("label", { class: "choice", for: "kh-around" }, el("span", {}, K.say("around")),
      el("input", { type: "number", id: "kh-around", min: 0, max: MOST_AROUND_KM, step: 0.5, value: K.around || "", onchange: K.afterFocus(({ target }) => {
        K.around = Number(Math.min(MOST_AROUND_KM, Math.max(0, Number(target.value) || 0)).toFixed(3));
        K.sketchesChanged();
      }) })));

  function sketchItem(sketch, index) {
    const current = index === K.current;
    const known = sketch.result;
    const stale = known && sketch.drawnFor !== K.codeOfSketch(sketch) ? "stale" : null;
    const name = el("input", { type: "text", class: "name", id: `kh-name-${index}`, maxlength: 60, value: sketch.name, placeholder: K.say("sketchName"), "aria-label": K.say("sketchName"),
      onchange: K.afterFocus(({ target }) => K.changeSketches(() => (sketch.name = target.value.replace(/[!~]/g, " ").trim()))) });
    const drop = (i) => el("button", { class: "drop", id: `kh-drop-${index}-${i}`, "aria-label": K.say("removeVertex", { number: i + 1 }), onclick: () => K.dropVertex(i) }, "×");
    const table = () => K.table(known.head, known.vertices.map((row, i) => [...row, current && drop(i)]), "vertices");
    return el("li", { class: `sketch-item${current ? " current" : ""}`, id: `kh-sketch-${index}`, tabindex: "-1", "data-kind": sketch.kind },
      el("div", { class: "row" }, el("span", { class: `swatch ${sketch.kind}`, "aria-hidden": "true" }), name,
        !current && el("button", { id: `kh-edit-${index}`, "data-act": "edit", onclick: () => { K.current = index; K.pen = null; K.drawSketches(); K.sketchesChanged(); } }, K.say("edit")),
        current && !K.pen && sketch.kind !== "points" && el("button", { id: `kh-extend-${index}`, "data-act": "extend", onclick: () => { K.pen = sketch.kind; K.drawSketches(); draw(); } }, K.say("extend")),
        el("button", { class: "delete", "aria-label": `${K.say("remove")} ${sketch.name}`, onclick: () => K.changeSketches(() => { K.sketches.splice(index, 1); K.current = null; K.pen = null; }) }, "×")),
      known && el("div", { class: stale }, sketch.kind === "points" && table(), K.terms(known.totals),
        sketch.pixel === null && el("p", { class: "note" }, K.say("pixelUnknown")), known.notes.map((note) => el("p", { class: "note" }, note))),
      known && current && sketch.kind !== "points" && el("details", { open: sketch.openTable, ontoggle: (event) => (sketch.openTable = event.target.open) },
        el("summary", { id: `kh-points-${index}` }, K.say("vertices", { count: known.vertices.length })), table()));
  }

  const files = () => el("section", { class: "take" }, el("h3", {}, K.say("takeMeasured")),
    el("div", { class: "tools" }, FILES.map((format) => el("button", { "data-format": format, onclick: () => take(format) }, format.toUpperCase()))));

  async function take(format) {
    try {
      const response = await K.send("measured", { ...asked(), format, link: K.pageAddress().href }, { method: "POST", body: K.sketchCode() });
      K.clearMessage("measured");
      const link = el("a", { href: URL.createObjectURL(await response.blob()), download: `khorgos-measured.${format}` });
      document.body.append(link);
      link.click();
      link.remove();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      K.message("measured", error.message);
    }
  }

  function draw() {
    if (!place?.isConnected) return;
    K.redraw(place, () => [pens(), hint(), typed(place.querySelector("#kh-typed")?.value), tools(),
      failed && el("p", { class: "error", role: "alert" }, failed),
      el("ul", { class: "sketches" }, K.sketches.map(sketchItem)),
      units(), ...(results.length ? [files(), el("p", { class: "note" }, K.say("method"))] : []),
      K.ownFile.panel(), readout()]);
  }

  const readout = () => el("p", { class: "readout" }, el("output", { id: "kh-readout" }, lastRead), " ", el("span", { id: "kh-pixel" }, pixelWords()));
  const pixelWords = () => K.say("pixel", { distance: pixel() });
  const rescale = () => {
    document.getElementById("kh-pixel").textContent = pixelWords();
  };
  const pixel = () => {
    const metres = Number(K.pixelM().toPrecision(2));
    const [value, unit] = metres >= 1000 ? [metres / 1000, "unitKm"] : [metres, "unitMetre"];
    return `${value.toLocaleString(K.lang)} ${K.say(unit)}`;
  };
  let last = null, lastRead = "", timer = 0;
  const askPosition = K.lastOnly((latlng) => K.ask("position", { lat: latlng.lat, lon: latlng.lng, form: chosen.form, pixel: K.pixelM() }));
  function read(event) {
    last = event;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        const answer = await askPosition(event.latlng);
        if (answer) lastRead = answer.text;
      } catch {
        lastRead = "";
      }
      const out = document.getElementById("kh-readout");
      if (out) out.textContent = lastRead;
    }, 60);
  }

  K.addTool("measure", {
    draw: (body) => {
      place = body;
      typedError = typedNote = "";
      K.map.on("mousemove", read).on("zoomend", rescale);
      K.drawSketches();
      K.sketchesChanged();
      K.ownFile.begin(chosen, draw);
    },
    year: () => K.sketchesChanged(),
    leave: () => {
      K.map.off("mousemove", read).off("zoomend", rescale);
      K.tool = null;
      K.pen = null;
      K.drawSketches();
    },
    click: (found) => {
      if (!K.pen) return false;
      typedError = typedNote = "";
      snapped = found.name || "";
      K.addVertex(found.position, found.name, found.id ? 0 : K.pixelM());
      return true;
    },
    key: (event) => {
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key === "Escape" && K.pen) return K.finishSketch(), true;
      if (typing) return false;
      if (event.key === "Enter" && K.pen && event.target.tagName !== "BUTTON") return K.finishSketch(), true;
      if ((event.ctrlKey || event.metaKey) && event.code === "KeyZ") return K.undo(), true;
      return false;
    },
  });
})(window.Khorgos);
