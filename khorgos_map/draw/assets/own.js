// A file of one's own: read and measured by the server, drawn and listed here, kept by neither.
(function (K) {
  "use strict";
  const { el } = K;
  const MOST_BYTES = 50e6, FORMATS = ["geojson", "gpkg", "csv", "xlsx"];
  // A longer table has only those rows in the page that are in sight, each as high as the style sheet says.
  const MOST_ROWS = 300, IN_SIGHT = 60, ROW_PX = 26;
  let answer = null, file = null, lang = "", error = "", shapes = [], marked = null, choices = {}, redraw = () => {};

  const ask = K.lastOnly((own) => K.ask("upload", { ...choices, name: own.name }, { method: "POST", body: own }));
  async function bring(own, { fit } = { fit: true }) {
    error = own.size > MOST_BYTES ? K.say("fileTooLarge", { name: own.name }) : "";
    if (!error)
      try {
        const spoken = K.lang, read = await ask(own);
        if (!read || (!fit && file !== own)) return; // removed meanwhile
        [answer, file, lang] = [read, own, spoken];
        draw(fit);
        if (lang !== K.lang) return bring(own, { fit: false });
      } catch (failure) {
        error = failure.message;
      }
    redraw();
  }

  let group = null, renderer = null;
  const tooltip = L.tooltip({ className: "own-name", direction: "top" });
  const flat = (layer) => (layer.getLayers ? layer.getLayers().flatMap(flat) : [layer]);
  const boundsOf = (layer) => (layer.getBounds ? layer.getBounds() : L.latLngBounds([layer.getLatLng()]));
  const style = (more) => ({ renderer, color: getComputedStyle(document.documentElement).getPropertyValue("--measure"), weight: 2, fillOpacity: 0.15, interactive: false, ...more });

  function draw(fit) {
    clear();
    if (!group) {
      // a canvas takes every click on its pane, also those on what lies below
      Object.assign(K.map.createPane("kh-own").style, { zIndex: 605, pointerEvents: "none" });
      group = L.layerGroup();
    }
    renderer ??= L.canvas({ pane: "kh-own" });
    const plain = style();
    const options = { ...plain, pointToLayer: (_, latlng) => L.circleMarker(latlng, { ...plain, radius: 5, fillOpacity: 0.8 }) };
    shapes = JSON.parse(answer.drawn).geometries.map((geometry) => L.GeoJSON.geometryToLayer(geometry, options));
    // moved first, since all is drawn again where the map has moved
    if (fit) K.fitBeside(shapes.reduce((all, shape) => all.extend(boundsOf(shape)), L.latLngBounds([])));
    shapes.forEach((shape) => group.addLayer(shape));
    group.addTo(K.map);
    K.map.on("mousemove", name);
  }
  function clear() {
    group?.clearLayers();
    tooltip.remove();
    K.map.off("mousemove", name);
    [shapes, marked] = [[], null];
  }
  function name({ latlng, layerPoint }) {
    const under = shapes.findLastIndex((shape) => flat(shape).some((part) => part._containsPoint(layerPoint)));
    const words = under < 0 ? "" : [answer.names[under], under < answer.listed && answer.rows[under][1]].filter(Boolean).join(" · ");
    if (words) tooltip.setContent(el("span", {}, words)).setLatLng(latlng).addTo(K.map);
    else tooltip.remove();
  }
  function show(index) {
    marked?.setStyle(style());
    marked = shapes[index].setStyle({ weight: 4, fillOpacity: 0.4 });
    K.fitBeside(boundsOf(marked));
  }
  // A canvas knows no style sheet: in another theme it is drawn again.
  new MutationObserver(() => answer && draw(false)).observe(document.documentElement, { attributeFilter: ["data-theme"] });

  const row = ([own, ...cells], index) => [index < answer.listed ? el("button", { id: `kh-own-${index}`, title: K.say("showShape"), onclick: () => show(index) }, own) : own, ...cells];
  function table() {
    if (answer.rows.length <= MOST_ROWS) return K.table(answer.head, answer.rows.map(row), "own-rows");
    const made = K.table(answer.head, [], "own-rows long"), body = made.querySelector("tbody");
    const space = (rows) => el("tr", { "aria-hidden": "true", style: `height:${rows * ROW_PX}px` });
    let first = -1;
    const fill = () => {
      const begin = Math.max(0, Math.min(Math.floor(made.scrollTop / ROW_PX) - 15, answer.rows.length - IN_SIGHT));
      if (Math.abs(begin - first) < 10 && first >= 0) return;
      first = begin;
      const rows = answer.rows.slice(begin, begin + IN_SIGHT).map((cells, at) => el("tr", { "aria-rowindex": begin + at + 2 }, row(cells, begin + at).map((cell) => el("td", {}, cell))));
      body.replaceChildren(space(begin), ...rows, space(answer.rows.length - begin - rows.length));
    };
    made.setAttribute("aria-rowcount", answer.rows.length + 1);
    made.addEventListener("scroll", fill, { passive: true });
    fill();
    return made;
  }
  async function take(format) {
    try {
      const response = await K.send("upload", { ...choices, name: file.name, format }, { method: "POST", body: file });
      K.clearMessage("own");
      const link = el("a", { href: URL.createObjectURL(await response.blob()), download: `${file.name.replace(/\.\w+$/, "")}-measured.${format}` });
      document.body.append(link);
      link.click();
      link.remove();
      URL.revokeObjectURL(link.href);
    } catch (failure) {
      K.message("own", failure.message);
    }
  }
  const remove = () => {
    clear();
    answer = file = null;
    redraw();
  };
  K.ownFile = {
    panel: () => el("section", { class: "upload" }, el("h3", {}, K.say("ownFile")),
      el("label", { class: "file", for: "kh-upload" }, K.say("chooseFile")),
      el("input", { type: "file", class: "sr", id: "kh-upload", "aria-label": K.say("ownFile"), accept: ".geojson,.json,.geojsonl,.gpx,.kml,.kmz,.gpkg,.fgb,.gml,.zip,.csv,.tsv,.txt,.xlsx", onchange: (event) => event.target.files[0] && bring(event.target.files[0]) }),
      el("p", { class: "hint" }, K.say("ownFileHint")),
      error && el("p", { class: "error", role: "alert" }, error),
      answer && el("div", { class: "own" },
        el("div", { class: "row" }, el("b", {}, file.name), el("button", { "data-act": "own-remove", "aria-label": `${K.say("remove")} ${file.name}`, onclick: remove }, "×")),
        answer.notes.map((note) => el("p", { class: "note" }, note)),
        table(),
        el("h3", {}, K.say("downloadOwn")),
        el("div", { class: "tools" }, FORMATS.map((format) => el("button", { "data-own-format": format, onclick: () => take(format) }, format.toUpperCase()))))),
    // Measured again in other units or another language.
    again: () => file && bring(file, { fit: false }),
    begin: (units, drawPanel) => {
      [choices, redraw] = [units, drawPanel];
      if (file && lang !== K.lang) bring(file, { fit: false });
    },
  };
})(window.Khorgos);
