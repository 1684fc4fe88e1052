// Every run: found, sorted, and drawn when somebody opens it, from the little text that the page holds of it.
(() => {
  const NS = "http://www.w3.org/2000/svg", POINTS = 200;
  const table = document.getElementById("every-runs"), view = document.getElementById("one");
  if (!table || !view) return;
  const tip = document.getElementById("tip"), body = table.tBodies[0];
  const together = Number(table.dataset.together), unit = table.dataset.unit;
  const unitM = Number(table.dataset.unitM), heightM = Number(table.dataset.heightM), heightUnit = table.dataset.heightUnit;
  const rows = [...body.rows].map((row, index) => ({ row, index, text: row.textContent.toLowerCase() }));
  const byAnchor = new Map(rows.map((one) => [one.row.querySelector("a").hash.slice(1), one]));

  // ---- find and sort

  const find = document.getElementById("find"), found = document.getElementById("found");
  document.getElementById("finder").hidden = false;
  document.getElementById("finder").addEventListener("submit", (event) => event.preventDefault());

  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "), everything = document.getElementById("all-days");
  let days = null; // the first and the last day that are listed

  // "4 May 2025" as 2025-05-04.
  function dayOf(text) {
    const [day, month, year] = text.split(" ");
    return `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, "0")}-${day.padStart(2, "0")}`;
  }
  const told = (day) => `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;

  function search() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const one of rows) {
      if (days) one.day ??= dayOf(one.row.cells[0].textContent);
      one.row.hidden = !words.every((word) => one.text.includes(word)) || (days !== null && (one.day < days[0] || one.day > days[1]));
      if (!one.row.hidden) count += 1;
    }
    const when = days ? (days[0] === days[1] ? `, ${told(days[0])}` : `, ${told(days[0])} to ${told(days[1])}`) : "";
    found.textContent = words.length || days ? `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")}${when}` : "";
    everything.hidden = !days;
  }
  find.addEventListener("input", search);

  // Some days of a chart lead here: #days-2025-05-05-2025-05-11.
  function listDays(first, last) {
    days = first ? [first, last] : null;
    find.value = "";
    search();
    if (!first) return;
    table.closest("details").open = true;
    document.getElementById("every").scrollIntoView();
    table.closest(".scroll").focus({ preventScroll: true });
  }
  everything.addEventListener("click", () => { history.replaceState(null, "", `${location.pathname}${location.search}#every`); listDays(null); });

  // A time such as 1:02:03 in seconds, a number without its commas; what is not known comes last.
  function value(cell) {
    const text = cell.textContent.replaceAll(",", "");
    if (text.includes(":")) return text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
    return /\d/.test(text) ? Number(text) : null;
  }

  function sort(column, turned) {
    const isText = table.tHead.rows[0].cells[column].classList.contains("w") && column > 0;
    const key = ({ row, index }) => (column === 0 ? -index : isText ? row.cells[column].textContent : value(row.cells[column]));
    const keyed = rows.map((one) => [key(one), one]);
    keyed.sort(([a, one], [b, other]) => {
      if (isText) return (turned ? b.localeCompare(a) : a.localeCompare(b)) || one.index - other.index;
      if (a === null || b === null) return (a === null) - (b === null) || one.index - other.index;
      return (turned ? b - a : a - b) || one.index - other.index;
    });
    body.append(...keyed.map(([, one]) => one.row));
  }

  [...table.tHead.rows[0].cells].forEach((head, column, heads) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const turned = head.getAttribute("aria-sort") === "ascending";
      for (const one of heads) one.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", turned ? "descending" : "ascending");
      sort(column, turned);
    });
  });

  // ---- unpack

  const [texts, drawings, tracks] = ["texts", "drawings", "tracks"].map((name) => [...document.querySelectorAll(`template.${name}`)]);
  const part = async (list, index) => (list.length ? (await unpacked(list[Math.floor(index / together)]))[index % together] : 0);

  // What is drawn of a run, and where it was: the pieces of its row for the map.
  async function unpack(index) {
    const [text, drawing, row] = await Promise.all([part(texts, index), part(drawings, index), part(tracks, index)]);
    return { ...text, ...drawing, track: row ? row.at(-1) : [] };
  }

  function summed(steps, scale) {
    let last = 0;
    return steps.map((step) => (step === null ? null : (last += step) / scale));
  }

  // Google's encoded polyline, precision 5.
  function decode(text) {
    const points = [];
    let at = 0, latitude = 0, longitude = 0;
    const next = () => {
      let number = 0, shift = 0, letter;
      do {
        letter = text.charCodeAt(at++) - 63;
        number += (letter & 31) * 2 ** shift;
        shift += 5;
      } while (letter >= 32);
      return number % 2 ? -(number + 1) / 2 : number / 2;
    };
    while (at < text.length) {
      latitude += next();
      longitude += next();
      points.push([latitude / 1e5, longitude / 1e5]);
    }
    return points;
  }

  // ---- words

  const two = (number) => String(number).padStart(2, "0");
  function duration(seconds) {
    const whole = Math.round(seconds), hours = Math.floor(whole / 3600), minutes = Math.floor((whole % 3600) / 60);
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  }
  const whole = (number) => Math.round(number).toLocaleString("en");

  // ---- draw

  function element(name, text, look) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (look) made.className = look;
    return made;
  }

  function drawing(name, attributes, ...children) {
    const made = document.createElementNS(NS, name);
    for (const [key, text] of Object.entries(attributes)) made.setAttribute(key, String(text));
    made.append(...children);
    return made;
  }

  function steps(low, high, most, isTime) {
    const rough = (high - low) / most;
    let step = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000].find((one) => one >= rough) || 36000;
    if (!isTime) {
      const power = 10 ** Math.floor(Math.log10(rough));
      step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough * 0.999);
    }
    const found = [];
    for (let number = Math.ceil(low / step - 1e-9); number * step <= high + 1e-9; number += 1) found.push(number * step);
    return found;
  }

  function quantile(sorted, share) {
    return sorted[Math.round(share * (sorted.length - 1))];
  }

  // Each as [channel, heading, values, its text, is a fast one high, least height of the axis, look]
  function channels(run) {
    const all = run.channels || {}, metres = (value) => value / heightM;
    const [said, length, beats] = run.told || [`pace, min/${unit}`, unitM, "steps/min"];
    const speed = all.speed && summed(all.speed, 100).map((one) => (one > 0 ? (length ? length / one : (3600 * one) / unitM) : null));
    const tenths = (value) => (value === null ? "–" : value.toFixed(1));
    return [
      [said, speed, length ? duration : tenths, Boolean(length), length ? 30 : 4, ["line pace"], Boolean(length)],
      ["heart rate, bpm", all.heart && summed(all.heart, 1), whole, false, 20, ["line heart"]],
      [`elevation, ${heightUnit}`, all.climb && summed(all.climb, 2).map((one) => one === null ? null : metres(one)), whole, false, 20, ["area fourth", "line thin climb"]],
      [`cadence, ${beats}`, all.cadence && summed(all.cadence, 1), whole, false, 10, ["line thin cadence"]],
      ["power, W", all.power && summed(all.power, 1), whole, false, 20, ["line thin power"]],
    ].filter(([, values]) => values && values.some((one) => one !== null));
  }

  function path(values, along, height, isArea) {
    let text = "", pen = "M", first = null, last = null;
    values.forEach((one, index) => {
      if (one === null) { pen = "M"; return; }
      const y = Math.min(Math.max(height(one), 0), 100).toFixed(2);
      text += `${pen}${along[index].toFixed(3)} ${y}`;
      pen = "L";
      first = first === null ? along[index] : first;
      last = along[index];
    });
    return isArea && first !== null ? `${text}L${last} 100L${first} 100z` : text;
  }

  function panel([heading, values, text, isTurned, least, looks, isTime], along) {
    const sorted = values.filter((one) => one !== null).sort((a, b) => a - b);
    let low = isTurned ? quantile(sorted, 0.02) : sorted[0], high = isTurned ? quantile(sorted, 0.98) : sorted.at(-1);
    const missing = Math.max(0, least - (high - low)) / 2 + 0.06 * Math.max(high - low, least);
    [low, high] = [low - missing, high + missing];
    const height = (one) => (isTurned ? (100 * (one - low)) / (high - low) : 100 - (100 * (one - low)) / (high - low));
    const ticks = steps(low, high, 3, isTime), side = drawing("svg", { class: "side", height: 84, "aria-hidden": "true" });
    const plot = drawing("svg", { class: "plot", height: 84, "aria-hidden": "true" });
    const marks = drawing("svg", { class: "marks", viewBox: `0 0 ${along.at(-1)} 100`, preserveAspectRatio: "none" });
    for (const tick of ticks) {
      const label = drawing("text", { x: "100%", y: `${height(tick)}%` });
      label.textContent = text(tick);
      side.append(label);
      plot.append(drawing("line", { x2: "100%", y1: `${height(tick)}%`, y2: `${height(tick)}%` }));
    }
    for (const look of looks) marks.append(drawing("path", { class: look, d: path(values, along, height, look.startsWith("area")) }));
    plot.append(marks);
    return [element("p", heading, "what"), side, plot];
  }

  function foot(along, isTime) {
    const drawn = drawing("svg", { class: "foot", height: 18, "aria-hidden": "true" }), last = along.at(-1);
    for (const at of steps(0, last, 5, isTime)) {
      const share = (100 * at) / last, label = drawing("text", { x: `${share}%`, y: 13, class: share > 95 ? "e" : share > 4 ? "m" : "" });
      label.textContent = isTime ? duration(at) : `${Number(at.toFixed(3))} ${unit}`;
      drawn.append(label);
    }
    return drawn;
  }

  function rowsTable(headings, lines, title, texts) {
    const made = element("table"), head = made.createTHead().insertRow(), inside = made.createTBody();
    made.append(element("caption", title));
    headings.forEach((text, column) => {
      const cell = element("th", text, column < texts ? "w" : "");
      cell.scope = "col";
      head.append(cell);
    });
    for (const [cells, at] of lines) {
      const row = inside.insertRow();
      if (at !== undefined) row.dataset.at = String(at);
      cells.forEach((text, column) => { row.insertCell().textContent = text; if (column < texts) row.lastChild.className = "w"; });
    }
    const scroll = element("div", undefined, "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-label", title);
    scroll.append(made);
    return scroll;
  }

  function chart(run, name) {
    const drawn = channels(run), isTime = run.by === "time", total = isTime ? run.total : run.total / unitM;
    if (!drawn.length || !(total > 0)) return null;
    const along = Array.from({ length: POINTS }, (_, index) => (total * index) / (POINTS - 1));
    const figure = element("figure", undefined, "chart"), panels = element("div", undefined, "panels plain");
    figure.dataset.kind = "plain";
    panels.setAttribute("aria-label", `Along the way: ${drawn.map(([heading]) => heading).join("; ")}`);
    for (const one of drawn) panels.append(...panel(one, along));
    panels.append(foot(along, isTime));
    const lines = along.map((at, index) => [
      [isTime ? duration(at) : at.toFixed(2), ...drawn.map(([, values, text]) => (values[index] === null ? "" : text(values[index])))], at,
    ]);
    const twin = element("details", undefined, "twin");
    twin.append(element("summary", "Table"), rowsTable([isTime ? "time" : unit, ...drawn.map(([heading]) => heading)], lines, `Along ${name}`, 0));
    figure.append(panels, twin);
    return figure;
  }

  // The way, north up, and a function that marks a place along it.
  function route(run) {
    const pieces = (run.track || []).map(decode).filter((piece) => piece.length > 1);
    if (!pieces.length) return null;
    const middle = pieces[0][0][1], every = pieces.flat();
    const shrink = Math.cos((every[0][0] * Math.PI) / 180);
    // A way across the date line is one way.
    const flat = ([latitude, longitude]) => [(((longitude - middle + 540) % 360) - 180) * shrink, -latitude];
    const xs = every.map((one) => flat(one)[0]), ys = every.map((one) => flat(one)[1]);
    const [left, right] = [Math.min(...xs), Math.max(...xs)], [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const scale = 360 / Math.max(right - left, bottom - top, 1e-4);
    const at = (point) => { const [x, y] = flat(point); return [(x - left) * scale + 12, (y - top) * scale + 12]; };
    const text = pieces.map((piece) => "M" + piece.map((point) => at(point).map((one) => one.toFixed(1)).join(" ")).join("L")).join("");
    const drawn = drawing("svg", {
      class: "route", role: "img", "aria-label": "The route, north is up",
      viewBox: `0 0 ${((right - left) * scale + 24).toFixed(1)} ${((bottom - top) * scale + 24).toFixed(1)}`,
    }, drawing("path", { class: "line first", d: text }));
    const places = run.places || {}, here = drawing("circle", { class: "here", r: 6 });
    const latitude = summed(places.latitude || [], 2e4), longitude = summed(places.longitude || [], 2e4);
    const mark = (index) => {
      if (index < 0 || latitude[index] === null || latitude[index] === undefined) return here.remove();
      const [x, y] = at([latitude[index], longitude[index]]);
      here.setAttribute("cx", x.toFixed(1));
      here.setAttribute("cy", y.toFixed(1));
      drawn.append(here);
    };
    return [drawn, mark];
  }

  // ---- show

  const close = element("button", "Close", "close"), inside = element("div");
  close.type = "button";
  view.replaceChildren(close, inside);
  close.addEventListener("click", () => view.close());
  view.addEventListener("click", (event) => { if (event.target === view) view.close(); });
  view.addEventListener("close", () => {
    document.body.append(tip);
    tip.hidden = true;
    if (byAnchor.has(location.hash.slice(1))) history.replaceState(null, "", location.pathname + location.search + "#every");
  });

  async function show(one) {
    const name = one.row.cells[1].textContent, title = element("h2", name);
    title.id = "one-title";
    inside.replaceChildren(title);
    if (!view.open) view.showModal();
    view.append(tip);
    view.scrollTop = 0;
    let run;
    try {
      run = await unpack(one.index);
    } catch {
      inside.append(element("p", "This browser cannot open the packed runs; a newer one can."));
      return;
    }
    inside.append(element("p", [run.when, ...run.notes].join(", "), "lead"));
    const facts = element("dl", undefined, "facts");
    for (const [word, text, metric] of run.facts) {
      const pair = element("div"), term = element("dt"), link = element("a", word);
      link.href = `#def-${metric}`;
      link.addEventListener("click", () => view.close());
      term.append(link);
      pair.append(term, element("dd", text));
      facts.append(pair);
    }
    inside.append(facts);
    const way = route(run), figure = chart(run, name), pair = element("div", undefined, "along");
    if (way) pair.append(way[0]);
    if (figure) pair.append(figure);
    inside.append(pair);
    if (figure) {
      figure.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
      if (way) figure.addEventListener("chosen", (event) => way[1](event.detail));
    }
    const lists = element("div", undefined, "pair");
    if (run.splits) lists.append(rowsTable(run.splits[0], run.splits[1].map((cells) => [cells]), `Splits of ${name}`, 0));
    if (run.efforts) lists.append(rowsTable(run.efforts[0], run.efforts[1].map((cells) => [cells]), `Best efforts of ${name}`, 1));
    if (lists.children.length) inside.append(lists);
  }

  // The address says which run is open, so that "back" closes it.
  function follow() {
    const anchor = location.hash.slice(1), listed = anchor.match(/^days-(\d{4}-\d\d-\d\d)-(\d{4}-\d\d-\d\d)$/);
    if (listed) {
      if (view.open) view.close();
      listDays(listed[1], listed[2]);
      return;
    }
    const target = document.getElementById(anchor);
    const one = target && !target.closest("#every-runs") ? undefined : byAnchor.get(anchor);
    if (one) show(one);
    else if (view.open) view.close();
  }
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && link.getAttribute("href") === location.hash) follow();
  });
  follow();
})();
