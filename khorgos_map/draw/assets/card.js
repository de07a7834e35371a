// The fact card of what is selected.
(function (K) {
  "use strict";
  const { el } = K;
  const section = (title, ...children) => el("section", {}, el("h3", {}, title), ...children);

  function sourceLine(source) {
    const title = source.url ? el("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, source.title) : source.title;
    const rest = [source.publisher, source.published, source.seen, source.accessed && K.say("accessed", { date: source.accessed })];
    return [title, el("span", {}, ` · ${rest.filter(Boolean).join(" · ")}`)];
  }

  const evidence = (said) => K.terms([
    [K.say("source"), sourceLine(said.source)],
    [K.say("where"), said.locator],
    [K.say("asOf"), said.asOf],
    [K.say("confidence"), said.confidence],
  ].filter(([, value]) => value));

  const badge = (status) => el("span", { class: `badge c-${status.key}` }, status.text);

  const statusBadge = (card) =>
    K.inUseThen(card.id) ? el("span", { class: "badge st-existing" }, K.say("inUseThen", { year: K.asOf }))
      : stateBadge(K.existsThen(card.id) ? K.stateThen(card.id) : card.status);
  const stateBadge = ({ key, text }) => el("span", { class: `badge st-${key}` }, text);

  const rival = (said) => el("li", { class: "rival", "data-claim": said.id },
    el("details", {}, el("summary", {}, el("b", {}, said.value || said.claimant), ` ${said.value ? `${said.claimant}, ` : ""}${said.asOf}`),
      el("p", {}, said.statement), evidence(said)));

  // As of an earlier year the best of what had been said by then stands in front.
  const factItem = (whole) => {
    const said = [whole, ...(whole.rivals || [])].filter(K.saidThen);
    const { attribute } = whole;
    const rivals = said.slice(1);
    return factLine({ ...said[0], attribute, rivals: rivals.length ? rivals : null, rank: said[0].rank });
  };

  // The rival values on one axis, so that it is seen at a glance how far apart they are.
  function strip(fact) {
    const said = [fact, ...(fact.rivals || [])].filter((s) => s.number !== undefined && s.unit === fact.unit);
    const numbers = said.map((s) => s.number);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    if (least === most || fact.number === undefined) return null;
    const x = (number) => 8 + (304 * (number - least)) / (most - least);
    const box = el("div", { class: "strip", "aria-hidden": "true" });
    const dots = said.map((s, i) => `<circle cx="${x(s.number).toFixed(1)}" cy="9" r="${i ? 4 : 6}" class="${i ? "rival" : "own"}"/>`);
    box.innerHTML = `<svg viewBox="0 0 320 18"><path d="M8 9H312"/>${dots.reverse().join("")}</svg>`;
    const ends = [least, most].map((end) => said.find((s) => s.number === end).value);
    box.append(el("p", {}, el("span", {}, ends[0]), el("span", {}, ends[1])));
    return box;
  }

  const factLine = (fact) => el("li", { class: `fact rank-${fact.rank}`, "data-claim": fact.id },
    el("div", { class: "figure" }, el("span", { class: "attribute" }, fact.attribute), fact.value && el("b", {}, fact.value), badge(fact.status)),
    el("p", { class: "said" }, `${fact.claimant} · ${fact.asOf}`,
      el("span", { class: "confidence" }, ` · ${K.say("confidence")}: ${fact.confidence}`)),
    el("p", {}, fact.statement),
    fact.rivals && el("div", { class: "rivals" }, el("h4", {}, K.say("rivals")), strip(fact), el("ul", {}, fact.rivals.map(rival))),
    el("details", {}, el("summary", {}, K.say("whoSays")), evidence(fact), fact.rankReason && el("p", {}, fact.rankReason)));

  function factList(facts) {
    const said = facts.filter((fact) => K.saidThen(fact) || fact.rivals?.some(K.saidThen));
    const later = facts.length - said.length;
    return [
      said.length ? el("ul", { class: "facts" }, said.map(factItem)) : !later && el("p", {}, K.say("noFacts")),
      later > 0 && el("p", { class: "later" }, K.say("saidLater", { count: later, year: K.asOf })),
    ];
  }

  const link = (id) => el("button", { class: "feature", onclick: () => K.select(id, { from: "list" }) }, K.words.cards[id].name);

  function content(card) {
    return [
      el("p", { class: "badges" }, card.isThing && statusBadge(card),
        el("span", { class: "badge plain" }, card.kind), !card.away && el("span", { class: "badge plain" }, card.side),
        card.period && el("span", { class: "badge plain" }, card.period),
        card.about && el("span", { class: "badge plain", title: K.say("precision") }, card.about)),
      K.stateThen(card.id).key === "undated" && el("p", { class: "later" }, K.say(card.dated ? "beforeUnknown" : "sinceUnknown")),
      ...(card.closures || []).filter(K.saidThen).map((closure) => el("p", { class: "later" }, closure.text)),
      !K.existsThen(card.id) && el("p", { class: "later" }, K.say("notThen", { year: K.asOf })),
      el("p", {}, card.description),
      card.wayTo && !K.config.standalone && el("p", {}, el("button", { "data-act": "way", onclick: () => K.wayTo(card.wayTo, card.wayBy) }, K.say("wayHere"))),
      section(K.say("facts"), factList(card.facts || [])),
      card.computed && section(K.say("computed"), K.terms(card.computed.map(({ label, value }) => [label, value]))),
      section(K.say("precision"), el("p", {}, card.precision), card.fitted && el("p", {}, K.say("fitted"))),
      card.sections && section(K.say("sections"),
        el("ul", { class: "sections" }, card.sections.map((s) => el("li", { class: `b-${s.basis}` }, `${s.text} (${s.precision})`)))),
      card.within && section(K.say("within"), link(card.within)),
      card.parts && section(K.say("parts"), el("ul", { class: "links" }, card.parts.map((id) => el("li", {}, link(id))))),
      card.names && section(K.say("names"),
        el("ul", { class: "names" }, card.names.map((n) => el("li", {}, el("span", { lang: n.lang, dir: "auto" }, n.text), el("small", {}, ` ${n.basis}`))))),
      card.corrections && el("details", {}, el("summary", {}, `${K.say("corrections")}: ${card.corrections.length}`), el("ul", {}, card.corrections.map((c) => el("li", {}, c)))),
      el("details", {}, el("summary", {}, K.say("sources")),
        el("ul", {}, card.sources.map((source) => el("li", {}, sourceLine(source)))),
        el("p", {}, `${K.say("licence")}: ${card.licence}`)),
      card.facts && !K.config.standalone && el("p", {}, el("a", { href: evidenceOf(card.id), target: "_blank", onclick: (event) => (event.currentTarget.href = evidenceOf(card.id)) }, K.say("inTable"))),
      el("p", { class: "credit" }, K.say("credit")),
    ].filter(Boolean);
  }

  function evidenceOf(id) {
    const address = K.pageAddress();
    address.searchParams.set("mode", "evidence");
    address.searchParams.set("sel", id);
    return address.href;
  }

  K.drawCard = () => {
    const card = K.words.cards[K.selected];
    K.dom.card.hidden = !card;
    K.dom.root.classList.toggle("with-card", Boolean(card));
    if (!card) return K.dom.card.replaceChildren();
    const heading = el("h2", { tabindex: "-1" }, card.name, card.nameMissing && el("small", {}, ` ${K.say("fallbackName")}`),
      card.nameBasis && el("small", { class: "name-basis" }, ` ${K.say("names")}: ${card.nameBasis}`));
    K.dom.card.replaceChildren(
      el("header", {}, heading, el("button", { class: "close", "aria-label": K.say("close"), onclick: () => K.select(null, {}) }, "×")),
      el("div", { class: "body" }, content(card)));
    K.dom.card.scrollTop = 0;
  };

  // A claim that was looked for is opened, marked and brought into view.
  K.showClaim = (id) => {
    const line = K.dom.card.querySelector(`[data-claim="${CSS.escape(id)}"]`);
    if (!line) return;
    const details = line.matches(".rival") ? line.querySelector("details") : null;
    if (details) details.open = true;
    line.classList.add("found");
    line.scrollIntoView({ block: "center" });
  };

  // What is selected, and what was in use as of the chosen year, bear a class of their own.
  K.markSelected = () => {
    const card = K.words.cards[K.selected];
    // what has no shape of its own is shown by its parts, or by what it lies within
    const chosen = new Set(!card || card.located ? [K.selected] : card.parts || [card.within]);
    for (const [id, layers] of Object.entries(K.drawn))
      for (const layer of layers) {
        const paths = layer.getLayers ? layer.getLayers() : [layer];
        for (const path of paths) {
          path.getElement?.()?.classList.toggle("sel", chosen.has(id));
          path.getElement?.()?.classList.toggle("in-use", K.inUseThen(id));
          for (const state of K.STATES) path.getElement?.()?.classList.toggle(`then-${state}`, K.asOf !== null && K.stateThen(id)?.key === state);
        }
      }
  };

  // Fly only as far as needed: a place already in view, at a scale at which it can be seen, stays where it is.
  function bring(card) {
    if (!card.bounds) return;
    const [west, south, east, north] = card.bounds;
    const bounds = L.latLngBounds([south, west], [north, east]);
    const wide = K.dom.root.clientWidth > 700;
    const padding = wide ? { paddingTopLeft: [30, 30], paddingBottomRight: [K.dom.card.offsetWidth + 40, 30] }
      : { paddingTopLeft: [20, 20], paddingBottomRight: [20, K.dom.card.offsetHeight + 20] };
    K.map.fitBounds(bounds, { ...padding, maxZoom: Math.max(K.map.getZoom(), 13), animate: true });
  }

  // on a phone the list is away
  const listed = (id) => [...K.dom.list.querySelectorAll(`[data-id="${CSS.escape(id)}"]`)]
    .find((button) => button.checkVisibility({ visibilityProperty: true })) || K.dom.opener;
  let giveBack = null; // gives the focus back to what opened the card, which may be drawn anew meanwhile
  // `from` is the list, a shape that was reached by keyboard, or else the map.
  K.select = (id, { from, claim, keepLayers }) => {
    K.selected = id && Object.hasOwn(K.words.cards, id) ? id : null;
    const card = K.words.cards[K.selected];
    if (card) {
      K.closeIntro();
      const parent = card.located ? null : K.words.cards[card.within];
      for (const needed of keepLayers ? [] : [card, parent].filter(Boolean))
        if (!K.layers[needed.layer].shown) K.showLayer(needed.layer, true);
    }
    K.dom.spoken.textContent = card ? card.name : "";
    K.drawCard();
    K.markSelected();
    if (card && ["list", "shape"].includes(from)) {
      giveBack = from === "list" ? () => listed(id).focus() : () => K.focusShape(id);
      K.openPanel(false);
      if (from === "list") bring(card);
      K.dom.card.querySelector("h2").focus({ preventScroll: true });
      if (claim) K.showClaim(claim);
    } else if (!card && giveBack) {
      giveBack();
      giveBack = null;
    }
    K.placeLabels();
    K.syncList();
    K.writeAddress();
  };
})(window.Khorgos);
