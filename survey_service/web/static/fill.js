// The fill-in page beyond htmx: queued saves, answers that are taken back, uploads, and a word when
// the line is down.

import { parsed, swap } from "./swap.js";

const page = document.getElementById("filling");

// A save that waited in the queue was built on the revision of its time: take the present one,
// unless a button says which version it replaces.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const seen = ctx.sourceElement.querySelector("input[name=revision]");
  if (!seen) return;
  if (!ctx.sourceElement.querySelector(".status > .readings")) { // what is to be chosen stays meanwhile
    ctx.sourceElement.querySelectorAll(".status > .problem").forEach((line) => line.remove());
  }
  const { submitter, body } = ctx.request;
  body.set("revision", submitter?.name === "revision" ? submitter.value : seen.value);
});

function say(place, words) {
  const line = Object.assign(document.createElement("p"), { className: "problem", textContent: words });
  place.querySelectorAll(":scope > p").forEach((old) => old.remove());
  place.append(line);
}

// What cannot be served now is kept and sent again (unsent.js); what the service says stands beside it.
const said = (text) => parsed(text).querySelector(".problem")?.textContent;
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement: form, response, text } = event.detail.ctx;
  if (!form.dataset.answer || ![429, 502, 503, 504].includes(response.status)) return;
  event.preventDefault(); // nothing takes the place of anything
  say(form.querySelector(".status"), `${said(text) ?? page.dataset.offline} ${page.dataset.kept}`);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  const form = ctx?.sourceElement;
  if (form?.matches(".annotations form")) say(form, page.dataset.unsent);
  if (!form?.dataset.answer) return;
  form.dataset.failed = "";
  say(form.querySelector(".status"), `${page.dataset.offline} ${page.dataset.kept}`);
});

// Numbers that are saved stand in their fields as the reader writes them, once nobody is at them.
function settle(form) {
  const doubtful = form.querySelector(".status .readings")?.dataset.written;
  for (const field of form.querySelectorAll("input[inputmode=decimal]")) {
    field.toggleAttribute("aria-invalid", doubtful !== undefined && field.value.trim() === doubtful);
    if (field.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
  }
  for (const { dataset, value } of "dirty" in form.dataset ? [] : form.querySelectorAll(".status data[data-field]")) {
    const field = form.elements[dataset.field];
    if (field && field !== document.activeElement) field.value = field.defaultValue = value;
  }
  form.dispatchEvent(new Event("settled"));
}
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx?.sourceElement?.dataset.answer) settle(ctx.sourceElement);
});
document.addEventListener("focusout", ({ target }) => {
  if (target.form?.dataset.answer) setTimeout(settle, 0, target.form); // when the focus has moved on
});

// An answer that is taken back: everything but the note is emptied, and sent as whatever is changed.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take-back]");
  if (!button) return;
  event.preventDefault();
  const { form } = button;
  for (const field of form.elements) {
    if (["radio", "checkbox"].includes(field.type)) field.checked = false;
    else if (field.type !== "hidden" && !["note", "take_back"].includes(field.name)) field.value = "";
  }
  const first = form.querySelector("input:not([type=hidden]), textarea");
  first.dispatchEvent(new Event("change", { bubbles: true }));
  first.focus();
});

// An upload tells how far it is; files can be dropped anywhere on their question.
function upload(form) {
  const annotations = form.closest(".annotations");
  const progress = form.querySelector("progress");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.upload.onprogress = ({ loaded, total }) => { progress.value = loaded / total; };
  request.onloadend = () => {
    const now = parsed(request.responseText).querySelector(".annotations");
    if (now) return swap(annotations, now, form);
    progress.hidden = true;
    say(form, said(request.responseText) ?? page.dataset.unsent);
  };
  annotations.dataset.dirty = ""; // nothing takes its place meanwhile
  progress.hidden = false;
  request.send(new FormData(form));
}
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-upload]")) return;
  event.preventDefault();
  upload(event.target);
});
const dropped = (event) => event.dataTransfer?.types.includes("Files")
  && event.target.closest?.(".indicator")?.querySelector("form[data-upload]");
document.addEventListener("dragover", (event) => dropped(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  const form = dropped(event);
  if (!form) return;
  event.preventDefault();
  form.closest("details").open = true;
  form.elements.file.files = event.dataTransfer.files;
  form.requestSubmit();
});
