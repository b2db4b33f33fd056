// What the fill-in page needs beyond htmx: queued saves, and a word when the line is down.

const failed = document.currentScript.dataset.failed;

// A save that waited in the queue was built on the revision of its time: take the present one,
// unless a button says which version it replaces.
document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  const seen = sourceElement.querySelector("input[name=revision]");
  if (!seen) return;
  sourceElement.querySelectorAll(".status > .problem").forEach((line) => line.remove());
  const { submitter } = request;
  request.body.set("revision", submitter?.name === "revision" ? submitter.value : seen.value);
});

document.addEventListener("htmx:error", (event) => {
  const status = event.detail.ctx?.sourceElement.querySelector(".status");
  if (!status) return;
  status.querySelectorAll(":scope > p").forEach((line) => line.remove());
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = failed;
  status.append(line);
});
