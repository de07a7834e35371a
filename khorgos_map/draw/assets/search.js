// Search over places, facts and sources in any language; the index is fetched when somebody begins to search.
(function (K) {
  "use strict";
  const MOST = 40;
  const LETTERS = { "ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и", "ё": "е" };
  const fold = (text) =>
    text.toLowerCase().replace(/[әғқңөұүһіё]/g, (letter) => LETTERS[letter]).normalize("NFKD").replace(/\p{M}/gu, "");

  const rank = (entry, query) => {
    if (entry.claim) return 3;
    const lines = entry.text.split("\n");
    return lines.some((line) => line.startsWith(query)) ? 1 : 2;
  };

  // Words are found from their beginning; Chinese, which has no gaps between words, anywhere.
  function wordStart(part) {
    if (!/^[\p{Script=Latin}\p{Script=Cyrillic}\p{N}]/u.test(part)) return (text) => text.includes(part);
    const escaped = part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const start = new RegExp(`(^|[^\\p{L}\\p{N}])${escaped}`, "u");
    return (text) => start.test(text);
  }

  function find(entries, typed) {
    const query = fold(typed.trim());
    const parts = query.split(/\s+/);
    const tests = parts.map(wordStart);
    const found = entries.filter(({ text }) => tests.every((test) => test(text)));
    return found.sort((a, b) => rank(a, query) - rank(b, query)).slice(0, MOST);
  }

  const factOf = (card, claim) => {
    for (const fact of card.facts || [])
      for (const said of [fact, ...(fact.rivals || [])]) if (said.id === claim) return { ...said, attribute: fact.attribute };
    return null;
  };

  function result(entry) {
    const card = K.words.cards[entry.id];
    const fact = entry.claim && factOf(card, entry.claim);
    const about = fact ? [...new Set([fact.attribute, fact.value, fact.claimant, fact.asOf, fact.source.publisher])].filter(Boolean).join(" · ") : card.kind;
    return K.el("li", {}, K.el("button", { class: "feature result", "data-id": entry.id, "data-claim": entry.claim,
      onclick: () => K.select(entry.id, { from: "list", claim: entry.claim }) },
      card.name, K.el("small", {}, about)));
  }

  let last = 0;
  async function search(typed) {
    const turn = (last += 1);
    const results = K.dom.results;
    K.dom.list.classList.toggle("searching", Boolean(typed.trim()));
    if (!typed.trim()) return results.replaceChildren();
    try {
      const entries = await K.fetchJson(K.config.files.search);
      if (turn !== last) return;
      const found = find(entries, typed);
      results.replaceChildren(...(found.length ? found.map(result) : [K.el("li", {}, K.say("nothingFound", { typed: typed.trim() }))]));
    } catch {
      results.replaceChildren(K.el("li", {}, K.say("searchFailed")));
    }
  }

  K.searchBox = () => {
    const box = K.el("input", { type: "search", id: "kh-search", placeholder: K.say("search"), "aria-label": K.say("search"),
      oninput: () => search(box.value) });
    K.dom.results = K.el("ul", { id: "kh-results", "aria-live": "polite" });
    return [box, K.dom.results];
  };
  K.searchAgain = (typed) => {
    const box = K.dom.list.querySelector("#kh-search");
    box.value = typed;
    search(typed);
  };
})(window.Khorgos);
