// What the fill-in page needs beyond htmx: queued saves, and a word when the line is down.

const failed = document.currentScript.dataset.failed;

// A save that waited in the queue was built on the revision of its time: take the present one.
document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  const revision = sourceElement.elements?.revision;
  if (revision) request.body.set("revision", revision.value);
});

document.addEventListener("htmx:error", (event) => {
  const status = event.detail.ctx?.sourceElement.querySelector(".status");
  if (!status) return;
  status.querySelectorAll("p").forEach((line) => line.remove());
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = failed;
  status.append(line);
});
