// Answers that are not saved yet: kept in this browser until the service has them, also over a
// restart, and sent when the line is back. On every page; where an answer's form is there, it is
// filled in again and sends itself.

import { parsed } from "./swap.js";

const banner = document.getElementById("unsent");
const mine = `unsent ${banner.dataset.person} `;
const RETRY = 5000; // milliseconds
const LATER = [429, 502, 503, 504]; // it cannot be served now, and nothing is wrong with it
const SETTLED = 15000; // since the last change: until then another tab may be at it

const entries = () => Object.keys(localStorage).filter((name) => name.startsWith(mine))
  .map((name) => ({ name, path: name.slice(mine.length), ...JSON.parse(localStorage[name]) }));

const content = (form) => new URLSearchParams(new FormData(form)).toString();
// without what only says how the form was sent: on which revision, by which button
const withoutRevision = (body) => body.replace(/(^|&)(revision|reading)=[^&]*/g, "");
const ticked = ({ type }) => type === "radio" || type === "checkbox";
const edited = ({ elements }) => [...elements].some((field) => (ticked(field)
  ? field.checked !== field.defaultChecked : "defaultValue" in field && field.value !== field.defaultValue));
const formOf = (path) => document.querySelector(`form[data-answer][action="${path}"]`);

function tell() {
  const elsewhere = entries().filter((one) => !formOf(one.path));
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

function forget(form, body) {
  const name = mine + form.getAttribute("action");
  const kept = localStorage[name] && JSON.parse(localStorage[name]).body;
  if (kept && withoutRevision(kept) !== withoutRevision(body)) return; // changed since it was sent
  localStorage.removeItem(name);
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
  form.dataset.dirty = "";
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
    if (!form && one.problem === undefined && Date.now() - one.at > SETTLED) await send(one);
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
const begin = () => {
  [...document.querySelectorAll("form[data-answer]")].filter(edited).forEach(keep); // before this ran
  for (const one of entries()) {
    const form = formOf(one.path);
    if (form) fillIn(form, one.body);
  }
  retry();
};
if (document.querySelector("form[data-answer]")) {
  document.addEventListener("htmx:after:process", begin, { once: true, capture: true }); // not before
} else begin();
setInterval(() => navigator.onLine && retry(), RETRY);
