"use strict";
// Shows how far a task is, once a second, and loads the page again at its end.
(() => {
  const section = document.getElementById("task");
  const token = document.querySelector('meta[name="write-token"]');
  if (!section) return;
  const address = section.dataset.address;
  const bar = section.querySelector("progress"), status = section.querySelector("[role=status]");
  const button = section.querySelector(".stop button");
  const say = (place, text) => { if (place.textContent !== text) place.textContent = text; };

  function show(task) {
    if (task.total) { bar.max = task.total; bar.value = task.done; } else bar.removeAttribute("value");
    say(section.querySelector(".so-far"), task.count);
    say(section.querySelector(".left"), task.left);
    say(section.querySelector(".words"), task.words);
    if (task.state !== "stopping") return;
    button.disabled = true;
    say(status, "It stops at the next safe point.");
  }
  async function look() {
    let pause = 1000;
    try {
      const answer = await fetch(`${address}.json`);
      const task = answer.ok ? await answer.json() : null;
      if (!task || !["running", "stopping"].includes(task.state)) return location.reload();
      show(task);
    } catch {
      say(status, "The server does not answer. Is paceport serve still running?");
      pause = 5000;
    }
    setTimeout(look, pause);
  }
  section.querySelector(".stop").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const answer = await fetch(`${address}/stop`, { method: "POST", headers: { "x-paceport-token": token.content } });
      if (answer.ok) show(await answer.json());
      else say(status, await answer.text());
    } catch {
      say(status, "The server does not answer. Is paceport serve still running?");
    }
  });
  setTimeout(look, 300);
})();
