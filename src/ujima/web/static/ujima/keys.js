// The digit shown in a choice's <kbd> picks it; Enter sends the form as usual.
const writes = (element) => element.closest('input:not([type=radio], [type=checkbox]), textarea, select');

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
  const choices = document.querySelectorAll('.choice');
  const picked = [...choices].find((c) => c.querySelector('kbd')?.textContent.trim() === event.key);
  const input = picked?.querySelector('input');
  if (!input || input.disabled) return;
  event.preventDefault();
  input.click();
  input.focus();
});
