// Labels that do not collide: the more important first, each at the first free of its positions, or not at all.
(function (K) {
  "use strict";
  const FROM_ZOOM = { 1: 5, 2: 8, 3: 9, 4: 10, 5: 12 };
  const COUNTRIES_TO_ZOOM = 13;
  const NEIGHBOURS_TO_ZOOM = 8;
  const ZOOMS = { "pole-of-inaccessibility": [6, 99], "road-route": [5, 15], "administrative-unit": [6, 9], "railway": [11, 15], "continuation": [8, 99], "boundary": [99, 99] };
  const AREAS = new Set(["zone", "special-economic-zone", "airport", "logistics-zone", "industrial-zone"]);
  const AREA_MIN_PX = 44;
  const TOGETHER_PX = 12;
  const APART_PX = 7;
  const AROUND = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]];

  const inRing = ([x, y], ring) => {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i], [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  };
  const inPolygon = (position, geometry) => {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return polygons.some((rings) => rings.reduce((inside, ring) => inside !== inRing(position, ring), false));
  };

  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const boxAt = (x, y, width, height) => ({ left: x, top: y, right: x + width, bottom: y + height });

  function screenWidth(id) {
    const bounds = K.words.cards[id]?.bounds;
    if (!bounds) return Infinity;
    const [west, south, east, north] = bounds;
    return K.map.latLngToContainerPoint([south, east]).x - K.map.latLngToContainerPoint([north, west]).x;
  }

  // A road is labelled well along its way, where it runs alone, or else nearer to one of its ends.
  const ALONG = [0.62, 0.56, 0.68, 0.5, 0.74, 0.45, 0.4, 0.8, 0.34, 0.86, 0.28, 0.22, 0.16];
  function lineAnchors(id) {
    const lines = [];
    for (const part of K.drawn[id] || [])
      part.eachLayer?.((line) => line.options.className === "hit" && lines.push(line.getLatLngs()));
    const points = lines.flat();
    const reached = [0];
    points.forEach((p, i) => i && reached.push(reached[i - 1] + p.distanceTo(points[i - 1])));
    const view = K.map.getBounds().pad(-0.04);
    return ALONG.map((share) => pointAt(points, reached, share * reached.at(-1))).filter((p) => p && view.contains(p))
      .map((p) => [p.lng, p.lat]);
  }

  function pointAt(points, reached, distance) {
    const i = reached.findIndex((d) => d >= distance);
    if (i < 1) return points[0];
    const share = (distance - reached[i - 1]) / (reached[i] - reached[i - 1] || 1);
    const [p, q] = [points[i - 1], points[i]];
    return L.latLng(p.lat + (q.lat - p.lat) * share, p.lng + (q.lng - p.lng) * share);
  }

  // An area is labelled at its middle, or where that is taken towards one of its edges, but always within it.
  function areaAnchors({ anchor, geometry }) {
    const bounds = L.geoJSON(geometry).getBounds();
    const at = (x, y) => [bounds.getWest() + (bounds.getEast() - bounds.getWest()) * x, bounds.getSouth() + (bounds.getNorth() - bounds.getSouth()) * y];
    const candidates = [anchor, at(0.5, 0.5), at(0.5, 0.25), at(0.5, 0.75), at(0.28, 0.5), at(0.72, 0.5), at(0.5, 0.12), at(0.5, 0.88)];
    return candidates.filter((position) => inPolygon(position, geometry));
  }

  function anchorsOf(label) {
    if (label.kind === "road-route") return lineAnchors(label.id);
    return AREAS.has(label.kind) && !label.mark ? areaAnchors(label) : undefined;
  }

  const lineOnScreen = (id) =>
    (K.drawn[id] || []).flatMap((part) => part.getLayers?.() || []).filter((line) => line.options.className === "hit")
      .map((line) => line.getLatLngs().map((position) => K.map.latLngToContainerPoint(position)));

  const roadsShown = () => K.shownLayers().flatMap((id) => K.layers[id].labels)
    .filter(({ kind, id }) => kind === "road-route" && K.existsThen(id)).map(({ id }) => id);

  const runsBy = (lines, point) =>
    lines.some((line) => line.some((end, i) => i && L.LineUtil.pointToSegmentDistance(point, line[i - 1], end) < TOGETHER_PX));

  // Where roads run together the name of one alone would mislead. Each is named where it runs alone; those
  // that nowhere in view do are named together, but for a stretch shared with a road that has no name here.
  function roadsNamed(roads) {
    const lines = new Map(roadsShown().map((id) => [id, lineOnScreen(id)]));
    const beside = (id, anchor) => [...lines.keys()].filter((other) => other !== id && runsBy(lines.get(other), toPoint(anchor)))
      .map((other) => roads.find((road) => road.id === other));
    // the selected road is marked as such, so that its name may lie anywhere on it
    const othersThan = (own) => [...lines].flatMap(([id, other]) => (own.some((road) => [id, K.selected].includes(road.id)) ? [] : other));
    const named = new Set(), items = [], crowded = [];
    for (const road of roads) {
      const all = new Map(road.anchors.map((anchor) => [anchor, beside(road.id, anchor)]));
      const alone = road.anchors.filter((anchor) => !all.get(anchor).length);
      const together = road.anchors.filter((anchor) => !all.get(anchor).includes(undefined));
      if (alone.length) items.push({ ...road, anchors: alone, others: othersThan([road]) });
      else if (together.length) crowded.push({ ...road, anchors: together });
      else if (road.id === K.selected) items.push(road);
    }
    for (const road of crowded) {
      if (named.has(road.id)) continue;
      const together = [road, ...beside(road.id, road.anchors[0])];
      together.forEach(({ id }) => named.add(id));
      items.push({ ...road, anchors: road.anchors.filter((anchor) => beside(road.id, anchor).length === together.length - 1),
        others: othersThan(together), parts: together.map(({ id, text }) => ({ id, text })), text: together.map(({ text }) => text).join("\n") });
    }
    return items;
  }

  function wanted(zoom) {
    const items = [];
    for (const id of K.shownLayers())
      for (const label of K.layers[id].labels) {
        const chosen = label.id === K.selected;
        const [from, to] = ZOOMS[label.kind] || [FROM_ZOOM[label.rank], 99];
        const card = K.words.cards[label.id];
        const text = label.kind === "continuation" ? card.continues[label.end]
          : K.inUseThen(label.id) ? card.kind : card.label; // a label such as "old gate" speaks from today
        const said = label.kind !== "road-route" || card.facts?.some(K.saidThen);
        if (!text || !said || !K.existsThen(label.id) || (!chosen && (zoom < from || zoom > to))) continue;
        if (AREAS.has(label.kind) && !label.mark && screenWidth(label.id) < AREA_MIN_PX && !chosen) continue;
        items.push({ ...label, anchors: anchorsOf(label), text, lang: card.labelMissing ? "en" : K.words.lang,
          priority: chosen ? 0 : label.rank, cls: label.cls + (card.labelMissing ? " fallback" : "") + (K.stateThen(label.id)?.key === "undated" ? " then-undated" : "") + (chosen ? " sel" : "") });
      }
    const roads = items.filter(({ kind }) => kind === "road-route");
    return [...items.filter(({ kind }) => kind !== "road-route"), ...roadsNamed(roads)];
  }

  // A lake and its name on the screen, which the wide name of a country keeps away from.
  const lakeBoxes = () => (K.localShapes?.lakes || []).map((lake) => {
    lake.bounds ??= L.geoJSON(lake.geometry).getBounds();
    const [corner, other] = [lake.bounds.getNorthWest(), lake.bounds.getSouthEast()].map((end) => K.map.latLngToContainerPoint(end));
    const { x, y } = toPoint(lake.properties.anchor);
    return { left: Math.min(corner.x, x - 60), top: Math.min(corner.y, y - 20), right: Math.max(other.x, x + 60), bottom: Math.max(other.y, y + 20) };
  });

  // Where on the screen a country has room for its name depends on the view alone, and takes long to find.
  let view = "", anchorsInView = new Map();
  function anchorsOn(land) {
    const size = K.map.getSize(), now = [K.map.getCenter(), K.map.getZoom(), size].join();
    if (view !== now) [view, anchorsInView] = [now, new Map()];
    if (!anchorsInView.has(land)) {
      const ends = [0.2, 0.35, 0.65, 0.8].flatMap((row) => [0.5, 0.3, 0.7, 0.15, 0.85].map((column) =>
        [-90, 0, 90].map((dx) => K.map.containerPointToLatLng([size.x * column + dx, size.y * row]))));
      anchorsInView.set(land, ends.filter((three) => three.every((end) => inPolygon([end.lng, end.lat], land.geometry))).map(([, middle]) => [middle.lng, middle.lat]));
    }
    return anchorsInView.get(land);
  }

  function basemapLabels(zoom) {
    if (K.base !== "local") return [];
    const items = [];
    for (const lake of K.localShapes?.lakes || []) {
      const text = K.words.places[lake.properties.id];
      if (text && zoom >= 6) items.push({ id: lake.properties.id, text, anchor: lake.properties.anchor, priority: 5, cls: "lake", kind: "lake" });
    }
    for (const neighbour of zoom <= NEIGHBOURS_TO_ZOOM ? K.localShapes?.neighbours || [] : [])
      items.push({ id: neighbour.properties.id, text: K.words.places[neighbour.properties.id], anchors: [neighbour.properties.anchor], priority: 6, cls: "country neighbour", kind: "country" });
    const lakes = lakeBoxes();
    const awayFromLakes = (anchor) => {
      const { x, y } = toPoint(anchor);
      return !lakes.some((lake) => overlap(lake, boxAt(x - 100, y - 24, 200, 48)));
    };
    for (const land of zoom < COUNTRIES_TO_ZOOM ? K.localShapes?.land || [] : []) {
      const text = K.words.places[land.properties.id];
      if (text) items.push({ id: land.properties.id, text, anchors: anchorsOn(land).filter(awayFromLakes), priority: 4.5, cls: "country", kind: "country" });
    }
    return items;
  }

  const toPoint = ([longitude, latitude]) => K.map.latLngToContainerPoint([latitude, longitude]);

  function positions(item, width, height) {
    const onAnchors = item.anchors?.map((a) => toPoint(a)).map((p) => [p.x - width / 2, p.y - height / 2]);
    if (item.kind === "road-route") return [0, 1, -1, 1.6, -1.6].flatMap((side) => onAnchors.map(([x, y]) => [x, y + side * (height / 2 + 6)]));
    if (onAnchors) return onAnchors;
    const { x, y } = toPoint(item.anchor);
    const centred = [x - width / 2, y - height / 2];
    const around = (gap) => AROUND.map(([dx, dy]) => [
      dx > 0 ? x + (dy ? gap / 2 : gap) : dx < 0 ? x - width - (dy ? gap / 2 : gap) : centred[0],
      dy > 0 ? y + (dx ? gap / 2 : gap) : dy < 0 ? y - height - (dx ? gap / 2 : gap) : centred[1],
    ]);
    if (item.mark) return around(10);
    return [centred, [centred[0], y + 6], [centred[0], y - height - 6], ...around(12), ...around(20)];
  }

  function shownMarks() {
    const marks = K.shownLayers().flatMap((id) => K.layers[id].labels).filter((label) => label.mark && K.existsThen(label.id));
    return marks.map(({ anchor }) => {
      const { x, y } = toPoint(anchor);
      return boxAt(x - 7, y - 7, 14, 14);
    });
  }

  // What lies over the map takes its place from the labels.
  function furniture() {
    const { left, top } = K.map.getContainer().getBoundingClientRect();
    const over = [K.dom.card, K.dom.tool, K.dom.time, K.dom.thin, K.dom.opener, ...K.dom.root.querySelectorAll(".kh-handle.measured span, .kh-handle.stop i"), ...K.map.getContainer().querySelectorAll(".leaflet-control")];
    return over.map((element) => element.getBoundingClientRect()).filter((box) => box.width)
      .map((box) => boxAt(box.left - left, box.top - top, box.width, box.height));
  }

  // Measuring makes the browser lay out the page, so each text is measured once for a width of window.
  const measured = new Map();
  function sizeOf({ element, text, kind, rank, cls }) {
    const key = [text, kind, rank, / sel$/.test(cls), window.innerWidth].join();
    if (!measured.has(key)) measured.set(key, [element.offsetWidth, element.offsetHeight]);
    return measured.get(key);
  }

  // An area's name stands on the area, or the area is too small for it; a road's keeps off the other roads.
  function fits({ anchors, geometry, kind, others = [] }, box) {
    const bounds = L.bounds([box.left - APART_PX, box.top - APART_PX], [box.right + APART_PX, box.bottom + APART_PX]);
    if (others.some((line) => line.some((end, i) => i && L.LineUtil.clipSegment(line[i - 1], end, bounds)))) return false;
    if (!anchors || !AREAS.has(kind)) return true;
    return [box.left, box.right].every((x) => {
      const end = K.map.containerPointToLatLng([x, (box.top + box.bottom) / 2]);
      return inPolygon([end.lng, end.lat], geometry);
    });
  }

  K.placeLabels = K.once(() => {
    if (!K.words || !K.map._loaded) return;
    const zoom = K.map.getZoom();
    const items = [...wanted(zoom), ...basemapLabels(zoom)].sort((a, b) => a.priority - b.priority);
    const pane = K.dom.labels;
    pane.replaceChildren(...items.map((item) => {
      item.element = K.el("div", { class: `label l-${item.kind} ${item.cls} rank-${item.rank || 0}`, lang: item.lang || K.words.lang },
        item.parts ? item.parts.map(({ id, text }) => K.el("span", { "data-id": id }, text)) : item.text);
      if (K.words.cards[item.id]) item.element.addEventListener("click", (event) => {
        L.DomEvent.stop(event);
        const latlng = K.map.mouseEventToLatLng(event);
        if (!K.takeClick({ latlng, originalEvent: event })) K.select(event.target.dataset.id || item.id, { from: "map" });
      });
      return item.element;
    }));
    const size = K.map.getSize();
    const whole = boxAt(2, 2, size.x - 4, size.y - 4);
    const taken = [...shownMarks(), ...furniture()];
    const sizes = items.map(sizeOf);
    items.forEach((item, index) => {
      const [width, height] = sizes[index];
      const free = positions(item, width, height).find(([x, y]) => {
        const box = boxAt(x, y, width, height);
        return fits(item, box) && box.left >= whole.left && box.top >= whole.top && box.right <= whole.right && box.bottom <= whole.bottom &&
          !taken.some((other) => overlap(box, other));
      });
      if (!free) return item.element.remove();
      const corner = K.map.containerPointToLayerPoint(free).round();
      item.element.style.transform = `translate(${corner.x}px, ${corner.y}px)`;
      taken.push(boxAt(free[0] - 2, free[1] - 1, width + 4, height + 2));
    });
  });
})(window.Khorgos);
