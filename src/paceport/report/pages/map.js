"use strict";
// All tracks on a canvas: moved as a picture while a hand moves it, drawn again in small pieces of time afterwards.
(() => {
  const frame = document.getElementById("map"), form = document.getElementById("map-filters");
  if (!frame || !form) return;
  const canvas = frame.querySelector("canvas.tracks"), streets = frame.querySelector("canvas.streets");
  const words = document.getElementById("map-words"), template = frame.dataset.tiles || "";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const SLICE_MS = 10, SIDE = 256, MOST_ZOOM = 19;
  let runs = [], shown = [], view = { x: 0.5, y: 0.5, scale: 256 }, drawn = null, asked = 0, picked = null;

  const decode = (text) => {
    const points = [];
    let at = 0, latitude = 0, longitude = 0;
    const number = () => {
      let value = 0, shift = 0, part = 0;
      do { part = text.charCodeAt(at++) - 63; value |= (part & 31) << shift; shift += 5; } while (part >= 32);
      return value & 1 ? ~(value >> 1) : value >> 1;
    };
    while (at < text.length) {
      latitude += number(); longitude += number();
      const y = Math.min(85.05, Math.max(-85.05, latitude / 1e5)) * Math.PI / 180;
      points.push(longitude / 3.6e7 + 0.5, 0.5 - Math.asinh(Math.tan(y)) / (2 * Math.PI));
    }
    return Float64Array.from(points);
  };

  const size = () => {
    const ratio = Math.min(2, devicePixelRatio || 1), { width, height } = frame.getBoundingClientRect();
    for (const one of [canvas, streets]) {
      if (one.width !== Math.round(width * ratio) || one.height !== Math.round(height * ratio)) {
        one.width = Math.round(width * ratio); one.height = Math.round(height * ratio);
      }
    }
    return { ratio, width, height };
  };

  const bounds = (list) => {
    const x0 = [], x1 = [], y0 = [], y1 = [];
    for (const run of list) { x0.push(run.box[0]); x1.push(run.box[2]); y0.push(run.box[1]); y1.push(run.box[3]); }
    const nth = (values, share) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];
    return [nth(x0, 0.02), nth(y0, 0.02), nth(x1, 0.98), nth(y1, 0.98)];
  };

  // The part of the world where most runs are: the most frequent square of about forty kilometres and those beside it.
  const fit = () => {
    const { width, height } = size();
    if (!shown.length) return;
    const counts = new Map(), key = (run, dx, dy) => `${Math.floor(run.middle[0] * 1024) + dx},${Math.floor(run.middle[1] * 1024) + dy}`;
    for (const run of shown) counts.set(key(run, 0, 0), (counts.get(key(run, 0, 0)) || 0) + 1);
    const best = [...counts].sort((a, b) => b[1] - a[1])[0][0].split(",").map(Number);
    const near = shown.filter((run) => Math.abs(run.middle[0] * 1024 - best[0] - 0.5) < 1.5 && Math.abs(run.middle[1] * 1024 - best[1] - 0.5) < 1.5);
    const [left, top, right, bottom] = bounds(near);
    const scale = 0.92 * Math.min(width / Math.max(right - left, 2e-5), height / Math.max(bottom - top, 2e-5));
    view = { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(scale, 256 * 2 ** MOST_ZOOM) };
  };

  const choose = () => {
    const want = Object.fromEntries(new FormData(form)), paces = runs.map((run) => run.pace).filter(Boolean).sort((a, b) => b - a);
    const edges = [paces[Math.floor(paces.length / 3)], paces[Math.floor(2 * paces.length / 3)]];
    const third = (pace) => (pace > edges[0] ? "0" : pace > edges[1] ? "1" : "2");
    shown = runs.filter((run) => (!want.year || String(run.year) === want.year) && (!want.sport || run.sport === want.sport) && (!want.pace || (run.pace && third(run.pace) === want.pace)));
    words.textContent = `${shown.length.toLocaleString("en")} of ${runs.length.toLocaleString("en")} tracks`;
    picked = null;
  };

  const trace = (target, run, ratio, width, height) => {
    const step = 0.7 / view.scale;
    for (const points of run.pieces) {
      let x = points[0], y = points[1];
      target.moveTo(((x - view.x) * view.scale + width / 2) * ratio, ((y - view.y) * view.scale + height / 2) * ratio);
      for (let at = 2; at < points.length; at += 2) {
        const last = at === points.length - 2;
        if (!last && Math.abs(points[at] - x) < step && Math.abs(points[at + 1] - y) < step) continue;
        x = points[at]; y = points[at + 1];
        target.lineTo(((x - view.x) * view.scale + width / 2) * ratio, ((y - view.y) * view.scale + height / 2) * ratio);
      }
    }
  };

  const PALETTE = [[0, 20, 60, 150], [0.25, 70, 40, 190], [0.5, 205, 50, 120], [0.75, 250, 140, 40], [1, 255, 250, 190]];
  // The colour of each of the 256 degrees to which a pixel may be covered, as one number.
  const HEAT = (() => {
    const bytes = new Uint8ClampedArray(1024);
    for (let cover = 1; cover < 256; cover += 1) {
      const level = Math.sqrt(cover / 255), number = Math.max(1, PALETTE.findIndex((one) => one[0] >= level));
      const low = PALETTE[number - 1], high = PALETTE[number], share = (level - low[0]) / (high[0] - low[0]);
      for (let part = 0; part < 3; part += 1) bytes[4 * cover + part] = low[part + 1] + share * (high[part + 1] - low[part + 1]);
      bytes[4 * cover + 3] = 120 + 135 * level;
    }
    return new Uint32Array(bytes.buffer);
  })();
  const heat = (context) => {
    const image = context.getImageData(0, 0, canvas.width, canvas.height), bytes = image.data, pixels = new Uint32Array(bytes.buffer);
    for (let at = 0; at < pixels.length; at += 1) if (pixels[at]) pixels[at] = HEAT[bytes[4 * at + 3]];
    context.putImageData(image, 0, 0);
  };

  const draw = () => {
    asked += 1;
    const mine = asked, { ratio, width, height } = size();
    const next = document.createElement("canvas");
    next.width = canvas.width; next.height = canvas.height;
    const isHeat = form.elements.look.value === "heat";
    const context = next.getContext("2d", { willReadFrequently: true });
    const half = [width / 2 / view.scale, height / 2 / view.scale];
    const list = shown.filter((run) => run.box[0] < view.x + half[0] && run.box[2] > view.x - half[0] && run.box[1] < view.y + half[1] && run.box[3] > view.y - half[1]);
    const few = list.length < 30;
    context.lineJoin = context.lineCap = "round";
    context.lineWidth = ratio * (isHeat ? 2 : few ? 2.2 : 1.6);
    context.globalCompositeOperation = isHeat ? "source-over" : dark.matches ? "lighter" : "multiply";
    const alpha = few ? 0.85 : Math.max(0.12, 0.7 - 0.18 * Math.log10(list.length));
    context.strokeStyle = isHeat ? `rgba(255,255,255,${few ? 0.3 : 0.09})` : dark.matches ? `rgba(69,196,178,${alpha})` : `rgba(11,116,104,${alpha})`;
    let at = 0;
    const slice = () => {
      if (mine !== asked) return;
      const until = performance.now() + SLICE_MS;
      while (at < list.length && performance.now() < until) {
        context.beginPath();
        trace(context, list[at], ratio, width, height);
        context.stroke();
        at += 1;
        // Strokes are only noted down until somebody looks: looking now keeps the work of each slice short.
        if (at % 8 === 0) context.getImageData(0, 0, 1, 1);
      }
      if (at < list.length) return void requestAnimationFrame(slice);
      if (isHeat) heat(context);
      drawn = { image: next, view: { ...view } };
      paint();
      frame.dataset.drawn = String(list.length);
    };
    requestAnimationFrame(slice);
    drawStreets(mine, ratio, width, height);
  };

  // The last drawing, where it now belongs.
  const paint = () => {
    const context = canvas.getContext("2d"), { ratio, width, height } = size();
    context.clearRect(0, 0, canvas.width, canvas.height);
    frame.dataset.view = `${view.x} ${view.y} ${view.scale}`;
    if (drawn) {
      const grown = view.scale / drawn.view.scale;
      const left = ((drawn.view.x - view.x) * view.scale + width / 2 - grown * width / 2) * ratio;
      const top = ((drawn.view.y - view.y) * view.scale + height / 2 - grown * height / 2) * ratio;
      context.drawImage(drawn.image, left, top, drawn.image.width * grown, drawn.image.height * grown);
    }
    if (picked) {
      context.beginPath();
      context.lineJoin = context.lineCap = "round";
      context.lineWidth = 3 * ratio;
      context.strokeStyle = dark.matches ? "#fff" : "#17202a";
      trace(context, picked, ratio, width, height);
      context.stroke();
    }
    const metres = 40075016.7 * Math.cos(Math.atan(Math.sinh(Math.PI * (1 - 2 * view.y)))) / view.scale;
    const round = [1e6, 5e5, 2e5, 1e5, 5e4, 2e4, 1e4, 5e3, 2e3, 1e3, 500, 200, 100, 50, 20].find((one) => one / metres < 130) || 10;
    context.strokeStyle = context.fillStyle = dark.matches ? "#97a4b1" : "#5f6b78";
    context.lineWidth = 1.5 * ratio;
    context.font = `${13 * ratio}px system-ui, sans-serif`;
    context.beginPath();
    const base = canvas.height - 14 * ratio;
    context.moveTo(14 * ratio, base - 5 * ratio); context.lineTo(14 * ratio, base);
    context.lineTo((14 + round / metres) * ratio, base); context.lineTo((14 + round / metres) * ratio, base - 5 * ratio);
    context.stroke();
    context.fillText(round < 1000 ? `${round} m` : `${round / 1000} km`, 20 * ratio, base - 5 * ratio);
  };

  const drawStreets = (mine, ratio, width, height) => {
    if (!template) return;
    const context = streets.getContext("2d"), zoom = Math.max(0, Math.min(MOST_ZOOM, Math.round(Math.log2(view.scale / SIDE))));
    const wide = 2 ** zoom, side = view.scale / wide;
    context.clearRect(0, 0, streets.width, streets.height);
    context.globalAlpha = 0.55;
    for (let column = Math.floor((view.x - width / 2 / view.scale) * wide); column <= (view.x + width / 2 / view.scale) * wide; column += 1) {
      for (let row = Math.max(0, Math.floor((view.y - height / 2 / view.scale) * wide)); row < wide && row <= (view.y + height / 2 / view.scale) * wide; row += 1) {
        const image = new Image(), at = { ...view };
        image.onload = () => {
          if (mine === asked) context.drawImage(image, ((column / wide - at.x) * at.scale + width / 2) * ratio, ((row / wide - at.y) * at.scale + height / 2) * ratio, side * ratio + 0.5, side * ratio + 0.5);
        };
        image.src = template.replace("{z}", zoom).replace("{x}", ((column % wide) + wide) % wide).replace("{y}", row);
      }
    }
  };

  let timer = 0;
  const moved = () => {
    asked += 1;
    paint();
    clearTimeout(timer);
    timer = setTimeout(draw, 90);
  };
  const zoom = (factor, x, y) => {
    const { width, height } = size();
    const scale = Math.max(128, Math.min(SIDE * 2 ** MOST_ZOOM, view.scale * factor));
    const dx = (x - width / 2) * (1 / view.scale - 1 / scale), dy = (y - height / 2) * (1 / view.scale - 1 / scale);
    view = { x: view.x + dx, y: view.y + dy, scale };
    moved();
  };
  const nearest = (x, y, reach) => {
    const { width, height } = size(), wx = (x - width / 2) / view.scale + view.x, wy = (y - height / 2) / view.scale + view.y, far = reach / view.scale;
    let best = null, least = far * far;
    for (const run of shown) {
      if (wx < run.box[0] - far || wx > run.box[2] + far || wy < run.box[1] - far || wy > run.box[3] + far) continue;
      for (const points of run.pieces) {
        for (let at = 2; at < points.length; at += 2) {
          const ax = points[at - 2], ay = points[at - 1], bx = points[at] - ax, by = points[at + 1] - ay;
          const share = Math.max(0, Math.min(1, ((wx - ax) * bx + (wy - ay) * by) / (bx * bx + by * by || 1)));
          const distance = (ax + share * bx - wx) ** 2 + (ay + share * by - wy) ** 2;
          if (distance <= least) { least = distance; best = run; }
        }
      }
    }
    return best;
  };
  const pick = (run) => {
    if (run === picked) return;
    picked = run;
    canvas.style.cursor = run && run.link ? "pointer" : "grab";
    if (run) words.textContent = run.title;
    paint();
  };

  const hands = new Map();
  let travelled = 0;
  const place = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); if (!hands.size) travelled = 0; hands.set(event.pointerId, place(event)); });
  canvas.addEventListener("pointermove", (event) => {
    const now = place(event), before = hands.get(event.pointerId);
    if (!before) return void (event.pointerType === "mouse" && pick(nearest(now[0], now[1], 8)));
    const others = [...hands].filter(([id]) => id !== event.pointerId);
    if (others.length) {
      const other = others[0][1], was = Math.hypot(before[0] - other[0], before[1] - other[1]), is = Math.hypot(now[0] - other[0], now[1] - other[1]);
      if (was > 0 && is > 0) zoom(is / was, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      travelled = 99;
    } else {
      travelled += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
      if (travelled > 4) { view.x -= (now[0] - before[0]) / view.scale; view.y -= (now[1] - before[1]) / view.scale; moved(); }
    }
    hands.set(event.pointerId, now);
  });
  const up = (event) => {
    if (!hands.delete(event.pointerId) || event.type !== "pointerup" || travelled > 4) return;
    const [x, y] = place(event), run = nearest(x, y, event.pointerType === "mouse" ? 8 : 18);
    pick(run);
    if (run && run.link) location.assign(run.link);
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  // In a page that scrolls, the wheel is the page's until the map has been chosen.
  const isBusy = (event) => frame.dataset.tracks || event.ctrlKey || document.activeElement === canvas;
  canvas.addEventListener("wheel", (event) => { if (!isBusy(event)) return; event.preventDefault(); zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), ...place(event)); }, { passive: false });
  canvas.addEventListener("dblclick", (event) => zoom(2, ...place(event)));
  const middle = () => { const { width, height } = size(); return [width / 2, height / 2]; };
  const everything = () => { fit(); drawn = null; draw(); };
  canvas.addEventListener("keydown", (event) => {
    const step = 80 / view.scale, key = event.key;
    if (key === "+" || key === "=") zoom(1.6, ...middle());
    else if (key === "-") zoom(1 / 1.6, ...middle());
    else if (key === "0") everything();
    else if (key === "Enter" && picked && picked.link) location.assign(picked.link);
    else if (key.startsWith("Arrow")) {
      view.x += key === "ArrowLeft" ? -step : key === "ArrowRight" ? step : 0;
      view.y += key === "ArrowUp" ? -step : key === "ArrowDown" ? step : 0;
      pick(nearest(...middle(), 40));
      moved();
    } else return;
    event.preventDefault();
  });
  frame.querySelector(".map-buttons").addEventListener("click", (event) => {
    const what = event.target.dataset.do;
    if (what === "all") everything(); else if (what) zoom(what === "in" ? 1.6 : 1 / 1.6, ...middle());
  });
  form.addEventListener("change", () => { choose(); draw(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  dark.addEventListener("change", draw);
  // It may lie in a folded part of a page, where it has no size.
  new ResizeObserver(() => { clearTimeout(timer); timer = setTimeout(() => (drawn ? draw() : shown.length && everything()), 90); }).observe(frame);

  const unpack = async (rows) => {
    let until = performance.now() + SLICE_MS;
    for (const [link, year, sport, pace, title, texts] of rows) {
      if (performance.now() > until) { await new Promise((done) => setTimeout(done)); until = performance.now() + SLICE_MS; }
      const pieces = texts.map(decode), box = [1, 1, 0, 0];
      for (const points of pieces) {
        for (let at = 0; at < points.length; at += 2) {
          box[0] = Math.min(box[0], points[at]); box[2] = Math.max(box[2], points[at]);
          box[1] = Math.min(box[1], points[at + 1]); box[3] = Math.max(box[3], points[at + 1]);
        }
      }
      runs.push({ link, year, sport, pace, title, pieces, box, middle: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] });
    }
  };
  // From the server, or from the page itself.
  const load = async () => {
    if (frame.dataset.tracks) return unpack((await (await fetch(frame.dataset.tracks)).json()).runs);
    for (const template of document.querySelectorAll("template.tracks")) await unpack((await unpacked(template)).filter(Boolean));
  };
  const plain = document.getElementById("map-plain");
  const begin = async () => {
    try {
      await load();
    } catch (error) {
      if (!plain) throw error;
      frame.hidden = form.hidden = true; // the picture below it shows the same
      plain.classList.remove("covered");
      return;
    }
    choose(); fit(); draw();
  };
  frame.hidden = form.hidden = false;
  if (plain && "DecompressionStream" in window) plain.classList.add("covered");
  // Further down a long page, the work waits until somebody comes near.
  new IntersectionObserver((seen, watch) => { if (seen.some((one) => one.isIntersecting)) { watch.disconnect(); begin(); } }, { rootMargin: "600px" }).observe(frame);
})();
