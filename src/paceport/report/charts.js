"use strict";
// Pointing at a chart shows the row of its table that stands there; dragging over a chart of time chooses a period.
(() => {
  const NS = "http://www.w3.org/2000/svg", DAY = 864e5;
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const tip = document.getElementById("tip");
  const timed = [];

  class Figure {
    constructor(figure) {
      this.figure = figure;
      this.kind = figure.dataset.kind;
      this.surface = figure.querySelector(".panels");
      this.rows = [...figure.querySelectorAll(".twin tbody tr")];
      this.heads = [...figure.querySelectorAll(".twin thead th")].map((head) => head.textContent);
      this.at = this.rows.map((row) => Number(row.dataset.at));
      this.marks = [...this.surface.querySelectorAll(".marks")];
      this.foot = this.surface.querySelector(".foot");
      this.origin = Date.parse(figure.dataset.origin) / DAY;
      this.isTimed = this.kind === "time" && !("alone" in figure.dataset); // all of these show one period
      this.isDrawnApart = ["shares", "bars", "cells"].includes(this.kind);
      this.chosen = -1;
      figure.panelFigure = this;
      if (!this.rows.length) return;
      this.describe();
      this.listen();
      if (this.isTimed) {
        timed.push(this);
        this.whole = this.box();
      }
    }

    describe() {
      const about = { role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-valuemax": String(this.rows.length - 1) };
      for (const [name, value] of Object.entries(about)) this.surface.setAttribute(name, value);
      this.surface.setAttribute("aria-valuenow", "0");
      this.surface.setAttribute("aria-valuetext", this.text(0).join(", "));
    }

    text(index) {
      return [...this.rows[index].cells].map((cell, column) => `${this.heads[column]}: ${cell.textContent}`);
    }

    box() {
      const [left, , width] = this.marks[0].getAttribute("viewBox").split(" ").map(Number);
      return { left, width };
    }

    // Where the drawing is in the window. An inner svg gives the bounds of what is drawn in it, its parent the frame.
    room() {
      return (this.marks[0].closest(".plot") || this.marks[0]).getBoundingClientRect();
    }

    // The row at a place of the window; -1 for none.
    find(event) {
      if (this.isDrawnApart) {
        const mark = event.target.closest("[data-row]");
        return mark ? Number(mark.dataset.row) : -1;
      }
      if (this.kind === "calendar") {
        const room = this.room(), { width } = this.box();
        const column = Math.floor(((event.clientX - room.left) / room.width) * (width / 10));
        return this.at.indexOf(column * 7 + Math.floor(((event.clientY - room.top) / room.height) * 7));
      }
      return this.nearest(this.value(event.clientX));
    }

    value(clientX) {
      const room = this.room(), { left, width } = this.box();
      return left + Math.min(Math.max((clientX - room.left) / room.width, 0), 1) * width;
    }

    nearest(value) {
      let low = 0, high = this.at.length - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (this.at[middle] < value) low = middle; else high = middle;
      }
      return value - this.at[low] <= this.at[high] - value ? low : high;
    }

    choose(index, clientX, clientY) {
      if (index < 0) return this.leave();
      this.chosen = index;
      this.surface.setAttribute("aria-valuenow", String(index));
      this.surface.setAttribute("aria-valuetext", this.text(index).join(", "));
      const place = this.point(index);
      this.tell();
      this.say(index, clientX ?? place.x, clientY ?? place.y);
    }

    // Marks the row in the picture; gives where that is in the window.
    point(index) {
      this.clear();
      if (this.isDrawnApart) {
        const mark = this.surface.querySelector(`[data-row="${index}"]`);
        const shown = mark.querySelector("path") || mark;
        shown.classList.add("on");
        const room = mark.getBoundingClientRect();
        return { x: room.right, y: room.top };
      }
      const at = this.at[index];
      const room = this.room(), { left, width } = this.box();
      if (this.kind === "calendar") {
        const x = Math.floor(at / 7) * 10, y = (at % 7) * 10;
        this.draw(this.marks[0], "pick", `M${x} ${y}h10v10h-10z`);
        return { x: room.left + ((x + 10) / width) * room.width, y: room.top };
      }
      for (const marks of this.marks) this.draw(marks, "cursor", `M${at} 0V100`);
      return { x: room.left + ((at - left) / width) * room.width, y: room.top };
    }

    draw(marks, look, path) {
      const drawn = document.createElementNS(NS, "path");
      drawn.setAttribute("class", look);
      drawn.setAttribute("d", path);
      marks.append(drawn);
    }

    clear() {
      for (const drawn of this.surface.querySelectorAll(".cursor, .pick, .brush")) drawn.remove();
      for (const drawn of this.surface.querySelectorAll(".on")) drawn.classList.remove("on");
    }

    leave() {
      this.clear();
      this.chosen = -1;
      tip.hidden = true;
      this.tell();
    }

    // Others on the page may follow: which row is shown now, -1 for none.
    tell() {
      this.figure.dispatchEvent(new CustomEvent("chosen", { detail: this.chosen }));
    }

    // A row that stands for a run leads to it.
    open() {
      const link = this.chosen < 0 ? null : this.rows[this.chosen].querySelector("a");
      if (link) link.click();
    }

    say(index, x, y) {
      const list = document.createElement("dl");
      [...this.rows[index].cells].forEach((cell, column) => {
        if (!cell.textContent) return;
        const name = document.createElement("dt"), value = document.createElement("dd");
        name.textContent = this.heads[column];
        value.textContent = cell.textContent;
        list.append(name, value);
      });
      tip.replaceChildren(list);
      tip.hidden = false;
      const { width, height } = tip.getBoundingClientRect();
      const left = x + 14 + width > innerWidth ? x - 14 - width : x + 14;
      tip.style.left = `${Math.max(4, left)}px`;
      tip.style.top = `${Math.max(4, Math.min(y - height - 10, innerHeight - height - 4))}px`;
    }

    listen() {
      let start = null, before = -1;
      const { surface } = this;
      surface.addEventListener("pointerdown", (event) => {
        // A finger has to point first: what it pointed at before is what a second touch opens.
        before = event.pointerType === "mouse" ? this.find(event) : this.chosen;
        if (!this.isTimed || !form || event.button) return;
        start = event.clientX;
        surface.setPointerCapture(event.pointerId);
      });
      surface.addEventListener("pointermove", (event) => {
        this.choose(this.find(event), event.clientX, event.clientY);
        if (start === null || Math.abs(event.clientX - start) < 6) return;
        const [from, to] = [this.value(start), this.value(event.clientX)].sort((a, b) => a - b);
        for (const marks of this.marks) this.draw(marks, "brush", `M${from} 0H${to}V100H${from}z`);
      });
      surface.addEventListener("pointerup", (event) => {
        const dragged = start !== null && Math.abs(event.clientX - start) >= 6;
        const ends = dragged ? [this.value(start), this.value(event.clientX)].sort((a, b) => a - b) : null;
        start = null;
        if (ends && form) period(this.origin + ends[0], this.origin + ends[1]);
        else this.choose(this.find(event), event.clientX, event.clientY);
        if (!ends && !event.button && this.chosen >= 0 && this.chosen === before) this.open();
      });
      surface.addEventListener("pointercancel", () => { start = null; this.leave(); });
      surface.addEventListener("pointerleave", () => { if (start === null) this.leave(); });
      surface.addEventListener("blur", () => this.leave());
      surface.addEventListener("keydown", (event) => {
        const last = this.rows.length - 1, jump = Math.max(1, Math.round(last / 10));
        const now = this.chosen;
        const next = {
          ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1,
          PageUp: now + jump, PageDown: now - jump, Home: 0, End: last,
        }[event.key];
        if (event.key === "Escape") this.leave();
        if (event.key === "Enter") this.open();
        if (next === undefined) return;
        event.preventDefault();
        this.choose(Math.min(Math.max(next, 0), last));
      });
    }

    show(first, last) {
      const left = first - this.origin, width = Math.max(last - first, 1);
      for (const marks of this.marks) marks.setAttribute("viewBox", `${left} 0 ${width} 100`);
      this.leave();
      this.foot.replaceChildren(...labels(first, first + width).map(([share, text]) => {
        const label = document.createElementNS(NS, "text");
        label.setAttribute("x", `${100 * share}%`);
        label.setAttribute("y", "13");
        label.setAttribute("class", share > 0.95 ? "e" : share > 0.04 ? "m" : "");
        label.textContent = text;
        return label;
      }));
      thin(this.foot);
    }
  }

  // As axis_labels.py has it: the labels that a phone has no room for are shown on wide screens only.
  function thin(foot) {
    const labels = [...foot.children], boxes = labels.map((label) => {
      const width = 7.2 * label.textContent.length, at = 2.6 * parseFloat(label.getAttribute("x"));
      const left = at - (label.classList.contains("e") ? 1 : label.classList.contains("m") ? 0.5 : 0) * width;
      return { at, left, right: left + width };
    });
    let best = [];
    const reach = (run) => (run.length ? boxes[run.at(-1)].at - boxes[run[0]].at : 0);
    for (let step = 1; step <= labels.length; step += 1) {
      for (let start = 0; start < labels.length; start += 1) {
        const run = [start];
        for (let one = start + step; one < labels.length && boxes[one].left >= boxes[run.at(-1)].right + 2; one += step) run.push(one);
        if (run.length > best.length || (run.length === best.length && reach(run) > reach(best))) best = run;
      }
    }
    labels.forEach((label, one) => label.classList.toggle("wide", !best.includes(one)));
  }

  // The same rule as the page was written with: round months or years, six at the most; days where it is short.
  function labels(first, last) {
    const found = [], months = (last - first) / 30.4;
    const place = (day) => (day - first) / (last - first);
    if (months < 2) {
      const step = Math.max(1, Math.ceil((last - first) / 5));
      for (let day = Math.ceil(first); day <= last; day += step) {
        const date = new Date(day * DAY);
        found.push([place(day), `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`]);
      }
      return found;
    }
    const step = [1, 2, 3, 6, 12, 24, 60, 120].find((one) => months / one <= 6) || 240;
    const begin = new Date(first * DAY);
    let number = begin.getUTCFullYear() * 12 + begin.getUTCMonth() + (begin.getUTCDate() > 1 ? 1 : 0);
    number += (step - (number % step)) % step;
    for (;; number += step) {
      const year = Math.floor(number / 12), month = number % 12, day = Date.UTC(year, month, 1) / DAY;
      if (day > last) return found;
      found.push([place(day), step >= 12 ? String(year) : `${MONTHS[month]} ${year}`]);
    }
  }

  const form = document.getElementById("period");
  const from = document.getElementById("from"), to = document.getElementById("to"), sum = document.getElementById("sum");
  const written = (day) => new Date(Math.round(day) * DAY).toISOString().slice(0, 10);
  const bounds = () => [
    Math.min(...timed.map((one) => one.origin + one.whole.left)),
    Math.max(...timed.map((one) => one.origin + one.whole.left + one.whole.width)),
  ];

  // Shows the days from `first` to `last` in every chart of time, and what was run in them.
  function period(first, last) {
    const [earliest, latest] = bounds();
    first = Math.max(earliest, Math.min(Math.floor(first), latest - 7));
    last = Math.min(latest, Math.max(Math.ceil(last), first + 7));
    for (const figure of timed) figure.show(first, last);
    from.value = written(first);
    to.value = written(last - 1);
    const weeks = timed.find((one) => one.figure.id === "weeks");
    if (!weeks) return;
    let [length, runs, seconds] = [0, 0, 0];
    weeks.rows.forEach((row, index) => {
      const day = weeks.origin + weeks.at[index];
      if (day < first || day > last) return;
      const sums = row.dataset.sums.split(" ").map(Number);
      length += sums[0]; runs += sums[1]; seconds += sums[2];
    });
    const hours = Math.floor(seconds / 3600), minutes = Math.floor((seconds % 3600) / 60);
    sum.textContent = `${runs.toLocaleString("en")} ${weeks.heads[2]}, ${length.toLocaleString("en", { maximumFractionDigits: 1 })} ` +
      `${weeks.heads[1]}, ${hours.toLocaleString("en")}:${String(minutes).padStart(2, "0")} h in these weeks`;
  }

  // A chart whose table is elsewhere can be read as soon as that has come: it is asked for when somebody comes near.
  function readLater(figure, twin) {
    const surface = figure.querySelector(".panels");
    let request = null;
    function read() {
      if (request) return;
      request = new XMLHttpRequest();  // it reads a page as a document, which no text from elsewhere may become
      request.open("GET", twin.dataset.table);
      request.responseType = "document";
      request.addEventListener("load", () => {
        const table = request.status === 200 && request.response.querySelector("main .scroll");
        if (!table) return forget();
        twin.querySelector("p").replaceWith(document.adoptNode(table));
        new Figure(figure);
      });
      request.addEventListener("error", forget);
      request.send();
    }
    // The link to the table stays, and the next try may come through.
    function forget() { request = null; }
    surface.tabIndex = 0;
    for (const kind of ["pointerenter", "focus"]) surface.addEventListener(kind, read);
    twin.addEventListener("toggle", read);
  }

  for (const figure of document.querySelectorAll("figure.chart")) {
    const twin = figure.querySelector(".twin[data-table]");
    if (twin) readLater(figure, twin); else new Figure(figure);
  }
  // What another script draws later says so.
  document.addEventListener("drawn", (event) => {
    const foot = event.target.querySelector(".foot");
    if (foot) thin(foot);
    new Figure(event.target);
  });
  if (timed.length && form) {
    form.hidden = false;
    const read = (input) => Date.parse(input.value) / DAY;
    form.addEventListener("change", () => {
      if (Number.isFinite(read(from)) && Number.isFinite(read(to))) period(read(from), read(to) + 1);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => { event.preventDefault(); period(...bounds()); });
    period(...bounds());
  }
})();
