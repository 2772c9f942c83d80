// A form sends once: a second tap on a slow line must not send it again. The button comes back when
// the page is shown again from the browser's memory.
document.addEventListener('submit', (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = 'yes';
  event.submitter?.setAttribute('aria-disabled', 'true');
});
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  for (const b of document.querySelectorAll('form [aria-disabled]')) b.removeAttribute('aria-disabled');
});
