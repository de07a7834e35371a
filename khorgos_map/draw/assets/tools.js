// The tools, measuring and roads: one panel in the card's place; the server computes, the browser draws.
(function (K) {
  "use strict";
  const { el } = K;
  const tools = {};
  K.tool = null;

  // What the server says it cannot do is told where it was asked, in the server's own words.
  K.send = async (what, values, options) => {
    const query = new URLSearchParams({ ...values, lang: K.lang });
    const headers = options?.body ? { "content-type": "application/octet-stream" } : {}; // what no form can send
    const response = await fetch(`${K.config.root}${what}?${query}`, { ...options, headers }).catch(() => null);
    if (response?.ok) return response;
    const refused = await response?.json().catch(() => null);
    throw new Error(refused?.error || K.say("noServer"));
  };
  K.ask = async (...words) => (await K.send(...words)).json();

  // Only the answer to the last question counts.
  K.lastOnly = (ask) => {
    let turn = 0;
    return async (...words) => {
      const mine = (turn += 1);
      const answer = await ask(...words).catch((error) => {
        if (mine === turn) throw error;
      });
      return mine === turn ? answer : null;
    };
  };

  K.addTool = (name, tool) => (tools[name] = tool);

  K.toolButtons = () => (K.config.standalone ? [] : Object.keys(tools).map((name) =>
    el("button", { id: `tool-${name}`, "aria-pressed": String(K.tool === name), onclick: () => K.openTool(K.tool === name ? null : name) }, K.say(name))));

  K.openTool = (name) => {
    const before = K.tool;
    if (K.tool) tools[K.tool].leave();
    K.tool = tools[name] && !K.config.standalone ? name : null;
    if (K.tool) {
      if (K.selected) K.select(null, {});
      K.closeIntro();
      K.openPanel(false);
    }
    K.drawTool();
    if (K.tool) K.dom.tool.querySelector("h2").focus({ preventScroll: true });
    else if (before) {
      const button = document.getElementById(`tool-${before}`);
      (button?.checkVisibility({ visibilityProperty: true }) ? button : K.dom.opener).focus(); // on a phone the list is away
    }
    K.writeAddress();
  };

  K.drawTool = () => {
    const panel = K.dom.tool;
    panel.hidden = !K.tool;
    K.dom.root.classList.toggle("with-tool", Boolean(K.tool));
    for (const name of Object.keys(tools)) document.getElementById(`tool-${name}`)?.setAttribute("aria-pressed", String(K.tool === name));
    if (!K.tool) {
      panel.replaceChildren();
      K.placePills();
      return K.started && K.placeLabels();
    }
    panel.setAttribute("aria-label", K.say(K.tool));
    const place = el("div", { class: "body" });
    panel.replaceChildren(K.placeNames(),
      el("header", {}, el("h2", { tabindex: "-1" }, K.say(K.tool)),
        el("button", { class: "close", "aria-label": K.say("close"), onclick: () => K.openTool(null) }, "×")), place);
    tools[K.tool].draw(place);
    K.placeLabels();
  };

  // A click on the map or on a mark belongs to the open tool first; marks near the click draw it to them.
  const SNAP_PX = 13;
  K.snap = (latlng) => {
    const at = K.map.latLngToContainerPoint(latlng);
    let best = { position: [latlng.lng, latlng.lat], far: SNAP_PX };
    for (const layer of Object.values(K.layers))
      for (const [id, parts] of layer.shown ? layer.parts.filter(([one]) => K.existsThen(one)) : [])
        for (const part of parts) {
          const far = part instanceof L.Marker ? K.map.latLngToContainerPoint(part.getLatLng()).distanceTo(at) : Infinity;
          if (far < best.far) best = { far, id, name: K.words.cards[id].name, position: [part.getLatLng().lng, part.getLatLng().lat] };
        }
    return best;
  };
  // With the Alt key held down a click stays where it is.
  K.takeClick = (event) => {
    if (!K.tool || !event.latlng) return false;
    const free = { position: [event.latlng.lng, event.latlng.lat] };
    return tools[K.tool].click(event.originalEvent?.altKey ? free : K.snap(event.latlng)) !== false;
  };

  // A panel is drawn anew with every answer; what is scrolled and what has the focus stay as they were.
  // What is gone gives the focus to what it was part of, else to the heading: never to what stands in its place now.
  const NAMES = ["id", "data-act", "data-pen", "data-format", "data-profile", "data-way"];
  function namesFrom(node, place) {
    const found = [];
    for (; node && node !== place; node = node.parentElement) {
      const name = NAMES.find((one) => node.hasAttribute(one));
      if (name) found.push(`[${name}="${CSS.escape(node.getAttribute(name))}"]`);
    }
    return found;
  }
  // What is pressed stays until it is let go, or its click would meet nothing; what is half typed stays half typed.
  let pressed = false, putOff = null;
  document.addEventListener("pointerdown", () => (pressed = true), true);
  for (const end of ["pointerup", "pointercancel"])
    document.addEventListener(end, () => {
      pressed = false;
      setTimeout(() => putOff?.());
    }, true);
  // What was typed before the field was drawn anew is for the browser no change when it is left.
  function typeAgain(field, typed) {
    let told = false;
    field.value = typed;
    const tell = () => !told && field.value !== field.defaultValue && field.dispatchEvent(new Event("change"));
    field.addEventListener("change", () => (told = true));
    field.addEventListener("blur", tell);
    field.addEventListener("keyup", (event) => event.key === "Enter" && tell());
  }
  K.redraw = (place, make) => {
    putOff = pressed ? () => K.redraw(place, make) : null;
    if (putOff) return;
    const active = place.contains(document.activeElement) ? document.activeElement : null;
    const held = active && namesFrom(active, place), caret = active?.selectionStart;
    const typed = active?.matches("input") && active.value !== active.defaultValue ? active.value : null;
    const nodes = make().filter(Boolean), scrolled = K.dom.tool.scrollTop;
    if (typed !== null) active.value = active.defaultValue; // or the browser calls it a change as it takes the field away
    place.replaceChildren(...nodes);
    K.dom.tool.scrollTop = scrolled;
    K.placePills();
    if (!held) return;
    const again = held.map((name) => place.querySelector(name)).find((node) => node && !node.disabled) || K.dom.tool.querySelector("h2");
    again.focus({ preventScroll: true });
    if (again.id !== active.id) return;
    if (typed !== null) typeAgain(again, typed);
    if (Number.isInteger(caret)) again.setSelectionRange(caret, caret);
  };
  // A change that Tab has made is followed once the focus has moved on; what is followed is typed no longer.
  K.afterFocus = (follow) => ({ target }) => setTimeout(() => {
    target.defaultValue = target.value;
    follow({ target });
  });

  // Fits the map to what a tool found, beside the panel and not below it.
  K.fitBeside = (bounds, options) => {
    if (!bounds.isValid()) return;
    const wide = K.dom.root.clientWidth > 700;
    const { offsetWidth, offsetHeight } = K.tool ? K.dom.tool : K.dom.card;
    // half of a phone's map lies under the sheet, so the map may be moved that much farther
    if (!wide) K.map.options.maxBounds = L.latLngBounds(K.map.options.maxBounds).extend([10, 81]);
    K.map.fitBounds(bounds, { animate: false, maxZoom: 15, paddingTopLeft: [40, 40], paddingBottomRight: wide ? [offsetWidth + 40, 60] : [40, offsetHeight + 30], ...options });
  };

  // What is chosen by its name needs the room of the tool for its card.
  const select = K.select;
  K.select = (id, how) => {
    if (id && K.tool) K.openTool(null);
    select(id, how);
  };

  K.toolYear = () => K.tool && tools[K.tool].year?.();
  K.toolKey = (event) => Boolean(K.tool) && tools[K.tool].key?.(event) === true;

  // One pixel of Web Mercator on the ground: how far off a click may be.
  K.pixelM = () => {
    const { lat } = K.map.getCenter();
    return (40075016.686 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** K.map.getZoom());
  };

  K.table = (head, rows, cls) => el("table", { class: cls },
    el("thead", {}, el("tr", {}, head.map((cell) => (cell ? el("th", { scope: "col" }, cell) : el("td"))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell))))));
  K.terms = (pairs) => el("dl", {}, pairs.flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, value)]));
  K.choice = (id, label, options, chosen, onchange) => el("label", { class: "choice", for: id }, el("span", {}, label),
    el("select", { id, onchange: K.afterFocus(({ target }) => onchange(target.value)) },
      options.map(([value, text]) => el("option", { value, selected: value === chosen }, text))));
})(window.Khorgos);
