"use strict";
// One cursor: pointing at the charts of a run marks the place on its route, and the other way round.
(() => {
  const figure = document.getElementById("along"), drawing = document.querySelector("#route svg[data-places]");
  if (!figure || !drawing || !figure.panelFigure) return;
  const numbers = drawing.dataset.places.split(" ").map(Number);
  const places = Array.from({ length: numbers.length / 2 }, (_, index) => [numbers[2 * index], numbers[2 * index + 1]]);
  const here = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  here.setAttribute("class", "here");
  here.setAttribute("r", "10");

  figure.addEventListener("chosen", (event) => {
    const place = places[event.detail];
    if (!place) return here.remove();
    here.setAttribute("cx", String(place[0]));
    here.setAttribute("cy", String(place[1]));
    if (!here.parentNode) drawing.append(here);
  });

  const point = (event) => {
    const matrix = drawing.getScreenCTM();
    if (!matrix) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    let best = 0, least = Infinity;
    places.forEach(([left, top], index) => {
      const far = (left - x) ** 2 + (top - y) ** 2;
      if (far < least) [best, least] = [index, far];
    });
    figure.panelFigure.choose(best, event.clientX, event.clientY);
  };
  drawing.addEventListener("pointermove", point);
  drawing.addEventListener("pointerdown", point);
  drawing.addEventListener("pointerleave", () => figure.panelFigure.leave());
})();
