// The list beside the map: groups, layers with their toggles and legend, and every feature as a button.
(function (K) {
  "use strict";
  const featureButton = (id) => {
    const card = K.words.cards[id];
    return K.el("li", {},
      K.el("button", { class: "feature", "data-id": id, onclick: () => K.select(id, { from: "list" }) },
        card.name, card.bounds || card.away ? null : K.el("small", {}, ` ${K.say("unlocated")}`)));
  };

  function layerItem(id) {
    const words = K.words.layers[id];
    // a layer of entries without a place draws nothing, so there is nothing to show or hide
    const box = words.legend.length > 0 && K.el("input", { type: "checkbox", id: `layer-${id}`, onchange: () => K.showLayer(id, box.checked) });
    const details = K.el("details", { class: "features" },
      K.el("summary", {}, K.say("entries", { count: words.features.length }), K.el("span", { class: "sr" }, ` · ${words.name}`)),
      K.el("p", { class: "about" }, words.about),
      K.el("ul", {}, words.features.map(featureButton)));
    return K.el("li", { class: "layer", "data-layer": id },
      K.el("div", { class: "row" }, K.el(box ? "label" : "h3", box ? { for: `layer-${id}` } : {}, box, words.name)),
      K.el("ul", { class: "legend" }, words.legend.map(() => K.el("li", {}))),
      details);
  }

  // The link is made when it is followed, so that the file opens with what is seen now.
  function takeAlong() {
    if (K.config.standalone) return K.el("span", { hidden: true });
    return K.el("a", { class: "take-along", href: `${K.config.root}khorgos-map.html`, download: "khorgos-map.html",
      onclick: (event) => (event.currentTarget.search = K.pageAddress().search) }, K.say("takeAlong"));
  }

  // Beside a server the page has the switch; a map taken along has its own.
  function languages() {
    if (!K.config.standalone) return K.el("span", { hidden: true });
    return K.el("div", { class: "tools languages" }, Object.keys(K.config.files.words).map((lang) =>
      K.el("button", { lang, "aria-pressed": String(lang === K.lang), onclick: () => K.apply({ lang }) }, K.words.languages[lang])));
  }

  function basemapChoice() {
    const names = Object.entries(K.words.basemaps);
    return K.el("label", { class: "basemap" }, K.el("span", {}, K.say("basemap")),
      K.el("select", { id: "basemap", onchange: (event) => K.showBasemap(event.target.value) },
        names.map(([key, name]) => K.el("option", { value: key }, key === "local" ? name : `${name}: ${K.say("basemapOnline")}`))));
  }

  K.drawList = () => {
    const open = new Set([...K.dom.list.querySelectorAll("details[open]")].map((d) => d.closest(".layer").dataset.layer));
    const scroll = K.dom.list.scrollTop;
    const typed = K.dom.list.querySelector("#kh-search")?.value || "";
    K.dom.list.replaceChildren(
      K.el("button", { class: "close", id: "kh-list-close", "aria-label": K.say("close"), onclick: () => K.openPanel(false) }, "×"),
      K.el("div", { class: "tools" },
        K.el("button", { id: "intro-open", onclick: () => K.openIntro() }, K.say("intro")),
        K.el("button", { onclick: () => K.home() }, K.say("resetView")), ...K.toolButtons()),
      languages(),
      ...K.searchBox(),
      ...K.words.groups.map((group) => K.el("section", {}, K.el("h2", {}, group.name), K.el("ul", { class: "layers" }, group.layers.map(layerItem)))),
      K.el("section", { class: "reading" }, K.el("h2", {}, K.say("reading")), K.el("ul", { id: "notes" })),
      K.el("section", {}, basemapChoice(), takeAlong()));
    for (const id of open) K.dom.list.querySelector(`[data-layer="${id}"] details`).open = true;
    K.dom.list.scrollTop = scroll;
    if (typed) K.searchAgain(typed);
    K.syncList();
  };

  const NOTE_SAMPLES = {
    halo: { area: true, cls: "kh k-zone side-KZ halo" },
    schematic: { area: true, cls: "kh k-zone side-KZ b-schematic" },
    planned: { area: true, cls: "kh s-planned extent" },
    fallbackLabel: { words: true },
    historical: { mark: "diamond", cls: "kh k-checkpoint side-KZ s-historical" },
    undated: { mark: "square", cls: "kh k-railway-station side-KZ then-undated" },
    under_construction: { area: true, cls: "kh k-zone side-KZ then-under_construction" },
    closed: { area: true, cls: "kh k-zone side-KZ then-closed" },
  };

  const noteSample = (sample) => (sample.words ? K.el("span", { class: "sample", lang: "en" }, K.el("span", { class: "fallback" }, "Abc")) : K.sample(sample));
  const faded = (id) => K.words.cards[id].status.key === "historical" && K.existsThen(id) && !K.inUseThen(id);

  // A line that stands for what was in use then says so, and no two lines of a layer say the same.
  function syncLegend(items, lines) {
    const said = new Set();
    lines.forEach((line, i) => {
      const drawn = line.features.filter(K.existsThen);
      const inUse = line.then && drawn.every(K.inUseThen);
      const text = inUse ? line.then : line.text;
      items[i].hidden = !drawn.length || said.has(text);
      if (drawn.length) said.add(text);
      items[i].replaceChildren(K.sample(inUse ? { ...line, cls: line.cls.replace("s-historical", "s-existing") } : line), text);
    });
  }

  // What the list says always follows the map: boxes, legend lines and notes of what is shown.
  K.syncList = K.once(() => {
    if (!K.words) return;
    const notes = new Set();
    for (const item of K.dom.list.querySelectorAll(".layer")) {
      const { shown } = K.layers[item.dataset.layer];
      const box = item.querySelector("input");
      if (box) box.checked = shown;
      item.querySelector(".legend").hidden = !shown;
      const words = K.words.layers[item.dataset.layer];
      syncLegend([...item.querySelectorAll(".legend li")], words.legend);
      if (shown && words.features.some((id) => K.words.cards[id].labelMissing && K.words.cards[id].located)) notes.add("fallbackLabel");
      if (shown && K.asOf !== null) words.features.filter((id) => K.words.cards[id].located).map((id) => K.stateThen(id).key).filter((key) => K.STATES.includes(key)).forEach((key) => notes.add(key));
      if (shown) words.notes.filter((note) => note !== "historical" || words.features.some(faded)).forEach((note) => notes.add(note));
    }
    K.drawTime();
    const place = K.dom.list.querySelector("#notes");
    place?.replaceChildren(...Object.keys(NOTE_SAMPLES).filter((key) => notes.has(key))
      .map((key) => K.el("li", {}, noteSample(NOTE_SAMPLES[key]), K.say(key))));
    const select = K.dom.list.querySelector("#basemap");
    if (select) select.value = K.base;
    for (const button of K.dom.list.querySelectorAll(".feature"))
    {
      button.ariaCurrent = button.dataset.id === K.selected ? "true" : null;
      button.classList.toggle("not-then", !K.existsThen(button.dataset.id));
    }
  });
})(window.Khorgos);
