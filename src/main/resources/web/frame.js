// What stands around the views: name, ways, and whether the service answers.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { icon, mark } from './icons.js';
import { age } from './words.js';

const NAMES = { overview: 'Overview', history: 'History', restore: 'Restore', settings: 'Settings', check: 'Check' };

/** The service is gone; what is seen stays. */
export function away(app) {
  return html`<div class="away" role="alert">${icon('warn')}<p>The service stopped responding ${age(app.awaySince)}.
    What you see may be out of date. Reconnecting…</p></div>`;
}

/** Names, ways between the views, and ways out. @param inside whether somebody is signed in */
export function header(app, inside) {
  const shown = Object.keys(NAMES).filter((view) => view !== 'restore' || app.service?.may_restore);
  return html`<header class="head">
    <p class="brand">${mark}<span>Bactrian</span></p>
    ${inside ? html`<nav aria-label="Views">
      ${shown.map((view) => html`<a href=${app.hash ? `#/${view}` : `#`} aria-current=${view === app.view ? 'page' : 'false'}
        @click=${(event) => {
          event.preventDefault();
          app.go(view);
        }}>${NAMES[view]}</a>`)}</nav>` : html`<span class="grow"></span>`}
    <div class="row tight">
      ${app.hash ? themeSwitch(app) : nothing}
      ${inside && !app.session.isGiven ? html`<button class="icon-button" aria-label="Sign out" title="Sign out"
        @click=${() => app.signOut()}>${icon('leave')}</button>` : nothing}
    </div>
  </header>`;
}

function themeSwitch(app) {
  const themes = ['auto', 'light', 'dark'];
  const now = app.element.getAttribute('theme') ?? 'auto';
  const next = themes[(themes.indexOf(now) + 1) % themes.length];
  const words = `Colors: ${now === 'auto' ? 'as the system’s' : now}. Switch to ${next === 'auto' ? 'the system’s' : next}`;
  return html`<button class="icon-button" aria-label=${words} title=${words} @click=${() => {
    app.element.dispatchEvent(new CustomEvent('bactrian-theme', { detail: { theme: next } }));
    app.update();
  }}>${icon(now)}</button>`;
}
