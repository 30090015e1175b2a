// Typing a paper in: while one of a question's choices has the focus, the keys 0 to 4 choose the level of that number.
const hint = document.getElementById("paper-keys");
if (hint) hint.hidden = false;

document.querySelector("form.typing")?.addEventListener("keydown", event => {
  const { target, key } = event;
  if (target.type !== "radio" || !target.name.startsWith("mark_") || event.ctrlKey || event.metaKey || event.altKey) return;
  const choice = /^[0-4]$/.test(key) && target.form.querySelector(`input[name="${CSS.escape(target.name)}"][value="${key}"]`);
  if (!choice) return;
  choice.checked = true;
  choice.focus();
  event.preventDefault();
});
