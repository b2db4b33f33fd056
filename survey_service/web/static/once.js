// A double click does a thing once: a form that is under way is not sent again. What answers a
// question is told apart by its revision instead.

const TRYING = 5000; // milliseconds; from then on another try is meant

const guarded = (form) => form.method === "post" && !form.dataset.answer;
const release = (form) => delete form.dataset.sent;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (event.detail > 1 && button?.type === "submit" && button.form && guarded(button.form)) event.preventDefault();
}, true);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!guarded(form)) return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "";
  setTimeout(release, TRYING, form);
}, true);
for (const name of ["htmx:after:request", "htmx:error"]) {
  document.addEventListener(name, ({ detail: { ctx } }) => ctx?.sourceElement && release(ctx.sourceElement));
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release)); // gone back to
