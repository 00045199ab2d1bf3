// Every backup that was asked for, newest first.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { repeat } from './lib/lit-html/directives/repeat.js';
import { BackupSheet } from './backup-sheet.js';
import { icon } from './icons.js';
import { ago, badge, choice, Loaded } from './parts.js';
import { bytes, duration, phase, ref, secondsBetween, trigger } from './words.js';

const PAGE = 25;
const STATUSES = [['', 'All'], ['success', 'Good'], ['failed', 'Failed'], ['in_progress', 'In progress'], ['cancelled', 'Cancelled']];
const TRIGGERS = [['', 'Any'], ['schedule', 'Schedule'], ['push', 'Push'], ['api', 'Request'], ['manual', 'Command line']];

export class History {
  constructor(app) {
    this.app = app;
    this.filter = { status: '', database: '', trigger: '' };
    /** Where each page before this one began. */
    this.before = [];
    this.cursor = null;
    this.page = new Loaded(
      () => app.api.get('/api/backups', { ...this.filter, limit: PAGE, cursor: this.cursor }), app.update);
    this.sheet = new BackupSheet(app, { changed: () => this.changed(), closed: () => app.view === 'history' && app.show('history') });
  }

  enter({ show } = {}) {
    this.page.reload();
    if (show) {
      this.#open(show);
    }
  }

  #open(id) {
    this.sheet.open(id);
    this.app.show('history', id);
  }

  /** A backup has changed: what is seen is asked for again. */
  changed() {
    if (this.app.view === 'history') {
      this.page.reload();
    }
  }

  #choose(name, value) {
    this.filter[name] = value;
    this.before = [];
    this.cursor = null;
    this.page.reload();
  }

  #turn(cursor) {
    this.cursor = cursor;
    this.page.reload();
  }

  template() {
    const names = this.app.databases.map(({ name }) => [name, name]);
    return html`
      <div class="row between wrap">
        <h2>History</h2>
        <div class="row wrap filters">
          ${names.length > 1 ? choice('Database', this.filter.database, [['', 'All'], ...names], (value) => this.#choose('database', value)) : nothing}
          ${choice('Status', this.filter.status, STATUSES, (value) => this.#choose('status', value))}
          ${choice('Requested by', this.filter.trigger, TRIGGERS, (value) => this.#choose('trigger', value))}
        </div>
      </div>
      ${this.page.show((page) => this.#table(page), 'Loading the history…')}
      ${this.sheet.template()}`;
  }

  #table({ backups, next_cursor: next }) {
    if (backups.length === 0) {
      const filtered = Object.values(this.filter).some(Boolean);
      return html`<div class="empty">${icon('none')}<p>${filtered ? 'No backup matches.' : 'No backup yet.'}</p>
        ${filtered ? html`<button class="plain" @click=${() => {
          this.filter = { status: '', database: '', trigger: '' };
          this.#choose('status', '');
        }}>Show all</button>` : html`<button class="primary" @click=${() => this.app.go('overview')}>Make the first one</button>`}</div>`;
    }
    const several = this.app.databases.length > 1;
    return html`
      <div class="scroll" aria-busy=${this.page.busy}>
      <table class="history ${several ? 'several' : ''}">
        <thead><tr><th scope="col">Status</th><th scope="col">Begun</th>${several ? html`<th scope="col">Database</th>` : nothing}
          <th scope="col" class="right">Duration</th><th scope="col" class="right">Size</th><th scope="col">Requested by</th>
          <th scope="col">Proved</th><th scope="col"><span class="unseen">Details</span></th></tr></thead>
        <tbody>${repeat(backups, ({ id }) => id, (backup) => this.#row(this.app.running.state(backup.id) ?? backup, several))}</tbody>
      </table></div>
      <nav class="row between pages" aria-label="Pages of the history">
        <button class="plain" ?disabled=${this.before.length === 0} @click=${() => this.#turn(this.before.pop() ?? null)}>Newer</button>
        <span class="hint">${this.before.length > 0 ? `Page ${this.before.length + 1}` : ''}</span>
        <button class="plain" ?disabled=${!next} @click=${() => {
          this.before.push(this.cursor);
          this.#turn(next);
        }}>Older</button>
      </nav>`;
  }

  #row(backup, several) {
    return html`<tr class="backup ${backup.status}">
      <td class="cell-status">${badge(backup)}${backup.warnings?.length
        ? html`<span class="badge warn" title="Has a warning">${icon('warn')}<span class="unseen">Warning</span></span>` : nothing}</td>
      <td class="cell-begun">${ago(backup.started_at ?? backup.created_at)}</td>
      ${several ? html`<td class="cell-database"><span class="cut">${backup.database}</span></td>` : nothing}
      <td class="cell-duration right">${backup.status === 'in_progress'
        ? phase(backup.phase) : duration(secondsBetween(backup.started_at, backup.finished_at))}</td>
      <td class="cell-size right">${bytes(backup.size_bytes)}</td>
      <td class="cell-source">${source(backup)}</td>
      <td class="cell-proved">${backup.verified_at ? html`<span class="proved" title="Proved by a restore">${icon('proved')}${ago(backup.verified_at)}</span>`
        : backup.status === 'success' ? html`<span class="hint">not yet<span class="narrow-only"> proved</span></span>` : nothing}</td>
      <td class="cell-more"><button class="plain small" aria-label=${`Details of the backup of ${backup.database}, ${backup.created_at}`}
        @click=${() => this.#open(backup.id)}>Details</button></td>
    </tr>
    ${backup.status === 'failed' && backup.error_text ? html`<tr class="why"><td colspan=${several ? 8 : 7}>${backup.error_text.replaceAll('\n', ' ')}</td></tr>` : nothing}`;
  }
}

/** Who asked, and for what of a repository. */
export function source(backup) {
  const repo = backup.source_repo;
  const hosted = repo && /^[\w.-]+\/[\w.-]+$/.test(repo);
  const link = (path, words) => (hosted
    ? html`<a href="https://github.com/${repo}${path}" target="_blank" rel="noreferrer noopener">${words}</a>` : words);
  return html`<span>${trigger(backup.trigger)}</span>${repo ? html`<span class="hint source">
    ${link('', repo)}${backup.source_ref ? html` ${link(`/tree/${encodeURI(ref(backup.source_ref))}`, ref(backup.source_ref))}` : nothing}
    ${backup.source_sha ? link(`/commit/${backup.source_sha}`, html`<code>${backup.source_sha.slice(0, 7)}</code>`) : nothing}</span>` : nothing}
    ${backup.selection ? html`<span class="hint">certain tables</span>` : nothing}`;
}
