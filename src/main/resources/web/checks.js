// What has to be right for backups to succeed, looked at now.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { icon } from './icons.js';
import { Loaded } from './parts.js';
import { counted } from './words.js';

/** Names of programs stay as they are. */
function capital(words) {
  return words.includes('_') ? words : words[0].toUpperCase() + words.slice(1);
}

export class Checks {
  constructor(app) {
    this.app = app;
    this.loaded = new Loaded(() => app.api.post('/api/checks'), app.update);
  }

  enter() {
    if (!this.loaded.value && !this.loaded.busy) {
      this.loaded.reload();
    }
  }

  template() {
    const { busy } = this.loaded;
    return html`
      <div class="row between wrap"><h2>Check</h2>
        <button class="plain" ?disabled=${busy} @click=${() => this.loaded.reload()}>${busy ? 'Checking…' : 'Check again'}</button></div>
      <p class="hint">Connects to each database, reads and writes in the store, and shows what prevents a backup.</p>
      ${this.loaded.show((result) => this.#lines(result), 'Checking databases and store; this takes some seconds…')}`;
  }

  #lines({ checks, failed }) {
    const subjects = [...new Set(checks.map(({ subject }) => subject))];
    return html`
      <p class="sentence ${failed > 0 ? 'bad' : 'good'}" role="status">${failed > 0
        ? `${counted(failed, 'thing')} ${failed === 1 ? 'stands' : 'stand'} in the way.` : 'Everything is as it should be.'}</p>
      ${subjects.map((subject) => html`<section class="card checks"><h3>${capital(subject)}</h3>
        <ul class="plain-list">${checks.filter((check) => check.subject === subject).map((check) => html`
          <li class="checked ${check.status}">${icon({ ok: 'good', failed: 'bad', warning: 'warn' }[check.status] ?? 'none')}
            <div><p><span class="unseen">${check.status}: </span>${check.name ? html`<strong>${capital(check.name)}</strong> ` : nothing}${check.text}</p>
            ${check.remedy ? html`<p class="remedy">${check.remedy}</p>` : nothing}</div></li>`)}</ul></section>`)}`;
  }
}
