// The meeting. The room's screen follows the host; on the host's phone arrow keys work while the step control has focus.
const EVERY = 2000;
const QUIET = 60;

const screen = document.getElementById("screen");
const lost = document.getElementById("lost");
const steps = document.getElementById("steps");

// ---- The screen ----

let next;

// The last screen stays when contact is lost: it is better than none.
function hear(state) {
  if (lost) lost.hidden = true;
  for (const [language, text] of Object.entries(state.words ?? {})) {
    const line = document.querySelector(`[data-count="${CSS.escape(language)}"]`);
    if (line && line.textContent !== text) line.textContent = text;
  }
  if (state.url === screen.dataset.url && state.version === screen.dataset.version) return true;
  location.replace(state.url);
  return false;
}

async function follow() {
  clearTimeout(next);
  let stays = true;
  try {
    const answer = await fetch(location.pathname, {
      headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout?.(8000),
    });
    if (answer.status === 409) return location.replace(screen.dataset.after);   // submitted: the room reads the results
    if (!answer.ok) throw new Error(answer.status);
    stays = hear(await answer.json());
  } catch {
    lost.hidden = false;
  }
  if (stays) next = setTimeout(follow, EVERY);
}

function beQuiet(button) {
  const left = document.getElementById("quiet-left");
  const end = Date.now() + QUIET * 1000;
  button.hidden = true;
  const show = () => {
    const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds) setTimeout(show, 250);
    else { left.textContent = ""; button.hidden = false; }
  };
  show();
}

if (screen && lost) {
  document.getElementById("refresh")?.closest("form").setAttribute("hidden", "");
  document.getElementById("again").addEventListener("click", follow);
  const quiet = document.getElementById("quiet");
  if (quiet) {
    quiet.hidden = false;
    quiet.addEventListener("click", () => beQuiet(quiet));
  }
  next = setTimeout(follow, EVERY);
}

// ---- The host's phone ----

steps?.addEventListener("keydown", event => {
  const act = { ArrowRight: "next", ArrowLeft: "back" }[event.key];
  const button = act && steps.querySelector(`button[value=${act}]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
