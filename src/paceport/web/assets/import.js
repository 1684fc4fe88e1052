"use strict";
// Sends files one by one, each as it is, then starts their import and goes to its page; folders.js says which files.
(() => {
  const zone = document.getElementById("drop");
  const token = document.querySelector('meta[name="write-token"]');
  if (!zone || !token) return;
  const find = (name) => zone.querySelector(name);
  const input = find("#files"), folder = find("#folder"), options = find(".reading"), sending = find(".sending"), bar = find("progress"), count = find(".count");
  const said = find(".said"), refused = find(".refused"), goOn = find(".go-on");
  const most = Number(zone.dataset.most), mostFiles = Number(zone.dataset.mostFiles), MOST_SHOWN = 20;
  const gone = { what: "The server does not answer", why: "", fix: "see whether paceport serve is still running" };
  let batch = "", request = null, arrived = 0, isStopped = false, notTaken = 0, passedOver = { hidden: 0, others: 0 };
  zone.hidden = false;
  if (!("webkitdirectory" in folder)) folder.parentElement.hidden = true;

  const sentence = (error) => `${error.what}${error.why ? `: ${error.why}` : ""}. What helps: ${error.fix}`;
  const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

  async function ask(method, path, wishes) {
    const headers = { "x-paceport-token": token.content }, body = wishes && JSON.stringify(wishes);
    if (body) headers["content-type"] = "application/json";
    let answer;
    try {
      answer = await fetch(`/import/batches${path}`, { method, headers, body });
    } catch {
      throw gone;
    }
    if (answer.ok) return answer.status === 204 ? {} : answer.json();
    const text = await answer.text();
    try { throw JSON.parse(text); } catch (error) { throw error.what ? error : { ...gone, what: text.trim() }; }
  }

  const inFolder = (item) => item.folder && `${item.folder}/`;

  function send(item, index, items, before, whole) {
    const { file } = item, place = items.length > 1 ? `${(index + 1).toLocaleString("en")} of ${items.length.toLocaleString("en")} files, ` : "";
    const path = `/import/batches/${batch}/files?name=${encodeURIComponent(file.name)}&folder=${encodeURIComponent(item.folder)}`;
    return new Promise((resolve, reject) => {
      request = new XMLHttpRequest();
      request.open("POST", path);
      request.setRequestHeader("x-paceport-token", token.content);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.upload.addEventListener("progress", (event) => {
        bar.value = before + event.loaded;
        count.textContent = `${place}${megabytes(before + event.loaded)} of ${megabytes(whole)} MB: ${inFolder(item)}${file.name}`;
      });
      request.addEventListener("load", () => {
        if (request.status === 204) return resolve();
        try { reject(JSON.parse(request.responseText)); } catch { reject({ ...gone, what: request.responseText.trim() }); }
      });
      // Also a file that was changed or taken away meanwhile: the browser does not say which.
      request.addEventListener("error", () => reject({
        what: `${inFolder(item)}${file.name} could not be sent`, why: "the browser cannot read it, or the server does not answer",
        fix: "see that the file is still there and that you may open it, and whether paceport serve is still running",
      }));
      request.addEventListener("abort", () => reject(null));
      request.send(file);
    });
  }

  function refuse(error) {
    notTaken += 1;
    const line = notTaken > MOST_SHOWN ? refused.lastElementChild : refused.appendChild(document.createElement("li"));
    line.textContent = notTaken > MOST_SHOWN ? `${(notTaken - MOST_SHOWN + 1).toLocaleString("en")} more` : sentence(error);
  }

  function wishes() {
    const found = { ...passedOver };
    for (const field of options.querySelectorAll("[name]")) found[field.name] = field.value;
    return found;
  }

  const words = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

  function passedOverText() {
    const parts = [
      passedOver.hidden && words(passedOver.hidden, "hidden file or folder", "hidden files or folders"),
      passedOver.others && words(passedOver.others, "file of another kind", "files of other kinds"),
    ].filter((part) => part);
    return parts.length ? ` Left out: ${parts.join(" and ")}.` : "";
  }

  async function begin() {
    goOn.hidden = true;
    said.textContent = "Starting the import.";
    try {
      const started = await ask("POST", `/${batch}/start`, wishes());
      batch = "";
      location.assign(started.address);
    } catch (error) {
      said.textContent = sentence(error);
      if (error.what.startsWith("--") || error.fix.startsWith("--")) options.open = true;
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

  async function sendAll(items) {
    const whole = items.reduce((sum, item) => sum + item.file.size, 0);
    let before = 0;
    bar.max = whole || 1;
    bar.value = 0;
    for (const [index, item] of items.entries()) {
      if (isStopped) return;
      if (item.file.size > most) {
        refuse({ what: `${item.file.name} is larger than ${zone.dataset.mostText}`, why: "", fix: "use paceport import" });
      } else {
        try {
          await send(item, index, items, before, whole);
          arrived += 1;
        } catch (error) {
          if (error) refuse(error);
        }
      }
      before += item.file.size;
    }
  }

  // `found` gives the files; it may take a while for folders.
  async function take(found) {
    if (!sending.hidden) return;
    if (!batch) [arrived, passedOver] = [0, { hidden: 0, others: 0 }];
    refused.replaceChildren();
    notTaken = 0;
    goOn.hidden = true;
    isStopped = false;
    bar.removeAttribute("value");
    count.textContent = "";
    sending.hidden = false;
    try {
      const { items, hidden, others, troubles } = await found();
      if (!isStopped) {
        passedOver = { hidden: passedOver.hidden + hidden, others: passedOver.others + others };
        troubles.forEach(refuse);
        if (items.length) {
          said.textContent = `${items.length === 1 ? "Sending the file." : `Sending ${items.length.toLocaleString("en")} files.`}${passedOverText()}`;
          if (!batch) batch = (await ask("POST", "")).batch;
          await sendAll(items);
        }
      }
    } catch (error) {
      refuse(error);
    }
    sending.hidden = true;
    input.value = folder.value = "";
    if (isStopped) return;
    if (!arrived && !notTaken) said.textContent = `There is no FIT, GPX, TCX or ZIP file in it.${passedOverText()}`;
    else if (!arrived) said.textContent = `Nothing was taken.${passedOverText()}`;
    else if (!notTaken) await begin();
    else {
      said.textContent = `Not all files were taken.${passedOverText()}`;
      offer(arrived === 1 ? "Import the other file" : `Import the ${arrived.toLocaleString("en")} other files`);
    }
  }

  const plain = (files) => paceportFiles.walked({ files, folders: [] }, mostFiles, () => {}, () => isStopped);

  function looked(roots) {
    if (roots.folders.length) said.textContent = "Looking into the folder.";
    const tell = (number) => { count.textContent = `${words(number, "file", "files")} found`; };
    return paceportFiles.walked(roots, mostFiles, tell, () => isStopped);
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
  input.addEventListener("change", () => take(() => plain([...input.files])));
  folder.addEventListener("change", () => take(() => paceportFiles.ofFolder(folder.files, mostFiles)));
  // Anywhere on the page: a file that misses the zone must not take the page away.
  addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.classList.remove("over"); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    const roots = paceportFiles.dropped(event.dataTransfer);
    if (roots.files.length + roots.folders.length) take(() => looked(roots));
  });
  addEventListener("pagehide", drop);
})();
