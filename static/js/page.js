// On every page: focus the error summary, throw away drafts that are done with (see drafts.js), open details for print.
document.querySelector(".error-summary")?.focus();

// The summary's links land on a field: focus it, scrolled so that its label is in sight.
document.addEventListener("click", event => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  (field.closest(".field, fieldset") ?? field).scrollIntoView();
  field.focus({ preventScroll: true });
});

function throwAwayDrafts(done) {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (!key.startsWith("draft:")) continue;
      const [, user, path] = key.match(/^draft:([^:]*):(.*)$/);
      if (done(user, path, key)) sessionStorage.removeItem(key);
    }
  } catch { /* a tab without storage has no drafts */ }
}

const reader = document.body.dataset.user;
const cameFrom = document.referrer && new URL(document.referrer).pathname;
throwAwayDrafts((user, path, key) => {
  if (reader && user !== reader) return true;                                    // a shared phone
  const wasSent = JSON.parse(sessionStorage.getItem(key)).sent;
  return wasSent && path === cameFrom && path !== location.pathname;             // sent, and answered with this page
});
document.querySelectorAll("#signout-form, form[data-forget]").forEach(form =>        // another person comes next
  form.addEventListener("submit", () => throwAwayDrafts(() => true)));

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  opened.forEach(details => { details.open = true; });
});
addEventListener("afterprint", () => opened.forEach(details => { details.open = false; }));
