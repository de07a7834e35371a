// The address bar: the browser alone owns layers, position, basemap and selection, and writes them there.
(function (K) {
  "use strict";
  const target = () => {
    try {
      return window.parent.location.href ? window.parent : window;
    } catch {
      return window; // another origin shows the map in a frame: then the frame's own address is kept
    }
  };

  K.pageAddress = () => new URL(target().location.href);

  function write() {
    const page = target();
    const url = new URL(page.location.href);
    const { lat, lng } = K.map.getCenter();
    const shown = K.shownLayers();
    const usual = K.config.layers.filter((id) => K.config.shown.includes(id));
    const values = {
      at: `${lat.toFixed(5)},${lng.toFixed(5)},${K.map.getZoom()}`,
      layers: shown.join() === usual.join() ? null : shown.join() || "none",
      base: K.base === "local" ? null : K.base,
      sel: K.selected,
      asof: K.asOf,
      lang: K.lang,
      mode: K.mode === K.config.mode ? null : K.mode,
      ...K.sketchWords(),
      ...K.routeWords(),
    };
    for (const [name, value] of Object.entries(values))
      if (value === null || value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    url.search = url.search.replace(/%2C/g, ",").replace(/%3B/g, ";").replace(/%3A/g, ":");
    if (url.href !== page.location.href) page.history.replaceState(page.history.state, "", url);
  }

  // Without a server the map reads its address itself; the rules are those of the server.
  const POSITION = /^(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?),(\d{1,2})$/;
  K.readAddress = () => {
    const parameters = new URLSearchParams(window.location.search);
    const known = (name, values) => (values.includes(parameters.get(name)) ? parameters.get(name) : null);
    const at = POSITION.exec(parameters.get("at") || "");
    const listed = parameters.get("layers");
    const year = /^\d{4}$/.test(parameters.get("asof")) ? Number(parameters.get("asof")) : null;
    const { first, last } = K.config.years;
    const layers = listed && listed.split(",").filter((id) => K.config.layers.includes(id));
    return {
      lang: known("lang", Object.keys(K.config.files.words)),
      layers: listed === "none" ? [] : layers?.length ? layers : null,
      at: at && at.slice(1).map(Number),
      base: known("base", Object.keys(K.config.online)),
      sel: parameters.get("sel"),
      asof: year >= first && year <= last ? year : null,
    };
  };

  let timer = 0;
  K.writeAddress = () => {
    if (!K.started) return;
    clearTimeout(timer);
    timer = setTimeout(write, 200); // browsers refuse more than a few hundred address changes a minute
  };
})(window.Khorgos);
