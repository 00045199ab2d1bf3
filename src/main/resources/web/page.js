// The page: the panel, with the whole window for itself. It keeps the theme, which is no secret, for the next visit.
import './panel.js';

const THEME = 'bactrian-theme';
const panel = document.querySelector('bactrian-panel');
// Under a path of a reverse proxy, the API is where this file comes from, and not at the top of the host.
panel.setAttribute('api', new URL('..', import.meta.url).href);

function use(theme) {
  document.documentElement.dataset.theme = theme;
  panel.setAttribute('theme', theme);
}

use(localStorage.getItem(THEME) ?? 'auto');
panel.addEventListener('bactrian-theme', (event) => {
  localStorage.setItem(THEME, event.detail.theme);
  use(event.detail.theme);
});
