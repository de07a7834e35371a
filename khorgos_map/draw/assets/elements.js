// Building the page out of elements. Words are only ever set as text, so no record can become markup.
(function (K) {
  "use strict";
  K.el = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  };

  // A text as the markup that Leaflet wants in some places.
  K.markup = (text) => K.el("span", {}, text).innerHTML;

  // A small drawing of how something looks on the map, with the same classes as on the map.
  K.sample = ({ mark, line, area, cls }) => {
    const box = K.el("span", { class: "sample", "aria-hidden": "true" });
    if (mark) box.innerHTML = K.markSvg(mark, cls);
    const band = / b-schematic/.test(cls) && line ? `<rect class="${cls} corridor" y="3" width="34" height="18"/>` : "";
    if (line)
      box.innerHTML =
        `<svg width="34" height="24">${band}<path class="${cls} casing" d="M1 12H33"/><path class="${cls}" d="M1 12H33"/></svg>`;
    if (area) box.innerHTML = `<svg width="34" height="24"><rect class="${cls}" x="3" y="4" width="28" height="16" rx="2"/></svg>`;
    return box;
  };

  K.say = (key, values) =>
    (K.words.messages[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));

  // Positions are longitude first, as in the files; Leaflet has the latitude first.
  K.at = ([lon, lat]) => [lat, lon];

  // Some private windows refuse to remember, and what is remembered may not be as it was left: then there is nothing.
  K.storage = (action) => {
    try {
      return action(window.localStorage);
    } catch {
      return null;
    }
  };

  // What a map taken along carries is packed as it would be sent: gzip, in base64.
  const unpacked = (packed) => {
    const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  };

  // What many changes at once ask for is done once, before the browser draws.
  K.once = (act, when = queueMicrotask) => {
    let asked = false;
    return () => {
      if (!asked) when(() => {
        asked = false;
        act();
      });
      asked = true;
    };
  };

  const files = {};
  K.fetchJson = (name) => {
    if (K.carried) return (files[name] = files[name] || unpacked(K.carried[name]));
    files[name] = files[name] || fetch(K.config.root + name).then((response) => {
      if (!response.ok) throw new Error(`${response.status} ${name}`);
      return response.json();
    });
    files[name].catch(() => delete files[name]);
    return files[name];
  };

  // Messages stay until they are closed or put right; each has a key, so that none is shown twice.
  K.message = (key, text, action) => {
    const box = K.dom.messages;
    K.clearMessage(key);
    box.append(
      K.el("div", { class: "message", "data-key": key }, K.el("p", {}, text), action || null,
        K.el("button", { class: "close", "aria-label": K.say("close"), onclick: () => K.clearMessage(key) }, "×")));
  };
  K.clearMessage = (key) => {
    for (const message of [...K.dom.messages.children]) if (message.dataset.key === key) message.remove();
  };
})(window.Khorgos);
