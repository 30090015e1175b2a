// Saves a record page while it is being written: <form data-autosave="address">. It says "saved" only when the server has.
import { drop, keep, kept } from "./drafts.js";

const TYPING = 1200;
const RETRIES = [5000, 15000, 60000];

const form = document.querySelector("form[data-autosave]");
const status = document.getElementById("save-status");
const problem = document.getElementById("save-problem");
const words = status?.dataset;

let typing;              // timer: text is saved a little after the last key
let retry;               // timer: the next try after a lost connection
let failures = 0;
let onItsWay = null;     // the save on its way; there is one at a time
let again = false;       // another was asked for meanwhile
let unsaved = false;     // something here that the server has not confirmed
let stopped = false;     // a conflict or a submit: nothing more is saved from here
let heard = false;       // screen readers hear the first save and every failure, not each save

const isText = field => field.matches("textarea, input:not([type=radio], [type=checkbox], [type=date], [type=file])");
const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
const setAll = (name, value) => document.querySelectorAll(`input[name=${name}]`).forEach(input => { input.value = value; });

// ---- What the page says ----

function say(text, aloud = true) {
  status.setAttribute("aria-live", aloud ? "polite" : "off");
  if (status.textContent !== text) status.textContent = text;
}

function button(label, kind, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn " + kind;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

// A problem stands beside the status line, read out at once, with what can be done about it.
function complain(text, ...buttons) {
  say(words.unsaved);
  const box = document.createElement("div");
  const sentence = document.createElement("p");
  const row = document.createElement("div");
  box.className = "notice notice-warning";
  sentence.textContent = text;
  row.className = "actions";
  row.append(...buttons);
  box.append(sentence, ...(buttons.length ? [row] : []));
  problem.replaceChildren(box);
}

const describedBy = control => control.matches("[type=radio], [type=checkbox]") && control.closest("fieldset") || control;

function showError(name, texts) {
  const control = form.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`);
  if (!control) return complain(texts.join(" "));
  const target = describedBy(control);
  const message = document.createElement("div");
  const prefix = document.createElement("span");
  message.id = `unsaved_${name}`;
  message.className = "field-error";
  message.dataset.for = name;
  prefix.className = "visually-hidden";
  prefix.textContent = words.error + " ";
  message.append(prefix, texts.join(" "));
  if (target === control) control.before(message); else target.querySelector("legend").after(message);
  control.setAttribute("aria-invalid", "true");
  target.setAttribute("aria-describedby", [target.getAttribute("aria-describedby"), message.id].filter(Boolean).join(" "));
}

function clearProblems() {
  problem.replaceChildren();
  form.querySelectorAll(".field-error[data-for]").forEach(message => {
    const control = form.querySelector(`[name="${CSS.escape(message.dataset.for)}"]:not([type=hidden])`);
    const target = describedBy(control);
    const others = target.getAttribute("aria-describedby").split(" ").filter(id => id !== message.id);
    if (others.length) target.setAttribute("aria-describedby", others.join(" ")); else target.removeAttribute("aria-describedby");
    control.removeAttribute("aria-invalid");
    message.remove();
  });
}

// ---- Saving ----

// After signing in again the old token is worthless: take the one of a fresh copy of this page.
async function takeFreshToken() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (token) setAll("csrfmiddlewaretoken", token);
}

const tryAgain = () => button(words.retry, "btn-secondary", () => takeFreshToken().catch(() => {}).then(save));

function conflict(html) {
  stopped = true;
  const text = new DOMParser().parseFromString(html ?? "", "text/html").body.textContent.trim();
  complain(text || words.failed,
    button(words.compare, "btn-primary", () => form.requestSubmit()),
    button(words.discard, "btn-secondary", () => { drop(); location.assign(location.pathname + location.search); }));
}

function loseConnection() {
  say(words.offline);
  retry = setTimeout(save, RETRIES[Math.min(failures++, RETRIES.length - 1)]);
}

async function send() {
  say(words.saving, !heard);
  unsaved = false;
  let response, answer;
  try {
    response = await fetch(form.dataset.autosave, {
      method: "POST", headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout?.(15000),
      body: new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")),
    });
    answer = await response.json().catch(() => ({}));
  } catch {
    unsaved = true;
    return loseConnection();
  }
  failures = 0;
  clearProblems();
  if (response.ok && answer.saved_at) {
    setAll("version", answer.version);
    if (unsaved) return keep(fields());              // typed meanwhile: not saved, and we do not say so
    say(words.saved.replace("{time}", answer.saved_at), !heard);
    heard = true;
    return drop();
  }
  unsaved = true;
  if (response.status === 409) conflict(answer.html);
  else if (response.status === 422) {
    say(words.unsaved);
    Object.entries(answer.errors ?? {}).forEach(([name, texts]) => showError(name, texts));
  } else if (response.status === 401 || response.type === "opaqueredirect") complain(words.signedOut, tryAgain());
  else complain(words.failed, tryAgain());
}

// One at a time; what changed meanwhile goes with the next, so the newest wins.
async function save() {
  clearTimeout(typing);
  clearTimeout(retry);
  if (stopped) return;
  again = true;
  if (onItsWay) return;
  while (again && !stopped) {
    again = false;
    onItsWay = send();
    await onItsWay;
  }
  onItsWay = null;
}

function wrote(field, wait) {
  if (!field.name || field.form !== form || field.type === "file") return;
  unsaved = true;
  keep(fields());
  clearTimeout(typing);
  if (!stopped) typing = setTimeout(save, wait);
}

// A submit waits for the save on its way, or it would arrive with a version that is already old.
function submit(event) {
  clearTimeout(typing);
  clearTimeout(retry);
  if (onItsWay) {
    event.preventDefault();
    again = false;
    onItsWay.finally(() => { onItsWay = null; form.requestSubmit(event.submitter); });
    return;
  }
  stopped = true;
  keep(fields(), true);
}

// ---- What was kept from before ----

const hidden = name => form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`);
const written = pairs => JSON.stringify(pairs.filter(([name]) => !hidden(name)).map(([name, value]) => [name, value.trim().replaceAll("\r\n", "\n")]));
const version = pairs => pairs.find(([name]) => name === "version")?.[1];

// Its version comes back with it, so that what others saved since is not overwritten.
function restore(pairs) {
  setAll("version", version(pairs) ?? "");
  for (const field of form.elements) {
    if (!field.name || ["hidden", "file", "submit", "button", "fieldset"].includes(field.type)) continue;
    const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
}

function offerBack(draft) {
  if (written(draft.fields) === written(fields())) {
    if (version(draft.fields) !== version(fields())) return drop();          // saved: the server has moved on with it
  } else {
    restore(draft.fields);
    say(words.kept);
  }
  unsaved = true;
  typing = setTimeout(save, 2 * TYPING);
}

if (form && status) {
  form.addEventListener("input", event => isText(event.target) && wrote(event.target, TYPING));
  form.addEventListener("change", event => !isText(event.target) && wrote(event.target, 0));
  form.addEventListener("focusout", event => unsaved && isText(event.target) && wrote(event.target, 0));
  form.addEventListener("submit", submit);
  addEventListener("online", () => unsaved && save());
  addEventListener("pageshow", event => { if (event.persisted) stopped = false; });      // back, after a submit
  const draft = kept();
  if (draft) offerBack(draft);
}
