// The scale bar, in the words of the page.
(function (K) {
  "use strict";
  const MOST_PX = { wide: 100, narrow: 64 };

  const ScaleBar = L.Control.Scale.extend({
    _updateMetric(most_m) {
      if (!K.words) return;
      const length_m = this._getRoundNum(most_m);
      const label = length_m < 1000 ? K.say("metres", { value: length_m }) : K.say("kilometres", { value: length_m / 1000 });
      this._updateScale(this._mScale, label, length_m / most_m);
    },
  });

  K.addScale = (map) => {
    K.scale = new ScaleBar({ imperial: false, position: "bottomleft", maxWidth: window.innerWidth > 700 ? MOST_PX.wide : MOST_PX.narrow });
    K.scale.addTo(map);
  };
  K.drawScale = () => K.map._loaded && K.scale._update();
})(window.Khorgos);
