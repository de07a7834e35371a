// Starting the map and following what the server says: language and theme, and an address to restore once.
(function (K) {
  "use strict";
  document.head.append(Object.assign(document.createElement("style"), { textContent: K.css }));
  K.base = "local";
  K.selected = null;

  function frame(map) {
    const container = map.getContainer();
    container.classList.add("kh-map");
    const labels = map.createPane("kh-label");
    labels.style.zIndex = 650;
    labels.setAttribute("aria-hidden", "true");
    const dom = (K.dom = {
      root: document.body, labels, heading: K.el("h1", { class: "sr" }),
      list: K.el("nav", { id: "kh-list" }), card: K.el("aside", { id: "kh-card", hidden: true }),
      tool: K.el("aside", { id: "kh-tool", hidden: true }),
      time: K.el("div", { id: "kh-time", role: "group" }),
      messages: K.el("div", { id: "kh-messages", role: "status" }), intro: K.el("div", { id: "kh-intro", role: "dialog", hidden: true }),
      spoken: K.el("p", { class: "sr", "aria-live": "polite" }),
      thin: K.el("p", { id: "kh-thin", hidden: true }),
      opener: K.el("button", { id: "kh-open", "aria-expanded": "false", onclick: () => K.openPanel(!document.body.classList.contains("with-panel")) }),
    });
    document.body.classList.add("kh-page");
    const over = [dom.thin, dom.time, dom.opener];
    // the page around the map has a heading and a main part; a map taken along is a page of its own
    if (K.config.standalone) document.body.append(K.el("main", {}, dom.heading, container, ...over));
    else document.body.append(...over);
    document.body.append(K.hatches(), dom.spoken, dom.list, dom.card, dom.tool, dom.intro, dom.messages);
  }

  K.openPanel = (open) => {
    document.body.classList.toggle("with-panel", open);
    K.dom.opener.setAttribute("aria-expanded", String(open));
    if (K.words) K.dom.opener.textContent = K.say(open ? "close" : "list");
  };

  K.home = () => K.map.setView(K.config.home.slice(0, 2), K.config.home[2]);

  // Ready means that all shown layers are there or have said why not; tests and exports wait for it.
  K.progress = () => {
    const waiting = K.config.layers.some((id) => K.layers[id].shown && ["idle", "loading"].includes(K.layers[id].state));
    if (!waiting) document.body.dataset.khorgos = "ready";
  };

  function scaleClasses() {
    const zoom = K.map.getZoom();
    K.map.getContainer().classList.toggle("kh-close", zoom >= 12);
    K.map.getContainer().classList.toggle("kh-far", zoom <= 9);
    K.dom.thin.hidden = !(K.base === "local" && zoom >= 14);
  }
  K.scaleClasses = scaleClasses;

  const tellPage = () => {
    try {
      window.parent.document.documentElement.dataset.khorgosMap = "drawn";
      window.parent.document.documentElement.lang = K.words.lang;
      if (window.frameElement) window.frameElement.title = K.say("title");
    } catch {
      // a page of another origin around the map neither needs nor allows this
    }
  };

  function nameZoomButtons() {
    for (const [name, key] of [["in", "zoomIn"], ["out", "zoomOut"]]) {
      const button = K.map.getContainer().querySelector(`.leaflet-control-zoom-${name}`);
      button.title = K.say(key);
      button.setAttribute("aria-label", K.say(key));
    }
  }

  function drawWords() {
    document.documentElement.lang = K.words.lang;
    K.dom.heading.textContent = K.say("title");
    K.map.getContainer().setAttribute("role", "region");
    K.map.getContainer().setAttribute("aria-label", K.say("title"));
    nameZoomButtons();
    K.nameShapes();
    K.drawScale();
    if (K.started) tellPage();
    K.dom.list.setAttribute("aria-label", K.say("list"));
    K.dom.card.setAttribute("aria-label", K.say("facts"));
    K.dom.intro.setAttribute("aria-label", K.say("intro"));
    K.dom.opener.textContent = K.say("list");
    K.map.attributionControl.setPrefix("").addAttribution(K.markup(K.say("credit")));
    K.dom.thin.textContent = K.say("basemapThin");
    K.dom.time.setAttribute("aria-label", K.say("asOfSlider"));
    K.drawTime();
    K.drawList();
    K.drawCard();
    K.drawTool();
    K.placeLabels();
    if (!K.dom.intro.hidden) K.openIntro();
  }

  async function speak(lang) {
    const before = K.words;
    try {
      const words = await K.fetchJson(K.config.files.words[lang]);
      if (K.lang !== lang) return; // a later choice overtook this one
      K.words = words;
      if (before) K.map.attributionControl.removeAttribution(K.markup(before.messages.credit));
      K.clearMessage("words");
      drawWords();
    } catch (error) {
      if (before && K.lang === lang) K.message("words", K.say("textFailed"), K.el("button", { onclick: () => speak(lang) }, K.say("retry")));
      throw error;
    }
  }

  function restore({ layers, base, sel, asof, m, around, r, profile, wait, way }) {
    K.asOf = asof ?? null;
    K.drawTime();
    for (const id of K.config.layers) K.showLayer(id, (layers || K.config.shown).includes(id));
    if (base && base !== "local") K.showBasemap(base);
    if (sel) K.select(sel, { from: K.located ? "map" : "list", keepLayers: Boolean(layers) });
    if (K.config.standalone) return;
    if (m) K.restoreSketches(m, around);
    if (r) K.restoreRoute({ r, profile, wait, way });
    if (r || (m && !sel)) K.openTool(r ? "roads" : "measure");
    else if (m) K.sketchesChanged();
    // once a panel is open, so that what is measured comes to lie beside it
    if (m && !K.located) K.fitBeside(L.latLngBounds(K.sketches.flatMap(({ positions }) => positions.map(K.at))), { maxZoom: 14 });
  }

  async function begin(state) {
    const spoken = speak(state.lang);
    // asked for now, so that they come while the words do; who needs one that fails asks again and tells
    for (const file of [...Object.values(K.config.basemap), ...K.config.shown.map((id) => K.config.files.layers[id])]) K.fetchJson(file).catch(() => {});
    await spoken;
    tellPage();
    if (!K.config.standalone) K.watchConnection(window.parent.document);
    await K.addBasemap();
    K.started = true;
    restore(state.restore);
    K.progress();
    const { sel, at, m, r } = state.restore;
    if (!sel && !at && !m && !r && !K.introSeen()) K.openIntro();
  }

  K.start = (map, config) => {
    K.map = map;
    K.config = config;
    K.layers = {};
    K.makePanes(map);
    frame(map);
    for (const id of config.layers) K.addLayer(map, { id, file: config.files.layers[id] });
    map.on("zoomstart", () => K.dom.labels.classList.add("hidden"));
    map.on("zoomend moveend resize", () => {
      K.dom.labels.classList.remove("hidden");
      scaleClasses();
      K.keepStop();
      K.placeLabels();
      K.writeAddress();
    });
    map.on("click", (event) => {
      if (K.takeClick(event)) return;
      K.openPanel(false);
      if (K.selected) K.select(null, {});
    });
    document.addEventListener("keydown", (event) => {
      if (K.toolKey(event) || event.key !== "Escape") return;
      if (!K.dom.intro.hidden) K.closeIntro();
      else if (K.selected) K.select(null, {});
      else if (K.tool) K.openTool(null);
      else K.openPanel(false);
    });
    map.invalidateSize();
    K.addScale(map);
    K.listenToKeys(map);
    scaleClasses();
    // while the page hides the map it has no size, and its view must not follow
    new ResizeObserver(() => map.getContainer().clientWidth && map.invalidateSize()).observe(map.getContainer());
  };

  // A map without a server takes its own address over the view it was saved with.
  function ownAddress(state) {
    const own = K.readAddress();
    const restore = { ...state.restore };
    for (const [name, value] of Object.entries(own)) if (value !== null && name !== "lang") restore[name] = value;
    return { ...state, lang: own.lang || state.lang, restore };
  }
  const darkness = window.matchMedia("(prefers-color-scheme: dark)");

  // The server's word: what it alone owns. Layers, position and selection are not in it, but for one restored address.
  K.apply = (told) => {
    const first = K.lang === undefined;
    const state = first && K.config.standalone ? ownAddress(told) : told;
    const theme = K.config.standalone ? (darkness.matches ? "dark" : "light") : state.theme || "";
    if (document.documentElement.dataset.theme !== theme) document.documentElement.dataset.theme = theme; // what follows it draws anew
    K.mode = state.mode || K.mode;
    if (K.mode === "evidence") K.tellYear(told.restore?.asof);
    if (K.lang === state.lang) return K.writeAddress();
    K.lang = state.lang;
    K.writeAddress();
    if (!first) return speak(state.lang).catch((error) => console.warn(`khorgos-map: ${error.message}`));
    K.located = Boolean(state.restore.at);
    const [lat, lng, zoom] = state.restore.at || K.config.home;
    K.map.setView([lat, lng], zoom, { animate: false });
    begin(state).catch((error) => console.warn(`khorgos-map: ${error.message}`));
  };
})(window.Khorgos);
