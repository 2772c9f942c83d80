// The live part of a job asks every five seconds (htmx). While the page is hidden it does not ask,
// and where nothing has changed the page is left alone, so that an open table stays open.
const ID = 'live-job';

document.addEventListener('htmx:beforeRequest', (event) => {
  if (event.target.id === ID && document.hidden) event.preventDefault();
});
document.addEventListener('htmx:beforeSwap', (event) => {
  if (event.target.id !== ID) return;
  const mark = event.target.dataset.mark;
  if (event.detail.xhr.status === 304 || event.detail.serverResponse.includes(`data-mark="${mark}"`)) {
    event.detail.shouldSwap = false;
  }
});
// What was open stays open when a newer picture takes its place.
let open = [];
document.addEventListener('htmx:beforeSwap', (event) => {
  if (event.target.id === ID) open = [...event.target.querySelectorAll('details')].map((d) => d.open);
});
document.addEventListener('htmx:afterSwap', () => {
  document.querySelectorAll(`#${ID} details`).forEach((d, i) => { d.open = open[i] ?? false; });
});
