// Who else is on the page, and what they changed: asked for every few seconds, put in where nobody
// is typing; where somebody is, they are told.

const EVERY = 4000; // milliseconds
const page = document.getElementById("filling");

function seen() {
  const fields = new URLSearchParams();
  for (const form of page.querySelectorAll("form[data-answer]")) {
    fields.set(`revision.${form.dataset.answer}`, form.querySelector("[name=revision]").value);
  }
  for (const one of page.querySelectorAll(".beside")) fields.set(`beside.${one.dataset.indicator}`, one.dataset.tag);
  return fields;
}

function put(now) {
  const old = document.getElementById(now.id);
  if (!old || old.isEqualNode(now)) return;
  old.replaceWith(now);
  window.htmx.process(now);
}

function answered(question) {
  const [now, old] = [question, document.getElementById(question.id)].map((one) => one?.querySelector("form[data-answer]"));
  if (!old) return;
  if (!("dirty" in old.dataset) && !old.contains(document.activeElement)) {
    old.replaceWith(now);
    window.htmx.process(now);
  } else if (!old.querySelector(".theirs")) {
    const line = document.createElement("p");
    line.className = "notice theirs";
    line.textContent = page.dataset.theirs;
    old.querySelector(".status").append(line);
  }
}

async function ask() {
  if (document.hidden) return;
  let answer;
  try {
    answer = await fetch(page.dataset.presence, { method: "POST", body: seen(), headers: { "HX-Request": "true" } });
  } catch { return; }
  if (!answer.ok) return;
  const { content } = Object.assign(document.createElement("template"), { innerHTML: await answer.text() });
  for (const question of content.querySelectorAll(".indicator")) answered(question);
  for (const beside of content.querySelectorAll(".beside")) {
    if (!document.getElementById(beside.id)?.contains(document.activeElement)) put(beside);
  }
  for (const id of ["present", "standing", "parts"]) {
    if (!document.getElementById(id).contains(document.activeElement)) put(content.getElementById(id));
  }
}

ask();
setInterval(ask, EVERY);
