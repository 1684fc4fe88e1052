"use strict";
// The list of runs as one long list: only the rows near the window are there, the server finds and sorts them.
(() => {
  const place = document.getElementById("list"), table = document.getElementById("runs");
  const form = document.querySelector(".filters"), sum = document.getElementById("sum");
  if (!place || !table) return;
  const PART = 100, AROUND = 6;
  const body = table.tBodies[0], columns = ["name", "day", "distance", "time", "pace", "adjusted", "heart", "climb", "load"];
  let address = place.dataset.rows, total = Number(place.dataset.total);
  let parts = new Map(), waiting = new Map(), shown = new Map(), height = 44, turn = 0, asked = null;

  const gap = () => {
    const row = document.createElement("tr"), cell = document.createElement("td");
    row.className = "gap";
    row.setAttribute("aria-hidden", "true");
    row.append(cell);
    return row;
  };
  const above = gap(), below = gap();

  function line(index) {
    const part = parts.get(Math.floor(index / PART));
    return part && part[index % PART];
  }

  function draw(index) {
    const values = line(index), row = document.createElement("tr");
    row.setAttribute("aria-rowindex", String(index + 2));
    row.dataset.ready = values ? "1" : "";
    columns.forEach((name, column) => {
      const cell = document.createElement("td");
      cell.className = name;
      if (!values) cell.textContent = name === "name" ? "…" : "";
      else if (name === "name") {
        const link = document.createElement("a");
        link.href = values[0];
        link.textContent = values[1];
        cell.append(link);
        if (values[2]) {
          const small = document.createElement("small");
          small.textContent = values[2];
          cell.append(" ", small);
        }
      } else cell.textContent = values[column + 2];
      row.append(cell);
    });
    return row;
  }

  async function load(number) {
    const here = turn;
    if (parts.has(number) || waiting.has(number)) return;
    waiting.set(number, true);
    try {
      const mark = address.includes("?") ? "&" : "?";
      const answer = await fetch(`${address}${mark}offset=${number * PART}&limit=${PART}`, { headers: { accept: "application/json" } });
      if (here !== turn || !answer.ok) return;
      const found = await answer.json();
      if (here !== turn) return;
      parts.set(number, found.rows);
      if (found.total !== total) {
        total = found.total;
        table.setAttribute("aria-rowcount", String(total + 1));
      }
      say(found);
      show();
    } finally {
      if (here === turn) waiting.delete(number);
    }
  }

  function say(found) {
    if (sum.textContent !== found.summary) sum.textContent = found.summary;
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      const [link, sorted] = found.columns[column];
      cell.setAttribute("aria-sort", sorted);
      cell.querySelector("a").setAttribute("href", link);
    });
  }

  // Rows that stay are left alone, so that the keyboard's place in the list is not lost.
  function show() {
    const top = table.tBodies[0].getBoundingClientRect().top;
    const first = Math.max(0, Math.min(Math.floor(-top / height) - AROUND, total - 1));
    const last = Math.min(total, Math.ceil((innerHeight - top) / height) + AROUND);
    for (const [index, row] of shown) {
      if (index < first || index >= last || (!row.dataset.ready && line(index))) {
        row.remove();
        shown.delete(index);
      }
    }
    let next = above.nextSibling;
    for (let index = first; index < last; index += 1) {
      const kept = shown.get(index);
      if (kept) next = kept.nextSibling;
      else {
        const row = draw(index);
        shown.set(index, row);
        body.insertBefore(row, next);
      }
    }
    above.firstChild.style.height = `${Math.max(0, first) * height}px`;
    below.firstChild.style.height = `${Math.max(0, total - last) * height}px`;
    for (let number = Math.floor(first / PART); number <= Math.floor(Math.max(first, last - 1) / PART); number += 1) load(number);
  }

  function begin(next, keepPlace) {
    turn += 1;
    address = next;
    parts = new Map();
    waiting = new Map();
    for (const row of shown.values()) row.remove();
    shown = new Map();
    if (!keepPlace) scrollTo(0, Math.min(scrollY, table.getBoundingClientRect().top + scrollY));
    load(0);
  }

  const toRows = (link) => link.replace(/^\/runs/, "/runs.json");

  function search() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "") query.append(name, value);
    const text = query.toString();
    history.replaceState(null, "", text ? `/runs?${text}` : "/runs");
    begin(text ? `/runs.json?${text}` : "/runs.json");
  }

  let isAsked = false;
  addEventListener("scroll", () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => { isAsked = false; show(); });
  }, { passive: true });
  addEventListener("resize", () => { measure(); show(); });
  form.addEventListener("input", () => { clearTimeout(asked); asked = setTimeout(search, 140); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(asked); search(); });
  table.tHead.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const to = link.getAttribute("href"), query = new URLSearchParams(to.split("?")[1] || "");
    for (const name of ["sort", "turned"]) {
      let field = form.elements.namedItem(name);
      if (!field) {
        field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        form.append(field);
      }
      field.value = query.get(name) || "";
    }
    history.replaceState(null, "", to);
    begin(toRows(to));
  });

  function measure() {
    const row = body.querySelector("tr:not(.gap)");
    if (row) height = row.getBoundingClientRect().height || height;
  }

  measure();
  document.body.classList.add("scripted");
  document.querySelector(".pager").hidden = true;
  table.setAttribute("aria-rowcount", String(total + 1));
  const first = Number(place.dataset.first);
  body.replaceChildren(above, below);
  begin(address, true);
  if (first) scrollTo(0, table.getBoundingClientRect().top + scrollY + first * height);
})();
