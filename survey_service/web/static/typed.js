// What is typed in any form: kept in this browser until the service has it, so that it stands there
// again once somebody whose session ended has signed in. Answers have a keeper of their own
// (unsent.js). Passwords, codes and files are not kept, and nothing is after signing out.

const person = document.getElementById("unsent")?.dataset.person;
const alike = (form) => [...document.forms].filter((one) => one.getAttribute("action") === form.getAttribute("action"));
const mine = (path, form) => `typed ${person} ${path} ${form.getAttribute("action")} ${alike(form).indexOf(form)}`;
const WEEK = 7 * 24 * 3600 * 1000; // milliseconds
const UNKEPT = ["hidden", "password", "file", "submit", "button", "search"];

const keeps = (form) => person && form?.method === "post" && !form.dataset.answer
  && !form.querySelector("[type=password], [autocomplete=one-time-code]");
const fields = (form) => [...form.elements].filter(({ name, type }) => name && !UNKEPT.includes(type));
const ticked = ({ type }) => type === "radio" || type === "checkbox";
const state = (field) => (ticked(field) ? field.checked : field.value);
const standard = (field) => {
  if (ticked(field)) return field.defaultChecked;
  if (!field.options) return field.defaultValue;
  return ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value;
};
const key = (field) => (ticked(field) ? `${field.name} ${field.value}` : field.name);

function keep(form) {
  const changed = fields(form).filter((field) => state(field) !== standard(field));
  const name = mine(location.pathname, form);
  if (!changed.length) return localStorage.removeItem(name);
  const typed = Object.fromEntries(changed.map((field) => [key(field), state(field)]));
  try {
    localStorage[name] = JSON.stringify({ typed, page: location.pathname, at: Date.now() });
  } catch { /* the browser keeps nothing: it still stands on the page */ }
}

// What was there is not covered by what somebody typed over it and left, unless it could not be sent.
function fillIn(form, { typed, lost }) {
  for (const field of fields(form)) {
    const value = typed[key(field)];
    if (value === undefined || state(field) !== standard(field) || !(lost || standard(field) === "")) continue;
    if (ticked(field)) field.checked = value;
    else field.value = value;
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
}

// A form that was sent is done with when the page that follows is none that refuses it.
const refused = document.querySelector("[data-refused]");
const came = document.referrer && new URL(document.referrer).pathname;
for (const name of Object.keys(localStorage).filter((one) => one.startsWith("typed "))) {
  const kept = JSON.parse(localStorage[name]);
  const done = kept.sent && !refused && kept.page === came;
  if (done || Date.now() - kept.at > WEEK) localStorage.removeItem(name);
  else if (kept.sent) localStorage[name] = JSON.stringify({ ...kept, sent: false, lost: true });
}
for (const form of document.forms) {
  const kept = keeps(form) && localStorage[mine(location.pathname, form)];
  if (kept) fillIn(form, JSON.parse(kept));
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => keeps(target.form) && keep(target.form), true);
}
document.addEventListener("submit", ({ target: form, defaultPrevented }) => {
  if (form.getAttribute("action") === "/sign-out") {
    for (const one of Object.keys(localStorage)) if (one.startsWith(`typed ${person} `)) localStorage.removeItem(one);
  }
  const name = keeps(form) && mine(location.pathname, form);
  if (!name || !localStorage[name] || defaultPrevented) return; // script sends it, and says how it went
  localStorage[name] = JSON.stringify({ ...JSON.parse(localStorage[name]), sent: true });
});
document.addEventListener("htmx:after:request", ({ detail: { ctx: { sourceElement: form, response } } }) => {
  if (keeps(form) && response.status < 300) localStorage.removeItem(mine(location.pathname, form));
});
