// The address follows the plan, so that reloading and sharing it show the same.

document.addEventListener("htmx:after:swap", () => {
  const address = document.getElementById("plan")?.dataset.address;
  if (!address) return;
  history.replaceState(history.state, "", address);
  const back = document.querySelector('form[action="/language"] input[name="next"]');
  if (back) back.value = address;
});
