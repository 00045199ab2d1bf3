// Drawn for a 20 by 20 field, in the colour of the text around. They never speak for themselves: a word stands beside, or in
// the label of their button.
import { html, svg } from './lib/lit-html/lit-html.js';

const PATHS = {
  good: svg`<path d="M4 10.5l4 4 8-9"/>`,
  bad: svg`<path d="M5 5l10 10M15 5L5 15"/>`,
  warn: svg`<path d="M10 3.5l7.5 13h-15zM10 8.5v3.5M10 14.5v.1"/>`,
  running: svg`<path d="M10 3a7 7 0 1 0 7 7"/>`,
  waiting: svg`<circle cx="10" cy="10" r="7"/><path d="M10 6v4l3 2"/>`,
  none: svg`<path d="M5 10h10"/>`,
  download: svg`<path d="M10 3v9M6 8.5l4 4 4-4M4 16.5h12"/>`,
  copy: svg`<rect x="7" y="7" width="9" height="9" rx="1.5"/><path d="M13 4H5.5A1.5 1.5 0 0 0 4 5.5V13"/>`,
  trash: svg`<path d="M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6"/>`,
  proved: svg`<path d="M10 2.5l6.5 2.5v5c0 4-3 6.5-6.5 7.5-3.5-1-6.5-3.5-6.5-7.5V5zM7 10l2.2 2.2L13 8"/>`,
  restore: svg`<path d="M4 10a6 6 0 1 1 2 4.5M4 5.5V10h4.5"/>`,
  light: svg`<circle cx="10" cy="10" r="3.5"/><path d="M10 2v2M10 16v2M2 10h2M16 10h2M4.5 4.5l1.4 1.4M14.1 14.1l1.4 1.4M4.5 15.5l1.4-1.4M14.1 5.9l1.4-1.4"/>`,
  dark: svg`<path d="M16 12.5A7 7 0 0 1 7.5 4 6.5 6.5 0 1 0 16 12.5z"/>`,
  auto: svg`<circle cx="10" cy="10" r="7"/><path d="M10 3v14a7 7 0 0 0 0-14z" fill="currentColor"/>`,
  leave: svg`<path d="M8 4H4.5v12H8M9 10h8M13.5 6.5L17 10l-3.5 3.5"/>`,
  close: svg`<path d="M5 5l10 10M15 5L5 15"/>`,
};

export function icon(name) {
  return html`<svg class="icon icon-${name}" viewBox="0 0 20 20" aria-hidden="true">${PATHS[name]}</svg>`;
}

/** Two humps. */
export const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
  <rect width="32" height="32" rx="8" fill="var(--accent)"></rect>
  <path d="M4 24c2.5-7 4.5-11.5 7.5-11.5S15.5 18 17 18s1.5-5.5 4-5.5S26 17 28 24" fill="none"
    stroke="var(--on-accent)" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"></path></svg>`;
