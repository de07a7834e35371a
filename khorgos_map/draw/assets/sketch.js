// Sketches on the map: points, lines and areas that are drawn, moved, undone, and kept in the address.
(function (K) {
  "use strict";
  const { at } = K;
  const CODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const SCALE = 1e6, LONGEST = 2000, CM_PER_M = 100, MOST_PIXEL_M = 1e6;
  const KINDS = { P: "points", L: "line", A: "area" };
  const letterOf = (kind) => Object.keys(KINDS).find((letter) => KINDS[letter] === kind);

  // The twin of khorgos_map/measure/sketch.py.
  function encodeNumber(value) {
    let rest = value < 0 ? ~(value << 1) : value << 1, code = "";
    for (; rest >= 32; rest >>>= 5) code += CODE[32 | (rest & 31)];
    return code + CODE[rest];
  }
  function roundPixel(metres) {
    const cm = Math.floor(metres * CM_PER_M + 0.5);
    const step = 10 ** Math.max(0, String(cm).length - 2);
    return (Math.floor((cm + Math.floor(step / 2)) / step) * step) / CM_PER_M;
  }
  function encodeOne({ kind, positions, name, pixel = null }) {
    let [lat, lon, code] = [0, 0, letterOf(kind)];
    for (const [x, y] of positions) {
      const [nextLat, nextLon] = [Math.round(y * SCALE), Math.round(x * SCALE)];
      code += encodeNumber(nextLat - lat) + encodeNumber(nextLon - lon);
      [lat, lon] = [nextLat, nextLon];
    }
    return code + (pixel === null ? "" : `.${encodeNumber(Math.round(pixel * CM_PER_M))}`) + (name ? `~${name}` : "");
  }
  function decodeNumbers(code) {
    const numbers = [];
    for (let i = 0, value = 0, shift = 0; i < code.length; i += 1) {
      const chunk = CODE.indexOf(code[i]);
      value |= (chunk & 31) << shift;
      shift += 5;
      if (shift > 30) return null;
      if (chunk < 32) {
        numbers.push(value & 1 ? ~(value >>> 1) : value >>> 1);
        [value, shift] = [0, 0];
      } else if (i === code.length - 1) return null;
    }
    return numbers;
  }
  function decodeOne(text) {
    const [, letter, code, size, name] = /^([PLA])([A-Za-z0-9_-]+)(?:\.([A-Za-z0-9_-]+))?(?:~([^]*))?$/.exec(text) || [];
    const numbers = letter && decodeNumbers(code);
    const pixels = size ? decodeNumbers(size) : [];
    if (!numbers || !pixels) return null;
    const positions = [];
    for (let i = 0, lat = 0, lon = 0; i + 1 < numbers.length; i += 2) {
      lat += numbers[i];
      lon += numbers[i + 1];
      positions.push([lon / SCALE, lat / SCALE]);
    }
    const sound = numbers.length % 2 === 0 && positions.every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 90)
      && pixels.length === (size ? 1 : 0) && pixels.every((cm) => cm >= 0 && cm <= MOST_PIXEL_M * CM_PER_M);
    return sound ? { kind: KINDS[letter], positions, name: (name || "").slice(0, 60), pixel: size ? roundPixel(pixels[0] / CM_PER_M) : null } : null;
  }

  K.sketches = [];
  K.current = null; // the sketch that has handles
  K.pen = null; // the kind that is being drawn
  K.around = 0; // how far around the sketches the area is wanted, in km
  const history = [];

  K.sketchCode = () => K.sketches.filter((s) => s.positions.length).map(encodeOne).join("!");
  // An address takes no more than this; what is longer has to be kept as a file.
  let toldLong = false;
  K.sketchWords = () => {
    const code = K.sketchCode();
    const long = code.length > LONGEST;
    if (!long) K.clearMessage("sketch-long");
    else if (!toldLong) K.message("sketch-long", K.say("sketchTooLong"));
    toldLong = long;
    const m = code && !long ? code : null;
    return { m, around: (m && K.around) || null };
  };
  K.restoreSketches = (code, around) => {
    const found = code.length <= LONGEST ? code.split("!").map(decodeOne) : [null];
    if (found.includes(null)) return K.message("sketch", K.say("sketchBroken"));
    K.sketches = found;
    K.current = 0;
    K.around = around || 0;
  };

  const group = L.layerGroup();
  const icon = (cls, html = "") => L.divIcon({ className: `kh-handle ${cls}`, iconSize: [16, 16], html });

  K.changeSketches = (change) => {
    history.push(JSON.stringify([K.sketches.map(({ kind, positions, name, pixel }) => ({ kind, positions, name, pixel })), K.current, K.pen]));
    if (history.length > 200) history.shift();
    change();
    K.drawSketches();
    K.sketchesChanged();
  };
  K.canUndo = () => history.length > 0;
  K.undo = () => {
    if (!history.length) return;
    [K.sketches, K.current, K.pen] = JSON.parse(history.pop());
    K.drawSketches();
    K.sketchesChanged();
  };

  K.startSketch = (kind) => {
    K.pen = kind;
    K.current = null;
    K.drawSketches();
    K.sketchesChanged();
  };
  K.finishSketch = () => {
    K.pen = null;
    K.drawSketches();
    K.sketchesChanged();
  };
  // How far off the points may be: the coarsest pixel that any of them was set with; 0 for what was typed or snapped,
  // null where an address does not tell.
  const roughly = (sketch, pixel) => {
    if (sketch.pixel !== null) sketch.pixel = Math.max(sketch.pixel, roundPixel(pixel));
  };
  K.addVertex = (position, name, pixel = 0) => K.changeSketches(() => {
    if (K.current === null || !K.sketches[K.current]) {
      K.sketches.push({ kind: K.pen || "points", positions: [], name: "", pixel: 0 });
      K.current = K.sketches.length - 1;
    }
    const sketch = K.sketches[K.current];
    sketch.positions.push(position);
    roughly(sketch, pixel);
    if (name && sketch.kind === "points" && sketch.positions.length === 1) sketch.name = name;
  });
  K.dropVertex = (index) => K.changeSketches(() => {
    K.sketches[K.current].positions.splice(index, 1);
    if (K.sketches[K.current].positions.length) return;
    K.sketches.splice(K.current, 1);
    K.current = null;
  });

  // A handle that is dragged is not drawn anew, or the drag would end where nobody let go.
  let dragged = false;
  function letGo(handle, change) {
    handle.on("dragstart", () => (dragged = true)).on("dragend", () => {
      dragged = false;
      const { position, id } = K.snap(handle.getLatLng());
      K.changeSketches(() => change(position, id ? 0 : K.pixelM()));
    });
  }

  function vertexHandle(sketch, index) {
    const last = index === sketch.positions.length - 1;
    const handle = L.marker(at(sketch.positions[index]), { icon: icon("vertex", "<i></i>"), draggable: true, pane: "kh-sketch-mark", keyboard: true, title: K.say("vertex", { number: index + 1 }) });
    handle.on("drag", (event) => follow(sketch, sketch.positions.map((p, i) => (i === index ? [event.latlng.lat, event.latlng.lng] : at(p)))));
    letGo(handle, (position, pixel) => {
      sketch.positions[index] = position;
      roughly(sketch, pixel);
    });
    handle.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      if (K.pen && (last || (K.pen === "area" && index === 0)) && sketch.positions.length > 1) K.finishSketch();
    });
    handle.on("add", () => handle.getElement().addEventListener("keydown", (event) => {
      if (!["Delete", "Backspace"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      K.dropVertex(index);
      const left = [...K.map.getContainer().querySelectorAll(".kh-handle.vertex:not(.quiet)")];
      left[Math.min(index, left.length - 1)]?.focus();
    }));
    return handle;
  }

  // A handle between two vertices makes a third where it is dragged to.
  function middleHandle(sketch, index) {
    const [a, b] = [sketch.positions[index], sketch.positions[(index + 1) % sketch.positions.length]];
    const middle = L.marker([(a[1] + b[1]) / 2, (a[0] + b[0]) / 2], { icon: icon("middle", "<i></i>"), draggable: true, pane: "kh-sketch-mark", keyboard: false, opacity: 0.75 });
    const between = ({ lat, lng }) => [...sketch.positions.slice(0, index + 1), [lng, lat], ...sketch.positions.slice(index + 1)];
    middle.on("drag", (event) => follow(sketch, between(event.latlng).map(at)));
    letGo(middle, (position, pixel) => {
      sketch.positions.splice(index + 1, 0, position);
      roughly(sketch, pixel);
    });
    return middle;
  }

  const shapes = new Map();
  const follow = (sketch, line) => (shapes.get(sketch) || []).forEach((shape) => shape.setLatLngs(line));

  function drawOne(sketch, index) {
    const current = index === K.current;
    const cls = `sketch${current ? " current" : ""}`;
    // the geodesic as the server computed it, as long as nothing was moved since
    const course = sketch.drawnFor === encodeOne(sketch) ? sketch.drawn : null;
    if (course && sketch.around) group.addLayer(L.geoJSON(sketch.around, { style: { className: "around", renderer: K.sketchRenderer }, interactive: false }));
    if (sketch.kind !== "points" && sketch.positions.length > 1) {
      const line = (course || sketch.positions).map(at);
      const make = sketch.kind === "area" && sketch.positions.length > 2 ? L.polygon : L.polyline;
      const renderer = K.sketchRenderer;
      const casing = make(line, { className: `${cls} casing`, renderer, interactive: false, fill: false, smoothFactor: 0 });
      const shape = make(line, { className: cls, renderer, smoothFactor: 0, fill: make === L.polygon, interactive: !K.pen && !current });
      shapes.set(sketch, [casing, shape]);
      group.addLayer(casing).addLayer(shape.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        K.current = index;
        if (K.tool !== "measure") return K.openTool("measure");
        K.drawSketches();
        K.sketchesChanged();
      }));
    }
    sketch.positions.forEach((position, i) => {
      const label = K.tool !== "roads" && sketch.labels && sketch.drawnFor === encodeOne(sketch) && sketch.labels[i];
      if (label) group.addLayer(L.marker(at(position), { icon: labelIcon(label), pane: "kh-sketch-mark", interactive: false, keyboard: false }));
      if (current && K.tool === "measure") group.addLayer(vertexHandle(sketch, i));
      else group.addLayer(L.marker(at(position), { icon: icon("vertex quiet", "<i></i>"), pane: "kh-sketch-mark", interactive: false, keyboard: false }));
    });
    if (current && K.tool === "measure" && !K.pen && sketch.kind !== "points" && sketch.positions.length > 1) {
      const ends = sketch.kind === "area" && sketch.positions.length > 2 ? sketch.positions.length : sketch.positions.length - 1;
      for (let i = 0; i < ends; i += 1) group.addLayer(middleHandle(sketch, i));
    }
  }

  function labelIcon(text) {
    const made = icon("measured");
    made.createIcon = () => {
      const box = L.DivIcon.prototype.createIcon.call(made);
      box.append(K.el("span", {}, text));
      return box;
    };
    return made;
  }

  K.drawSketches = () => {
    if (!K.sketchRenderer) {
      K.map.createPane("kh-sketch").style.zIndex = 610;
      K.map.createPane("kh-sketch-mark").style.zIndex = 660;
      K.sketchRenderer = L.svg({ pane: "kh-sketch", padding: 0.5 });
      group.addTo(K.map);
      K.map.on("zoomend", () => K.sketches.length && K.drawSketches()).on("moveend", K.placePills);
    }
    if (dragged) return;
    group.clearLayers();
    shapes.clear();
    K.sketches.forEach(drawOne);
    K.map.getContainer().classList.toggle("kh-drawing", Boolean(K.pen));
    K.map.doubleClickZoom[K.pen ? "disable" : "enable"]();
    K.placePills();
    if (K.started) K.placeLabels();
  };

  // The part of the map that no panel lies on.
  K.inSight = () => {
    const { left, top, right, bottom } = K.map.getContainer().getBoundingClientRect();
    const over = [K.dom.tool, K.dom.card].map((one) => one.getBoundingClientRect()).find((box) => box.width);
    if (!over) return { left, top, right, bottom };
    return K.dom.root.clientWidth > 700 ? { left, top, right: over.left, bottom } : { left, top, right, bottom: over.top };
  };

  // A pill is drawn into sight where its point is; of pills that would cover each other the later one stays, since it
  // has the sum.
  K.placePills = () => {
    const sight = K.inSight(), kept = [];
    for (const pill of [...K.map.getContainer().querySelectorAll(".kh-handle.measured span")].reverse()) {
      pill.hidden = false;
      pill.style.transform = "";
      const point = pill.parentElement.getBoundingClientRect(), { right, bottom } = pill.getBoundingClientRect();
      if (point.left >= sight.left && point.top >= sight.top && point.left < sight.right && point.top < sight.bottom)
        pill.style.transform = `translate(${Math.min(0, sight.right - 4 - right)}px, ${Math.min(0, sight.bottom - 4 - bottom)}px)`;
      const box = pill.getBoundingClientRect();
      const clear = kept.every((other) => box.right < other.left || other.right < box.left || box.bottom < other.top || other.bottom < box.top);
      pill.hidden = !clear;
      if (clear) kept.push(box);
    }
  };
  K.codeOfSketch = encodeOne;
})(window.Khorgos);
