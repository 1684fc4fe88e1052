"use strict";
// Keeping a chart and removing one: the two things that these pages can change.
(() => {
  const token = document.querySelector('meta[name="write-token"]');
  if (!token) return;
  const send = (method, values) => fetch("/charts/saved", {
    method,
    headers: { "content-type": "application/json", "x-paceport-token": token.content },
    body: JSON.stringify(values),
  });
  const form = document.getElementById("keep");
  if (form) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const said = form.querySelector("output");
      said.textContent = "";
      try {
        const answer = await send("POST", { name: form.elements.namedItem("name").value, query: form.dataset.query });
        if (answer.ok) location.reload();
        else said.textContent = await answer.text();
      } catch {
        said.textContent = "The server does not answer. Is paceport serve still running?";
      }
    });
  }
  for (const button of document.querySelectorAll("button.remove")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const answer = await send("DELETE", { name: button.dataset.name });
      if (answer.ok) location.reload();
    });
  }
})();
