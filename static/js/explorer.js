// The pages across states: copies the link of what is shown, and finds a state in the list. Both are extras of this script.
for (const button of document.querySelectorAll("[data-copy-link]")) {
  const status = button.parentElement.querySelector("[data-copy-status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const link = new URL(button.dataset.copyLink, location.href).href;
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link);
      status.textContent = button.dataset.copied;
    } catch {
      status.textContent = button.dataset.notCopied;
    }
  });
}

const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

for (const details of document.querySelectorAll("[data-search-in]")) {
  const list = details.querySelector(".choices");
  const label = document.createElement("label");
  const field = document.createElement("input");
  label.className = "form-label";
  label.htmlFor = field.id = "find-state";
  label.textContent = details.dataset.searchIn;
  field.type = "search";
  field.className = "form-control explorer-search";
  field.addEventListener("input", () => list.querySelectorAll(".choice").forEach(choice => {
    choice.hidden = !plain(choice.textContent).includes(plain(field.value)) && !choice.querySelector("input").checked;
  }));
  field.addEventListener("keydown", event => { if (event.key === "Enter") event.preventDefault(); });
  list.before(label, field);
}
