// As of a year: what existed, what was announced, and what had been said by then.
(function (K) {
  "use strict";
  const STEP_MS = 900;
  let playing = 0;
  K.asOf = null;

  const year = (date) => Number(date.slice(0, 4));

  // How something stood at the end of the chosen year; without a year, how it stands.
  K.stateThen = (id) => {
    const card = K.words.cards[id];
    if (K.asOf === null || !card?.states) return card?.status;
    return card.states.findLast((state) => state.from <= K.asOf);
  };
  K.existsThen = (id) => K.stateThen(id)?.key !== "absent";

  // What is out of use today was in use then.
  K.inUseThen = (id) => K.words.cards[id]?.status.key === "historical" && K.stateThen(id).key === "existing";

  // States that are drawn in a way of their own under a year.
  K.STATES = ["undated", "under_construction", "closed"];

  K.saidThen = (said) => K.asOf === null || year(said.at) <= K.asOf;

  // The evidence begins with the year of the map. Streamlit reads the address again when it hears that it changed.
  let told;
  K.tellYear = (opened) => {
    if (told === undefined) told = opened ?? null;
    if (!K.started || K.asOf === told) return;
    told = K.asOf;
    try {
      window.parent.dispatchEvent(new PopStateEvent("popstate"));
    } catch {
      // a page of another origin around the map has no evidence to tell
    }
  };

  function drawTime() {
    const { first, last } = K.config.years;
    const stop = () => {
      clearInterval(playing);
      playing = 0;
      K.drawTime();
    };
    const play = () => {
      if (playing) return stop();
      if (K.still()) return K.setAsOf(K.asOf === null || K.asOf >= last ? first : K.asOf + 1);
      K.setAsOf(K.asOf === null || K.asOf >= last ? first : K.asOf);
      playing = setInterval(() => (K.asOf >= last ? stop() : K.setAsOf(K.asOf + 1)), STEP_MS);
      K.drawTime();
    };
    const slider = K.el("input", { type: "range", min: first, max: last, step: 1, "aria-label": K.say("asOfSlider"),
      oninput: () => K.setAsOf(Number(slider.value)) });
    K.dom.time.replaceChildren(
      K.el("button", { id: "kh-play", onclick: play }, "▶"), slider, K.el("span", {}, K.el("output", {}), K.el("small", {}, K.say("faint"))),
      K.el("button", { id: "kh-all-years", onclick: () => { stop(); K.setAsOf(null); slider.focus(); } }, K.say("allYears")));
  }

  K.drawTime = () => {
    if (!K.dom.time.hasChildNodes() || K.dom.time.lang !== K.words.lang) {
      K.dom.time.lang = K.words.lang;
      drawTime();
    }
    const [play, slider, when, all] = K.dom.time.children;
    const [output, why] = when.children;
    slider.value = K.asOf ?? K.config.years.last;
    output.textContent = K.asOf === null ? K.say("everyYear") : K.say("asOfYear", { year: K.asOf });
    all.hidden = K.asOf === null;
    // what does not move by itself goes on by a press a year
    const still = K.still() && !playing;
    play.textContent = playing ? "❚❚" : still ? "❙▶" : "▶";
    play.setAttribute("aria-label", K.say(playing ? "pause" : still ? "nextYear" : "play"));
    K.dom.time.classList.toggle("set", K.asOf !== null);
    // nobody should have to look for why a thing is faint
    why.hidden = K.asOf === null || !K.shownLayers().some((id) => K.words.layers[id].features.some((one) => K.words.cards[one].located && K.stateThen(one).key === "undated"));
  };

  K.setAsOf = (chosen) => {
    K.asOf = chosen;
    for (const layer of Object.values(K.layers)) K.syncTime(layer);
    K.drawTime();
    K.drawCard();
    K.markSelected();
    K.keepStop();
    K.placeLabels();
    K.syncList();
    K.toolYear();
    K.writeAddress();
  };
})(window.Khorgos);
