// Point symbols. One table for map and legend, drawn in a 24 x 24 box centred on the point.
(function (K) {
  "use strict";
  const SHAPES = {
    "circle": '<circle r="6"/>',
    "circle-town": '<circle r="4.5"/>',
    "circle-small": '<circle r="3"/>',
    "diamond": '<path d="M0-8 8 0 0 8-8 0Z"/><path class="ink" d="M-4 0H4"/>',
    "diamond-small": '<path d="M0-6 6 0 0 6-6 0Z"/>',
    "square": '<rect x="-6" y="-6" width="12" height="12" rx="1.5"/><path class="ink" d="M-3-1.5H3M-3 2H3"/>',
    "gauge": '<circle r="6.5"/><path class="ink" d="M0-6.5V6.5M-4-2.5V2.5M4-2.5V2.5"/>',
    "hexagon": '<path d="M0-8 7-4V4L0 8-7 4V-4Z"/><path class="ink" d="M-3.5 1.5H3.5M-3.5-1.5H3.5"/>',
    "pole": '<circle class="hollow" r="6"/><path class="ink dark" d="M-5-5 5 5M-5 5 5-5"/>',
    "target": '<circle class="hollow" r="7"/><path class="ink dark" d="M-10 0H-4M4 0H10M0-10V-4M0 4V10"/>',
  };

  K.markSvg = (mark, cls) =>
    `<svg class="mark ${cls}" viewBox="-12 -12 24 24" width="24" height="24" aria-hidden="true">${SHAPES[mark]}</svg>`;

  // The hatches that style sheets refer to; they must be in the same document as the shapes.
  K.hatches = () => {
    const lines = (id, cls, angle) =>
      `<pattern id="${id}" patternUnits="userSpaceOnUse" width="11" height="11" patternTransform="rotate(${angle})">` +
      `<rect class="${cls}-ground" width="11" height="11"/><path class="${cls}" d="M0 0V11"/></pattern>`;
    const svg = document.createElement("div");
    svg.innerHTML =
      `<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>` +
      lines("hatch-planned", "hatch-planned", 45) + `</defs></svg>`;
    return svg.firstChild;
  };
})(window.Khorgos);
