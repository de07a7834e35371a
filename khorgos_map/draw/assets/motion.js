// Nothing moves by itself for those who ask their system for less motion, from the moment they ask.
(function (K) {
  "use strict";
  const asked = window.matchMedia("(prefers-reduced-motion: reduce)");
  K.still = () => asked.matches;

  // Leaflet reads these two each time and the others once; a map made without animation of its zoom cannot begin with it.
  const made = !asked.matches;
  const followed = () => ({ inertia: !asked.matches, zoomAnimation: made && !asked.matches });
  L.Map.mergeOptions({ ...followed(), fadeAnimation: made, markerZoomAnimation: made });

  // All other movements go through these.
  for (const [name, options] of [["setView", 2], ["flyTo", 2], ["panBy", 1]]) {
    const move = L.Map.prototype[name];
    L.Map.include({
      [name](...words) {
        if (asked.matches) words[options] = { ...words[options], animate: false };
        return move.apply(this, words);
      },
    });
  }

  asked.addEventListener("change", () => {
    Object.assign(K.map.options, followed());
    if (K.started) K.drawTime();
  });
})(window.Khorgos);
