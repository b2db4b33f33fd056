// Buttons that copy a text beside them; without script it is selected whole by a click.

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
    } catch {
      // where the page did not come over TLS, browsers copy what is selected alone
      getSelection().selectAllChildren(text);
      document.execCommand("copy");
    }
    document.getElementById("copied").textContent = button.dataset.copied;
  });
}
