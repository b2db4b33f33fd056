// Answers that are not saved yet: kept in this browser until the service has them, also over a
// restart, and sent when the line is back. On every page; where an answer's form is there, it is
// filled in again and sends itself.

import { follow } from "./criteria.js";
import { parsed } from "./swap.js";

const banner = document.getElementById("unsent");
const mine = `unsent ${banner.dataset.person} `;
const RETRY = 5000; // milliseconds
const LATER = [429, 502, 503, 504]; // it cannot be served now, and nothing is wrong with it
const SETTLED = 15000; // since the last change: until then another tab may be at it

const entries = () => Object.keys(localStorage).filter((name) => name.startsWith(mine))
  .map((name) => ({ name, path: name.slice(mine.length), ...JSON.parse(localStorage[name]) }));

const settled = ({ at }) => Date.now() - at > SETTLED;
const content = (form) => new URLSearchParams(new FormData(form)).toString();

// What a form says, without what only tells how it was sent: on which revision, by which button.
function meaning(body) {
  const fields = new URLSearchParams(body);
  for (const name of ["revision", "reading", "take_back"]) fields.delete(name);
  fields.sort();
  return fields.toString();
}

const ticked = ({ type }) => type === "radio" || type === "checkbox";
const changed = (field) => (ticked(field)
  ? field.checked !== field.defaultChecked : "defaultValue" in field && field.value !== field.defaultValue);
const formOf = (path) => document.querySelector(`form[data-answer][action="${path}"]`);

function tell() {
  const elsewhere = entries().filter((one) => !formOf(one.path) && settled(one));
  banner.hidden = !elsewhere.length;
  banner.querySelector("ul").replaceChildren(...elsewhere.map(({ page, label, problem }) => {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("a"), { href: page, textContent: label }));
    if (problem) line.append(` ${problem}`);
    return line;
  }));
}

function keep(form) {
  form.dataset.dirty = "";
  const page = `${location.pathname}#${form.dataset.answer}`;
  const label = form.querySelector("legend")?.textContent.trim() ?? form.dataset.answer;
  try {
    localStorage[mine + form.getAttribute("action")] = JSON.stringify({ body: content(form), page, label, at: Date.now() });
  } catch { /* the browser keeps nothing: the answer is still on the page */ }
}

// The form is what counts: what is kept of it may be of a moment before.
function forget(form, body) {
  if (meaning(content(form)) !== meaning(body)) return keep(form); // changed since it was sent
  localStorage.removeItem(mine + form.getAttribute("action"));
  delete form.dataset.dirty;
  delete form.dataset.failed;
  tell();
}

function fillIn(form, body) {
  const fields = new URLSearchParams(body);
  for (const field of form.elements) {
    if (ticked(field)) field.checked = fields.getAll(field.name).includes(field.value);
    else if (fields.has(field.name)) field.value = fields.get(field.name);
  }
  follow(form);
  form.dataset.dirty = "";
  form.dispatchEvent(new Event("settled"));
  form.requestSubmit();
}

let resting = 0; // until when nothing is sent, as the service asked
function rest(headers) {
  const pause = 1000 * Number(headers.get("Retry-After")) || RETRY;
  resting = Date.now() + pause;
  setTimeout(retry, pause + 10);
}

// What is refused is not sent again: it waits on its page, with the reason, for somebody to mend it.
async function refuse({ name, body }, answer) {
  const problem = parsed(await answer.text()).querySelector(".problem")?.textContent ?? "";
  const kept = JSON.parse(localStorage[name] ?? "null");
  if (kept?.body === body) localStorage[name] = JSON.stringify({ ...kept, problem });
}

async function send(one) {
  const headers = { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" };
  const answer = await fetch(one.path, { method: "POST", body: one.body, headers }).catch(() => null);
  if (!answer) return; // there is still no line
  if (answer.ok) localStorage.removeItem(one.name);
  else if (LATER.includes(answer.status)) rest(answer.headers);
  else if (answer.status !== 401) await refuse(one, answer); // who signs in again sends it then
}

async function retry() {
  for (const one of entries()) {
    if (Date.now() < resting) break;
    const form = formOf(one.path);
    if (!form && one.problem === undefined && settled(one)) await send(one);
    else if (form && "failed" in form.dataset) form.requestSubmit();
  }
  tell();
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => target.form?.dataset.answer && keep(target.form), true);
}
document.addEventListener("htmx:after:request", ({ detail: { ctx: { sourceElement: form, request, response } } }) => {
  if (!form.dataset.answer) return;
  if (response.status === 200) forget(form, request.body.toString());
  else if (response.status === 401) form.dataset.signedOut = "";
  else if (LATER.includes(response.status)) {
    form.dataset.failed = "";
    rest(response.headers);
  }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-reload]"); // the saved version is to stay
  if (!link) return;
  event.preventDefault();
  localStorage.removeItem(mine + link.closest("form").getAttribute("action"));
  location.hash = link.hash;
  location.reload();
});
addEventListener("online", retry);
// Whoever signs in again in another window comes back to what waits here.
addEventListener("focus", () => {
  for (const form of document.querySelectorAll("form[data-signed-out]")) {
    delete form.dataset.signedOut;
    form.requestSubmit();
  }
});
// What is left behind is for the next page to send at once: nobody is at it here any more.
addEventListener("pagehide", () => {
  for (const { name, path } of entries()) {
    if (formOf(path)) localStorage[name] = JSON.stringify({ ...JSON.parse(localStorage[name]), at: 0 });
  }
});
const begin = () => {
  for (const form of document.querySelectorAll("form[data-answer]")) {
    const touched = [...form.elements].filter(changed); // before this ran
    if (!touched.length) continue;
    follow(form, touched.some(({ type }) => type === "radio") ? null : touched[0]);
    keep(form);
  }
  for (const one of entries()) {
    const form = formOf(one.path);
    if (form) fillIn(form, one.body);
  }
  const waiting = entries().length;
  retry().then(() => {
    // The result was made before what the last page left behind arrived.
    if (entries().length < waiting && document.querySelector(".verdict")) location.reload();
  });
};
if (document.querySelector("form[data-answer]")) {
  document.addEventListener("htmx:after:process", begin, { once: true, capture: true }); // not before
} else begin();
setInterval(() => navigator.onLine && retry(), RETRY);
