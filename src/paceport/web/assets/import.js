"use strict";
// Sends dropped files one by one, each as it is, then starts their import and goes to its page.
(() => {
  const zone = document.getElementById("drop");
  const token = document.querySelector('meta[name="write-token"]');
  if (!zone || !token) return;
  const find = (name) => zone.querySelector(name);
  const input = find("input"), sending = find(".sending"), bar = find("progress"), count = find(".count");
  const said = find(".said"), refused = find(".refused"), goOn = find(".go-on");
  const most = Number(zone.dataset.most);
  const gone = { what: "The server does not answer", why: "", fix: "see whether paceport serve is still running" };
  let batch = "", request = null, arrived = 0, isStopped = false;
  zone.hidden = false;

  const sentence = (error) => `${error.what}${error.why ? `: ${error.why}` : ""}. What helps: ${error.fix}`;
  const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

  async function ask(method, path) {
    let answer;
    try {
      answer = await fetch(`/import/batches${path}`, { method, headers: { "x-paceport-token": token.content } });
    } catch {
      throw gone;
    }
    if (answer.ok) return answer.status === 204 ? {} : answer.json();
    const text = await answer.text();
    try { throw JSON.parse(text); } catch (error) { throw error.what ? error : { ...gone, what: text.trim() }; }
  }

  function send(file, before, whole) {
    return new Promise((resolve, reject) => {
      request = new XMLHttpRequest();
      request.open("POST", `/import/batches/${batch}/files?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("x-paceport-token", token.content);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.upload.addEventListener("progress", (event) => {
        bar.value = before + event.loaded;
        count.textContent = `${megabytes(before + event.loaded)} of ${megabytes(whole)} MB: ${file.name}`;
      });
      request.addEventListener("load", () => {
        if (request.status === 204) return resolve();
        try { reject(JSON.parse(request.responseText)); } catch { reject({ ...gone, what: request.responseText.trim() }); }
      });
      // Also a folder, or a file that was changed or taken away meanwhile: the browser does not say which.
      request.addEventListener("error", () => reject({
        what: `${file.name} could not be sent`, why: "the browser cannot read it, or the server does not answer",
        fix: "drop files, no folders; see whether paceport serve is still running",
      }));
      request.addEventListener("abort", () => reject(null));
      request.send(file);
    });
  }

  function refuse(error) {
    const line = document.createElement("li");
    line.textContent = sentence(error);
    refused.append(line);
  }

  async function begin() {
    goOn.hidden = true;
    said.textContent = "Starting the import.";
    try {
      const started = await ask("POST", `/${batch}/start`);
      batch = "";
      location.assign(started.address);
    } catch (error) {
      said.textContent = sentence(error);
      if (error.running) {
        const link = document.createElement("a");
        link.href = error.running;
        link.textContent = "See what is running.";
        said.append(" ", link);
      }
      offer("Try again");
    }
  }

  function offer(words) {
    goOn.textContent = words;
    goOn.hidden = false;
  }

  async function sendAll(files) {
    const whole = files.reduce((sum, file) => sum + file.size, 0);
    let before = 0;
    bar.max = whole || 1;
    bar.value = 0;
    for (const file of files) {
      if (isStopped) return;
      if (file.size > most) {
        refuse({ what: `${file.name} is larger than ${zone.dataset.mostText}`, why: "", fix: "use paceport import" });
      } else {
        try {
          await send(file, before, whole);
          arrived += 1;
        } catch (error) {
          if (error) refuse(error);
        }
      }
      before += file.size;
    }
  }

  async function take(files) {
    if (!files.length || !sending.hidden) return;
    if (!batch) arrived = 0;
    refused.replaceChildren();
    goOn.hidden = true;
    isStopped = false;
    said.textContent = files.length === 1 ? "Sending the file." : `Sending ${files.length} files.`;
    sending.hidden = false;
    try {
      if (!batch) batch = (await ask("POST", "")).batch;
      await sendAll(files);
    } catch (error) {
      refuse(error);
    }
    sending.hidden = true;
    input.value = "";
    if (isStopped) return;
    if (!arrived) said.textContent = "Nothing was taken.";
    else if (!refused.children.length) await begin();
    else {
      said.textContent = "Not all files were taken.";
      offer(arrived === 1 ? "Import the other file" : `Import the ${arrived} other files`);
    }
  }

  function drop() {
    const old = batch;
    batch = "";
    if (old) {
      fetch(`/import/batches/${old}`, { method: "DELETE", keepalive: true, headers: { "x-paceport-token": token.content } })
        .catch(() => null);  // a server that is gone has nothing to be told
    }
  }

  find(".give-up").addEventListener("click", () => {
    isStopped = true;
    if (request) request.abort();
    drop();
    said.textContent = "Stopped. Nothing was imported.";
  });
  goOn.addEventListener("click", begin);
  input.addEventListener("change", () => take([...input.files]));
  // Anywhere on the page: a file that misses the zone must not take the page away.
  addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.classList.remove("over"); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  addEventListener("pagehide", drop);
})();
