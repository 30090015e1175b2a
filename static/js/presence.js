// Says every 20 seconds that this page is open, and shows who else has it open. It locks nothing.
const form = document.querySelector("form[data-presence]");
const line = document.getElementById("presence");

async function tell() {
  const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(form.dataset.presence, {
    method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams({ csrfmiddlewaretoken: token }),
  }).catch(() => null);
  if (!answer?.ok) return;
  const { others } = await answer.json();
  const text = others.length ? line.dataset.one.replace("{names}", others.join(", ")) : "";
  if (line.textContent !== text) line.textContent = text;
}

if (form && line) {
  tell();
  setInterval(() => document.visibilityState === "visible" && tell(), 20000);
}
