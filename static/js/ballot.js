// One's own ballot: a tap is sent in the background, so that a lost connection loses nothing. The page works without.
// What is not saved stays in this tab (see drafts.js) until the server has it.
import { drop, dropUnder, keep, kept } from "./drafts.js";

const RETRIES = [5000, 15000, 60000];
const form = document.querySelector("form[data-ballot]");
const status = document.getElementById("ballot-status");
const problem = document.getElementById("ballot-problem");
const words = status?.dataset;

let pressed = null;      // the button whose answer is on its way, or waits for a connection
let retry;               // timer: the next try
let failures = 0;
let busy = false;
let saved = null;        // what the server has, while the page it leads to is on its way

const say = text => { if (status.textContent !== text) status.textContent = text; };
const typed = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
const withTap = () => pressed ? [...typed(), [pressed.name, pressed.value]] : typed();
const now = () => JSON.stringify(withTap());

// ---- What the page says ----

function control(tag, label, kind) {
  const made = document.createElement(tag);
  made.className = "btn " + kind;
  made.textContent = label;
  return made;
}

function complain(text, ...controls) {
  const box = document.createElement("div");
  const sentence = document.createElement("p");
  const row = document.createElement("div");
  box.className = "notice notice-warning";
  row.className = "actions";
  sentence.textContent = text;
  row.append(...controls);
  box.append(sentence, row);
  problem.replaceChildren(box);
  problem.scrollIntoView({ block: "nearest" });
}

function signInFirst() {
  const link = control("a", words.signIn, "btn-primary");
  link.href = words.signInUrl + "?next=" + encodeURIComponent(location.pathname + location.search);
  say("");
  complain(words.signedOut, link);
}

// The button that waits to be saved is marked.
function wait(button) {
  form.querySelector(".is-waiting")?.classList.remove("is-waiting");
  button?.classList.add("is-waiting");
  pressed = button;
}

// ---- Sending ----

function loseConnection() {
  say(words.offline);
  status.scrollIntoView({ block: "nearest" });
  retry = setTimeout(send, RETRIES[Math.min(failures++, RETRIES.length - 1)]);
}

// What is not a plain success is shown by the server's own page, with what was typed: an error, closed meanwhile, busy.
function handOver() {
  const button = pressed;
  pressed = null;
  drop();
  form.removeEventListener("submit", submit);
  button.click();
}

async function send() {
  clearTimeout(retry);
  if (!pressed || busy) return;
  busy = true;
  say(words.saving);
  const sent = now();
  let response, answer;
  try {
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    body.append(pressed.name, pressed.value);
    response = await fetch(form.action, {
      method: "POST", headers: { Accept: "application/json" }, redirect: "manual", body, signal: AbortSignal.timeout?.(15000),
    });
    answer = await response.json().catch(() => ({}));
  } catch {
    return loseConnection();
  } finally {
    busy = false;
  }
  failures = 0;
  problem.replaceChildren();
  if (response.ok && answer.next) {
    if (now() !== sent) return send();      // another answer was tapped, or more written, meanwhile
    saved = sent;
    if (pressed.name === "send") dropUnder(location.pathname.replace(/check\/$/, "")); else drop();
    pressed = null;
    location.assign(answer.next);
  } else if (response.status === 401 || response.type === "opaqueredirect") signInFirst();
  else handOver();
}

function submit(event) {
  const button = event.submitter;
  if (!button?.name || button.name === "language") return keep(typed(), true);
  event.preventDefault();
  wait(button);
  if (now() === saved) return;             // a second tap while the next page is on its way
  keep(withTap());
  send();
}

// ---- What was kept from before ----

function restore(fields) {
  for (const field of form.elements) {
    if (!field.name || ["hidden", "submit", "button", "fieldset"].includes(field.type)) continue;
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
    if (field.matches("textarea") && field.value.trim()) field.closest("details")?.setAttribute("open", "");
  }
}

function offerBack({ fields }) {
  const tap = [...form.querySelectorAll("button[name]")].find(button => button.dataset.says
    && fields.some(([name, value]) => name === button.name && value === button.value));
  const before = JSON.stringify(typed());
  restore(fields);
  if (tap) {
    const again = control("button", words.again, "btn-primary");
    again.type = "button";
    again.addEventListener("click", () => { wait(tap); send(); });
    complain(words.chose.replace("{what}", tap.dataset.says), again);
  } else if (before !== JSON.stringify(typed())) say(words.kept);
  else drop();
}

// ---- Notes: how much room is left, from three quarters on ----

function count(area) {
  const line = area.parentElement.querySelector(".count-line");
  const limit = Number(area.dataset.limit);
  const left = limit - [...area.value.trim()].length;
  line.textContent = left > limit / 4 ? "" : (left < 0 ? area.dataset.over : area.dataset.left).replace("{count}", Math.abs(left));
}

// ---- Listen: the question and its answers, read aloud ----

function readAloud(button) {
  const label = button.textContent;
  const quiet = () => { speechSynthesis.cancel(); button.textContent = label; };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) return quiet();
    const said = [document.querySelector("h1"), ...form.querySelectorAll(".level-button")].map(part => part.innerText.replace(/\s*\n\s*/g, ". "));
    const speech = new SpeechSynthesisUtterance(said.join(". "));
    speech.lang = document.documentElement.lang;
    speech.addEventListener("end", quiet);
    speech.addEventListener("error", ({ error }) => {        // a phone without a voice
      quiet();
      button.hidden = !["canceled", "interrupted"].includes(error);
    });
    button.textContent = button.dataset.stop;
    speechSynthesis.speak(speech);
  });
  addEventListener("pagehide", quiet);
}

if (form && status) {
  form.addEventListener("submit", submit);
  form.addEventListener("input", event => {
    if (event.target.matches("textarea")) count(event.target);
    keep(withTap());
  });
  form.querySelectorAll("textarea").forEach(count);
  addEventListener("online", () => pressed && send());
  addEventListener("pageshow", event => { if (event.persisted) { saved = null; wait(null); say(""); } });
  if ("fresh" in form.dataset) dropUnder(location.pathname);     // nobody began this one: what is left is another's
  const draft = kept();
  if (draft && !document.querySelector(".error-summary")) offerBack(draft);
}
const listen = document.getElementById("listen");
if (listen && "speechSynthesis" in window) readAloud(listen);
else listen?.parentElement.remove();
document.querySelectorAll("[data-print]").forEach(button => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
