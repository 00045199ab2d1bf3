// The page: the panel, with the whole window for itself. It keeps the theme, which is no secret, for the next visit.
import './panel.js';

const THEME = 'bactrian-theme';
const panel = document.querySelector('bactrian-panel');

function use(theme) {
  document.documentElement.dataset.theme = theme;
  panel.setAttribute('theme', theme);
}

use(localStorage.getItem(THEME) ?? 'auto');
panel.addEventListener('bactrian-theme', (event) => {
  localStorage.setItem(THEME, event.detail.theme);
  use(event.detail.theme);
});
