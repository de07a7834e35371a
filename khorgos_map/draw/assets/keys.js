// The shapes that open cards, for keyboards and screen readers: buttons with the names of what they show. They are one
// Tab stop, with arrow keys from one to the next, as WAI-ARIA practices advise for what has many parts, so that nobody has
// to pass 81 of them; a screen reader finds each by itself, and the list has them all again.
(function (K) {
  "use strict";
  const shapes = new Map(); // record id -> the markers and paths of it that can be clicked
  let stop = null; // the id of the shape that Tab goes to
  let chosen = false; // whether that is where somebody went

  // Of a record drawn in parts the first has the name and the focus, and all show it.
  const element = (id) => shapes.get(id)?.[0].getElement();
  const onMap = (id) => shapes.has(id) && K.map.hasLayer(shapes.get(id)[0]);

  function describe(id, part) {
    const node = part.getElement();
    node.dataset.shape = id;
    if (part !== shapes.get(id)[0]) return node.setAttribute("aria-hidden", "true");
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", id === stop ? "0" : "-1");
    node.setAttribute("aria-label", K.words.cards[id].name);
  }
  K.addShape = (id, parts) => {
    shapes.set(id, [...(shapes.get(id) || []), ...parts]);
    for (const part of parts) part.on("add", () => describe(id, part)); // an element is made whenever a part is shown
  };
  K.nameShapes = () => {
    const pane = K.map.getPane("mapPane");
    pane.setAttribute("role", "group");
    pane.setAttribute("aria-label", K.say("shapes"));
    for (const id of [...shapes.keys()].filter(onMap)) element(id).setAttribute("aria-label", K.words.cards[id].name);
  };

  function seen(part, { ground, box }) {
    if (part.getLatLng) return ground.contains(part.getLatLng());
    if (part instanceof L.Polygon || !ground.intersects(part.getBounds())) return ground.intersects(part.getBounds());
    const lines = L.LineUtil.isFlat(part.getLatLngs()) ? [part.getLatLngs()] : part.getLatLngs();
    return lines.some((line) => line.map((position) => K.map.latLngToContainerPoint(position))
      .some((end, i, all) => i && L.LineUtil.clipSegment(all[i - 1], end, box)));
  }
  function sight() {
    const { left, top } = K.map.getContainer().getBoundingClientRect();
    const open = K.inSight();
    const corners = [[open.left - left, open.top - top], [open.right - left, open.bottom - top]];
    return { box: L.bounds(corners), ground: L.latLngBounds(corners.map((corner) => K.map.containerPointToLatLng(corner))) };
  }
  const isSeen = (where) => (id) => onMap(id) && shapes.get(id).some((part) => seen(part, where));
  // In the order of the list.
  const listed = () => K.words.groups.flatMap((group) => group.layers).flatMap((layer) => K.words.layers[layer].features);

  function setStop(id) {
    if (onMap(stop)) element(stop).setAttribute("tabindex", "-1");
    stop = id;
    if (onMap(stop)) element(stop).setAttribute("tabindex", "0");
  }
  // Tab goes to a shape that is seen.
  K.keepStop = K.once(() => {
    if (!K.words || document.activeElement.dataset.shape) return;
    const here = isSeen(sight());
    if (chosen && here(stop)) return;
    setStop(listed().find(here) || null);
    chosen = false;
  });

  K.focusShape = (id) => {
    if (!onMap(id)) return K.map.getContainer().focus({ preventScroll: true });
    setStop(id);
    chosen = true;
    element(id).focus({ preventScroll: true });
  };

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  function follow(id, key) {
    const all = listed().filter(isSeen(sight()));
    if (key === "Home") K.focusShape(all[0] || id);
    else if (key === "End") K.focusShape(all.at(-1) || id);
    else if (key in STEPS) K.focusShape(all.at((all.indexOf(id) + STEPS[key]) % all.length) || id);
    else if (["Enter", " "].includes(key)) {
      const [part] = shapes.get(id);
      const latlng = part.getLatLng?.() || part.getCenter();
      if (!K.takeClick({ latlng })) K.select(id, { from: "shape" });
    } else return false;
    return true;
  }

  K.listenToKeys = (map) => {
    const place = map.getContainer();
    place.addEventListener("keydown", (event) => {
      const { shape } = event.target.dataset;
      if (!shape || event.ctrlKey || event.altKey || event.metaKey || !follow(shape, event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    const mark = ({ type, target }) => {
      const focused = type === "focusin" && target.matches(":focus-visible");
      for (const part of shapes.get(target.dataset.shape) || []) part.getElement()?.classList.toggle("focused", focused);
    };
    place.addEventListener("focusin", mark);
    place.addEventListener("focusout", mark);
    place.addEventListener("focusout", K.keepStop);
    // a click leaves the focus with the map, whose arrow keys move it
    place.addEventListener("mousedown", (event) => event.target.closest("[data-shape]") && event.preventDefault());
  };
})(window.Khorgos);
