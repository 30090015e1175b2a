// What somebody typed and the server has not confirmed: kept in this tab alone, by person and page, never in localStorage.
// page.js throws away drafts that were sent, that belong to somebody else, and all of them at sign-out.
const key = () => "draft:" + document.body.dataset.user + ":" + location.pathname;

// A tab without storage (some private windows) keeps no draft; the page works all the same.
const safely = work => { try { return work(); } catch { return null; } };

// Keep the form's fields as [name, value] pairs; `sent` marks one that is on its way with a submit.
export const keep = (fields, sent = false) => safely(() => sessionStorage.setItem(key(), JSON.stringify({ fields, sent })));

export const kept = () => safely(() => JSON.parse(sessionStorage.getItem(key())));

export const drop = () => safely(() => sessionStorage.removeItem(key()));

// All of this person's drafts of the pages below an address, when what they belong to is sent.
export const dropUnder = path => safely(() => Object.keys(sessionStorage)
  .filter(name => name.startsWith("draft:" + document.body.dataset.user + ":" + path))
  .forEach(name => sessionStorage.removeItem(name)));
