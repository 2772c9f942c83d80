// A link with data-dialog="ID" opens that <dialog> in place of its page; without this file it is
// followed to the page that asks the same. [data-close] inside closes it.
document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-dialog]');
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog).showModal();
  }
  const closer = event.target.closest('[data-close]');
  if (closer) closer.closest('dialog')?.close();
});
