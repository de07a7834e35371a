// Layers: fetched when first shown, drawn as SVG with classes that the style sheet knows.
(function (K) {
  "use strict";
  const PANES = { base: 210, corridor: 380, extent: 400, halo: 405, area: 410, casing: 420, line: 425, hit: 430, mark: 600 };
  const LINE_HIT_PX = { boundary: 8, default: 16 };
  K.layers = {};
  K.drawn = {}; // record id -> the Leaflet layers that draw it

  K.makePanes = (map) => {
    for (const [name, depth] of Object.entries(PANES)) {
      map.createPane(`kh-${name}`).style.zIndex = depth;
      if (name !== "mark") PANES[name] = L.svg({ pane: `kh-${name}`, padding: 0.5 });
    }
    PANES.base.options.interactive = false;
  };

  const path = (feature, pane, cls, extra) =>
    L.geoJSON(feature, {
      pane: `kh-${pane}`,
      style: { renderer: PANES[pane], className: cls, smoothFactor: 0.5, ...extra },
      interactive: extra?.interactive ?? false,
    });

  const clickable = (layer, id) => {
    layer.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      if (!K.takeClick(event)) K.select(id, { from: "map" });
    });
    K.addShape(id, layer.getLayers?.() || [layer]);
    return layer;
  };

  const paneOf = (properties) => {
    if (properties.role !== "shape") return properties.role;
    return / extent/.test(properties.cls) ? "extent" : "area";
  };

  function drawPart(feature) {
    const { id, role, cls, mark } = feature.properties;
    const type = feature.geometry.type;
    if (role === "label") return [];
    if (mark) {
      const [longitude, latitude] = feature.geometry.coordinates;
      const icon = L.divIcon({ html: K.markSvg(mark, cls), className: "kh-mark", iconSize: [24, 24] });
      const zIndexOffset = 1000 * (6 - feature.properties.label.rank) - (/s-historical/.test(cls) ? 500 : 0);
      return [clickable(L.marker([latitude, longitude], { icon, pane: "kh-mark", keyboard: false, zIndexOffset }), id)];
    }
    if (/LineString/.test(type) && role === "shape") {
      const kind = /k-boundary/.test(cls) ? "boundary" : "default";
      return [
        path(feature, "casing", `${cls} casing`),
        path(feature, "line", cls, { lineCap: "butt" }),
        clickable(path(feature, "hit", "hit", { interactive: true, weight: LINE_HIT_PX[kind], opacity: 0 }), id),
      ];
    }
    const interactive = role === "shape" && !/k-administrative-unit/.test(cls);
    const shape = path(feature, role === "base" ? "base" : paneOf(feature.properties), cls, { interactive });
    return [interactive ? clickable(shape, id) : shape];
  }

  const remember = (id, layers) => (K.drawn[id] = [...(K.drawn[id] || []), ...layers]);

  // The larger areas go below the smaller, so that every one of them can be clicked.
  const stackBySize = K.once(() => {
    const areas = [];
    for (const layer of Object.values(K.layers))
      layer.group.eachLayer((shape) => shape.eachLayer?.((path) => path.getBounds && !path.options.mark && areas.push(path)));
    const size = (path) => path.getBounds().getNorthEast().distanceTo(path.getBounds().getSouthWest());
    areas.filter((path) => path.options.interactive && path._map && path instanceof L.Polygon)
      .sort((a, b) => size(b) - size(a)).forEach((path) => path.bringToFront());
  });

  async function load(layer) {
    layer.state = "loading";
    try {
      const collection = await K.fetchJson(layer.file);
      layer.labels = [];
      layer.parts = [];
      for (const feature of collection.features) {
        const parts = drawPart(feature);
        remember(feature.properties.id, parts);
        layer.parts.push([feature.properties.id, parts]);
        if (feature.properties.label) layer.labels.push({ id: feature.properties.id, cls: feature.properties.cls,
          mark: Boolean(feature.properties.mark), geometry: feature.geometry, ...feature.properties.label });
      }
      layer.state = "ready";
      K.syncTime(layer);
      K.clearMessage(`layer-${layer.id}`);
    } catch (error) {
      layer.state = "failed";
      const retry = K.el("button", { onclick: () => load(layer) }, K.say("retry"));
      K.message(`layer-${layer.id}`, K.say("layerFailed", { name: K.words.layers[layer.id].name }), retry);
    }
    settle();
  }
  // Layers that come one after the other are settled together, once a frame.
  const settle = K.once(() => {
    stackBySize();
    K.markSelected();
    K.keepStop();
    K.placeLabels();
    K.progress();
  }, requestAnimationFrame);

  // A layer holds the parts of what exists as of the chosen year.
  K.syncTime = (layer) => {
    for (const [id, parts] of layer.parts)
      for (const part of parts) {
        const held = layer.group.hasLayer(part);
        if (K.existsThen(id) && !held) layer.group.addLayer(part);
        if (!K.existsThen(id) && held) layer.group.removeLayer(part);
      }
    if (layer.shown) stackBySize();
  };

  K.addLayer = (map, { id, file }) => {
    K.layers[id] = { id, file, group: L.layerGroup(), state: "idle", labels: [], parts: [], shown: false };
  };

  K.showLayer = (id, shown) => {
    const layer = K.layers[id];
    layer.shown = shown;
    if (shown && layer.state === "idle") load(layer);
    if (shown) layer.group.addTo(K.map);
    else layer.group.remove();
    if (shown && layer.state === "ready") stackBySize();
    K.markSelected();
    K.keepStop();
    K.placeLabels();
    K.syncList();
    K.writeAddress();
  };

  K.shownLayers = () => K.config.layers.filter((id) => K.layers[id].shown);

  K.addBasemap = async () => {
    K.local = L.layerGroup([L.rectangle(K.config.frame, { pane: "kh-base", renderer: PANES.base, className: "kb kb-frame", interactive: false })]);
    K.localShapes = {};
    const results = await Promise.allSettled(Object.entries(K.config.basemap).map(async ([part, file]) => {
      const collection = await K.fetchJson(file);
      K.localShapes[part] = collection.features;
      return [part, collection];
    }));
    const order = ["land", "boundaries", "lakes", "roads"];
    const loaded = results.filter((r) => r.status === "fulfilled").map((r) => r.value)
      .sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
    for (const [, collection] of loaded)
      for (const feature of collection.features)
        if (feature.geometry.type !== "Point") drawPart(feature).forEach((part) => K.local.addLayer(part)); // a point only bears a label
    if (results.some((r) => r.status === "rejected"))
      K.message("basemap", K.say("layerFailed", { name: K.words.basemaps.local }),
        K.el("button", { onclick: () => { K.clearMessage("basemap"); K.local.remove(); K.addBasemap(); } }, K.say("retry")));
    if (K.base === "local") K.local.addTo(K.map);
    K.placeLabels();
  };

  K.showBasemap = (name) => {
    const options = K.config.online[name];
    K.base = options ? name : "local";
    K.online?.remove();
    K.online = null;
    K.map.getContainer().classList.toggle("kh-online", Boolean(options));
    if (!options) K.local?.addTo(K.map);
    else {
      K.local?.remove();
      K.online = L.tileLayer(options.url, { ...options, maxZoom: K.map.getMaxZoom() }).addTo(K.map);
      let loaded = 0, failed = 0;
      K.online.on("tileload", () => (loaded += 1));
      K.online.on("tileerror", () => {
        failed += 1;
        if (failed < 4 || loaded > 0 || K.base !== name) return;
        K.message("online", K.say("basemapFailed"));
        K.showBasemap("local");
      });
    }
    K.scaleClasses();
    K.placeLabels();
    K.syncList();
    K.writeAddress();
  };
})(window.Khorgos);
