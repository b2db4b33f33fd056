// Answers that are not saved yet: kept in this browser until the service has them, also over a
// restart, and sent when the line is back. On every page; where an answer's form is there, it is
// filled in again and sends itself.

const banner = document.getElementById("unsent");
const mine = `unsent ${banner?.dataset.person} `;
const RETRY = 5000; // milliseconds
const SETTLED = 15000; // since the last change: until then another tab may be at it

const entries = () => Object.keys(localStorage).filter((name) => name.startsWith(mine))
  .map((name) => ({ name, path: name.slice(mine.length), ...JSON.parse(localStorage[name]) }));

const content = (form) => new URLSearchParams(new FormData(form)).toString();
const withoutRevision = (body) => {
  const fields = new URLSearchParams(body);
  fields.delete("revision");
  return fields.toString();
};
const formOf = (path) => [...document.querySelectorAll("form[data-answer]")]
  .find((form) => form.getAttribute("action") === path);

function tell() {
  if (!banner) return;
  const elsewhere = entries().filter((one) => !formOf(one.path));
  banner.hidden = !elsewhere.length;
  banner.querySelector("ul").replaceChildren(...elsewhere.map((one) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    [link.href, link.textContent] = [one.page, one.label];
    line.append(link);
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
    if (!field.name) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = fields.getAll(field.name).includes(field.value);
    } else if (fields.has(field.name)) field.value = fields.get(field.name);
  }
  form.dataset.dirty = "";
  form.requestSubmit();
}

async function send(one) {
  const headers = { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" };
  try {
    const answer = await fetch(one.path, { method: "POST", body: one.body, headers });
    if (answer.ok) localStorage.removeItem(one.name);
  } catch { /* still no line */ }
}

async function retry() {
  for (const one of entries()) {
    const form = formOf(one.path);
    if (!form && Date.now() - one.at > SETTLED) await send(one);
    else if (form && "failed" in form.dataset) form.requestSubmit();
  }
  tell();
}

if (banner) {
  document.addEventListener("input", ({ target }) => target.form?.dataset.answer && keep(target.form), true);
  document.addEventListener("change", ({ target }) => target.form?.dataset.answer && keep(target.form), true);
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.response.status === 200 && ctx.sourceElement.dataset.answer) {
      forget(ctx.sourceElement, ctx.request.body.toString());
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
}
