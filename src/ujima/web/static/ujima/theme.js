// Light, dark, or as the device: <button data-set-theme="light|dark|">, kept in a cookie for a year
// so that the server writes it into <html> and no page flashes in the other theme.
const YEAR = 365 * 24 * 3600;
const buttons = [...document.querySelectorAll('[data-set-theme]')];
const root = document.documentElement;

function show() {
  const now = root.dataset.theme ?? '';
  for (const b of buttons) b.setAttribute('aria-pressed', String(b.dataset.setTheme === now));
}

for (const button of buttons) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const theme = button.dataset.setTheme;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `theme=${theme}; Path=/; SameSite=Lax; Max-Age=${theme ? YEAR : 0}${secure}`;
    show();
  });
}
show();
