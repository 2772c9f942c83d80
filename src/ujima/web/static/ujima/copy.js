// <button data-copy="ID" data-copied="Copied"> copies the text of that element and says so in the
// page's live region. Hidden until this file runs, because without it the button could do nothing.
const SHOWN_FOR = 4000; // milliseconds: long enough to be read out

function say(words) {
  const toast = Object.assign(document.createElement('p'), { className: 'toast', textContent: words });
  document.getElementById('live').replaceChildren(toast);
  setTimeout(() => toast.remove(), SHOWN_FOR);
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    say(button.dataset.copied);
  });
}
