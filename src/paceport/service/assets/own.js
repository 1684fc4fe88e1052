// Sends each chosen file as it is, and shows how far it is.
"use strict";
const form = document.getElementById("upload");
const input = document.getElementById("file");
const said = document.getElementById("said");
const progress = document.getElementById("progress");
const token = document.querySelector('meta[name="form-token"]').content;

function send(file) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/me/files?name=" + encodeURIComponent(file.name));
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-paceport-token", token);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    };
    request.onerror = () => resolve(file.name + ": the connection was cut; try again.");
    request.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // not ours: the status says it
      }
      if (request.status === 200) {
        const parts = [`${answer.new} stored`];
        if (answer.known) parts.push(`${answer.known} already here`);
        if (answer.passed_over) parts.push(`${answer.passed_over} left out, which are no recordings`);
        resolve(`${file.name}: ${parts.join(", ")}.`);
      } else {
        resolve(`${file.name}: ${answer.why || "not taken (" + request.status + ")"}`);
      }
    };
    request.send(file);
  });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  progress.hidden = false;
  const lines = [];
  for (const file of input.files) {
    progress.value = 0;
    lines.push(await send(file));
    said.textContent = lines.join("\n");
  }
  if (lines.length) said.textContent += "\nReload this page to see your files in the list.";
  progress.hidden = true;
  input.value = "";
});
form.hidden = false;
