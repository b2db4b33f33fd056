// Criteria and levels that follow one another: a level has all criteria up to it, and a criterion that
// is ticked or not lets the level follow.

export function follow(form, changed) {
  const criteria = [...form.querySelectorAll(".criteria input")];
  if (criteria.includes(changed)) form.querySelector("input[name=choice][value='+']").checked = true;
  const level = form.querySelector("input[name=choice]:checked")?.value ?? "";
  if (!/^\d+$/.test(level)) return;
  for (const one of criteria) one.checked = parseInt(one.name.slice(6), 10) <= Number(level);
}

// On the window, and so before anything that keeps or sends what the form then says (unsent.js, htmx).
for (const kind of ["input", "change"]) {
  addEventListener(kind, ({ target }) => {
    if (target.form?.dataset.answer && ["radio", "checkbox"].includes(target.type)) follow(target.form, target);
  }, true);
}
