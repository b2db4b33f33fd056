// Puts something new in the place of what a page shows. What was typed beside an answer and not sent,
// and what was opened, stays so.

function carry(old, now, sent) {
  for (const { id } of old.querySelectorAll("details[open] > summary")) {
    const summary = now.querySelector(`[id="${id}"]`);
    if (summary) summary.parentElement.open = true;
  }
  for (const field of old.querySelectorAll(".annotations textarea, .annotations input:not([type=hidden])")) {
    if (field.form === sent || field.value === field.defaultValue) continue;
    const same = now.querySelector(`form[action="${field.form.getAttribute("action")}"]`)?.elements[field.name];
    if (same && field.type === "file") same.files = field.files;
    else if (same) same.value = field.value;
  }
}

export function swap(old, now, sent) {
  carry(old, now, sent);
  const focused = old.contains(document.activeElement) && document.activeElement.id;
  old.replaceWith(now);
  window.htmx.process(now);
  if (focused) document.getElementById(focused)?.focus();
}

export const parsed = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).content;

document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  for (const { target, fragment } of tasks) carry(target, fragment, ctx.sourceElement);
});
