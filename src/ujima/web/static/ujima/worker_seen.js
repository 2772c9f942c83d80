// Adds to a unit's form how long the page was in sight, in milliseconds: the server knows only when
// the form was made, and time with the phone in the pocket is nobody's work.
const form = document.querySelector('form[data-unit]');
let seen = 0;
let since = document.hidden ? null : performance.now();

function pause() {
  if (since !== null) seen += performance.now() - since;
  since = null;
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) pause();
  else since = performance.now();
});
addEventListener('pagehide', pause);
addEventListener('pageshow', () => {
  if (!document.hidden) since ??= performance.now();
});
form?.addEventListener('submit', () => {
  pause();
  form.elements.seen.value = String(Math.round(seen));
});
