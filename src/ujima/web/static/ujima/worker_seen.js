// Adds to a unit's form how long the unit was in sight, in milliseconds: the server knows only when
// it was first shown, and time with the phone in the pocket is nobody's work. What was seen before an
// answer lacked something comes back with the form; before a reload, it is kept in this tab.
const form = document.querySelector('form[data-unit]');
const name = `seen:${form?.elements.unit.value}`;
const kept = () => {
  try {
    return Number(sessionStorage.getItem(name));
  } catch {
    return 0; // storage is switched off
  }
};
let seen = Math.max(Number(form?.elements.seen.value), kept());
// The unit was in sight before this script came over the line.
const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
let since = document.hidden ? null : painted;

function pause() {
  if (since !== null) seen += performance.now() - since;
  since = null;
  try {
    sessionStorage.setItem(name, String(Math.round(seen)));
  } catch {
    // storage is switched off: a reload then forgets what was seen
  }
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) pause();
  else since ??= performance.now();
});
addEventListener('pagehide', pause);
addEventListener('pageshow', () => {
  if (!document.hidden) since ??= performance.now();
});
form?.addEventListener('submit', () => {
  pause();
  form.elements.seen.value = String(Math.round(seen));
});
