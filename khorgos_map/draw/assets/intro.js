// "Which Khorgos?": three sentences and three outlines, all at one scale with the border through them.
(function (K) {
  "use strict";
  const SEEN = "khorgos-map-intro-seen";
  const BOX = { west: 80.352, south: 44.170, east: 80.448, north: 44.246 }; // the village, the city and the centre

  const project = ([longitude, latitude]) => {
    const x = ((longitude - BOX.west) / (BOX.east - BOX.west)) * 120;
    const y = ((BOX.north - latitude) / (BOX.north - BOX.south)) * 120 * ((BOX.north - BOX.south) / (BOX.east - BOX.west)) * 1.396; // 1 / cos 44.2 deg
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  const ring = (positions) => `M${positions.map(project).join("L")}`;
  const lines = (geometry) =>
    ({ LineString: [geometry.coordinates], MultiLineString: geometry.coordinates, Polygon: geometry.coordinates,
       MultiPolygon: geometry.coordinates.flat() })[geometry.type] || [];

  async function outlines() {
    const shapes = {};
    for (const name of new Set(Object.values(K.config.files.layers))) {
      const collection = await K.fetchJson(name).catch(() => ({ features: [] }));
      for (const { geometry, properties } of collection.features) {
        const better = properties.role === "halo" && geometry.type !== "Point" ? "halo" : properties.role === "shape" && geometry.type !== "Point" ? "shape" : null;
        if (better === "shape" || (better && !shapes[properties.id])) {
          const before = shapes[properties.id]?.role === "shape" ? shapes[properties.id].lines : []; // a line may come in parts
          shapes[properties.id] = { role: better, lines: [...before, ...lines(geometry)], cls: properties.cls };
        }
      }
    }
    return shapes;
  }

  function locator(features, shapes) {
    const path = (shape, cls) => `<path class="${cls}" d="${shape.lines.map(ring).join(" ")}"/>`;
    const ids = Object.keys(shapes);
    const border = shapes["state-border"];
    const others = ids.filter((id) => K.words.intro.entries.some((e) => e.features.includes(id)) && !features.includes(id));
    const box = K.el("span", { class: "locator", "aria-hidden": "true" });
    box.innerHTML = `<svg viewBox="0 0 120 132" width="120" height="132">` +
      others.map((id) => path(shapes[id], "faint")).join("") +
      (border ? path(border, "line-of-border") : "") +
      features.filter((id) => shapes[id]).map((id) => path(shapes[id], `${shapes[id].cls.replace("halo", "extent")} strong`)).join("") + `</svg>`;
    return box;
  }

  // several outlines of one thing open the card of the whole
  const wholeOf = (features) => (features.length > 1 && K.words.cards[features[0]].within) || features[0];

  K.openIntro = async () => {
    const { intro } = K.words;
    const dialog = K.dom.intro;
    const shapes = await outlines();
    dialog.replaceChildren(
      K.el("h2", { tabindex: "-1" }, intro.title), K.el("p", {}, intro.lead),
      K.el("ol", {}, intro.entries.map((entry) => K.el("li", {},
        K.el("button", { onclick: () => { K.closeIntro(); K.select(wholeOf(entry.features), { from: "list" }); } },
          locator(entry.features, shapes), K.el("span", {}, K.el("b", {}, entry.name), K.el("span", {}, entry.sentence)))))),
      K.el("button", { class: "primary", id: "intro-close", onclick: K.closeIntro }, K.say("introClose")));
    dialog.hidden = false;
    K.dom.root.classList.add("with-intro");
    dialog.querySelector("h2").focus({ preventScroll: true });
  };

  K.closeIntro = () => {
    if (K.dom.intro.hidden) return;
    K.dom.intro.hidden = true;
    K.dom.root.classList.remove("with-intro");
    K.storage((store) => store.setItem(SEEN, "1"));
    K.dom.list.querySelector("#intro-open")?.focus({ preventScroll: true });
    K.placeLabels();
  };

  K.introSeen = () => K.storage((store) => store.getItem(SEEN)) === "1";
})(window.Khorgos);
