// The fill-in page beyond htmx: queued saves, criteria and levels that follow one another, keys,
// and a word when the line is down.

const page = document.getElementById("filling");

// A save that waited in the queue was built on the revision of its time: take the present one,
// unless a button says which version it replaces.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const seen = ctx.sourceElement.querySelector("input[name=revision]");
  if (!seen) return;
  ctx.sourceElement.querySelectorAll(".status > .problem").forEach((line) => line.remove());
  const { submitter, body } = ctx.request;
  body.set("revision", submitter?.name === "revision" ? submitter.value : seen.value);
});

function say(place, words) {
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = words;
  place.querySelectorAll(":scope > p").forEach((old) => old.remove());
  place.append(line);
}

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  const form = ctx?.sourceElement;
  if (!form?.dataset.answer) {
    if (form?.matches(".beside form")) say(form, page.dataset.unsent);
    return;
  }
  form.dataset.failed = "";
  say(form.querySelector(".status"), `${page.dataset.offline} ${page.dataset.kept}`);
});

// A level has all criteria up to it; a criterion that is ticked or not lets the level follow.
document.addEventListener("change", ({ target }) => {
  const { form } = target;
  if (!form?.dataset.answer) return;
  const criteria = [...form.querySelectorAll(".criteria input")];
  if (criteria.includes(target)) form.querySelector("input[value='+']").checked = true;
  else if (target.name === "choice" && /^\d+$/.test(target.value)) {
    for (const one of criteria) one.checked = parseInt(one.name.slice(6), 10) <= Number(target.value);
  }
}, true);

// An upload tells how far it is; files can be dropped anywhere on their question.
function upload(form, files) {
  const fields = new FormData();
  for (const file of files) fields.append("file", file);
  const progress = form.querySelector("progress");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  progress.hidden = false;
  request.upload.onprogress = ({ loaded, total }) => { progress.value = loaded / total; };
  request.onerror = () => {
    progress.hidden = true;
    say(form, page.dataset.unsent);
  };
  request.onload = () => {
    const beside = form.closest(".beside");
    const focused = beside.contains(document.activeElement) && document.activeElement.id;
    beside.outerHTML = request.responseText;
    const now = document.getElementById(beside.id);
    window.htmx.process(now);
    if (focused) document.getElementById(focused)?.focus();
  };
  request.send(fields);
}
const dropped = (event) => event.dataTransfer?.types.includes("Files")
  && event.target.closest?.(".indicator")?.querySelector("form[data-upload]");
document.addEventListener("dragover", (event) => dropped(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  const form = dropped(event);
  if (!form) return;
  event.preventDefault();
  form.closest("details").open = true;
  upload(form, event.dataTransfer.files);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-upload]")) return;
  event.preventDefault();
  const { files } = event.target.querySelector("input[type=file]");
  if (files.length) upload(event.target, files);
});
