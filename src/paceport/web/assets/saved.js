"use strict";
// Keeping a chart and removing one without leaving the page. Without this script the two forms do the same.
(() => {
  const token = document.querySelector('meta[name="write-token"]');
  if (!token) return;
  const send = (method, values) => fetch("/charts/saved", {
    method,
    headers: { "content-type": "application/json", "x-paceport-token": token.content },
    body: JSON.stringify(values),
  });
  const value = (form, name) => form.elements.namedItem(name).value;
  const said = document.querySelector("#keep output");

  async function change(method, values) {
    if (said) said.textContent = "";
    try {
      const answer = await send(method, values);
      if (answer.ok) location.reload();
      else if (said) said.textContent = await answer.text();
    } catch {
      if (said) said.textContent = "The server does not answer. Is paceport serve still running?";
    }
  }
  for (const form of document.querySelectorAll("form.keep, form.remove")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = value(form, "name");
      if (form.id === "keep") change("POST", { name, query: value(form, "query") });
      else change("DELETE", { name });
    });
  }
})();
