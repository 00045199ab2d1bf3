// Brings a backup back: what, where to, what would happen, and then, once it is confirmed, that.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { repeat } from './lib/lit-html/directives/repeat.js';
import { followRestore } from './follow.js';
import { qualified, quoted } from './manifest.js';
import { choice, failure, Loaded, note, progressBar } from './parts.js';
import { past, report } from './report.js';
import { OPTIONS } from './restore-options.js';
import { bytes, counted, duration, moment, number } from './words.js';

const SHOWN = 200;
/** Of tables in one request. */
const MOST = 100;

export class Restores {
  constructor(app) {
    this.app = app;
    this.past = new Loaded(() => app.api.get('/api/restores', { limit: 20 }), app.update);
    this.backups = new Loaded(async () => {
      const { backups } = await app.api.get('/api/backups', { status: 'success', limit: 100 });
      return backups.filter((backup) => !backup.archive_deleted_at && !backup.archive_delete_reason);
    }, app.update);
    this.manifest = null;
    this.#reset();
  }

  #reset(backup = null) {
    Object.assign(this, {
      backup, part: 'all', tables: new Set(), search: '', into: 'new', target: backup?.database ?? null, name: '', options: new Set(),
      shown: null, problem: null, planned: null,
    });
  }

  enter({ backup } = {}) {
    if (backup) {
      this.#take(backup);
    }
    this.past.reload().then((past) => {
      const running = past?.restores.find(({ status, kind }) => status === 'in_progress' && kind === 'restore');
      if (running && !this.shown) {
        this.#follow(running);
      }
    });
    this.backups.reload().then((backups) => {
      if (!this.backup && backups?.length) {
        this.#take(backups[0]);
      }
    });
  }

  /** Nobody looks any more. */
  stop() {
    this.shown?.abort.abort();
  }

  #take(backup) {
    this.#reset(backup);
    this.target = this.app.database(backup.database) ? backup.database : this.app.databases[0]?.name;
    this.name = `${this.app.database(this.target)?.database ?? 'restored'}_restored`.slice(0, 63);
    this.manifest = new Loaded(() => this.app.api.get(`/api/backups/${backup.id}/manifest`), this.app.update);
    this.manifest.reload();
    this.app.update();
  }

  /** What is changed makes a plan that was seen one of something else. */
  #set(change) {
    Object.assign(this, change, { planned: null, problem: null });
    if (this.shown?.restore.status !== 'in_progress') {
      this.shown = null;
    }
    this.app.update();
  }

  #request(dryRun) {
    const written = this.#written();
    return {
      backup: this.backup.id,
      database: this.target,
      confirm: written,
      ...(this.into === 'new' ? { create_database: this.name } : {}),
      ...(this.part === 'tables' ? { tables: [...this.tables] } : {}),
      ...Object.fromEntries([...this.options].map((name) => [name, true])),
      ...(dryRun ? { dry_run: true } : {}),
    };
  }

  /** Name of the database that is written to. */
  #written() {
    return this.into === 'new' ? this.name : this.app.database(this.target)?.database ?? '';
  }

  async #start(dryRun) {
    this.problem = null;
    try {
      this.#follow(await this.app.api.post('/api/restores', this.#request(dryRun)), dryRun);
    } catch (problem) {
      this.problem = problem;
      this.app.update();
    }
  }

  async #follow(restore, dryRun = restore.request?.dry_run === true) {
    const abort = new AbortController();
    this.shown?.abort.abort();
    const shown = { restore, abort, dryRun };
    this.shown = shown;
    this.app.update();
    this.#reveal();
    await followRestore(this.app.api, restore.id, (state) => {
      shown.restore = state;
      this.app.update();
    }, abort.signal);
    if (shown === this.shown && dryRun && shown.restore.status === 'success') {
      this.planned = shown.restore;
    }
    this.#reveal();
    this.past.reload();
  }

  /** On a phone the outcome lies below the form. */
  #reveal() {
    requestAnimationFrame(() => this.app.element.shadowRoot.querySelector('.outcome')?.scrollIntoView({ block: 'nearest' }));
  }

  async #confirm() {
    const written = this.#written();
    const fresh = this.into === 'new';
    const yes = await this.app.dialogs.ask({
      title: fresh ? `Restore into the new database ${written}?` : `Write to the database ${written}?`,
      text: html`<p>${fresh ? 'It is created on the server of ' : 'It is the one configured as '}<strong>${this.target}</strong>.
        ${this.part === 'tables' ? counted(this.tables.size, 'table') : 'Everything'} of the backup of ${moment(this.backup.created_at)}
        ${this.options.has('drop_existing') ? 'replaces existing objects of the same names.' : 'is restored.'}
        ${fresh ? nothing : 'During the restore, the database is incomplete.'}</p>`,
      typed: written,
      action: 'Restore',
      danger: !fresh,
    });
    if (yes) {
      await this.#start(false);
    }
  }

  template() {
    if (!this.app.service.may_restore) {
      return note('info', 'This key may not restore. Sign in with the service’s RESTORE_API_KEY.');
    }
    return html`<h2>Restore</h2>
      <div class="halves">
        ${this.backups.show((backups) => (backups.length === 0
          ? html`<p class="empty">There is no good backup to restore. <button class="link" @click=${() => this.app.go('overview')}>Make one</button></p>`
          : this.#form(backups)), 'Loading backups…')}
        <div class="stack">${this.#outcome()}${past(this.past)}</div>
      </div>`;
  }

  #form(backups) {
    const listed = !this.backup || backups.some(({ id }) => id === this.backup.id) ? backups : [this.backup, ...backups];
    const running = this.shown?.restore.status === 'in_progress';
    const ready = this.backup && this.target && this.#written() && (this.part === 'all' || (this.tables.size > 0 && this.tables.size <= MOST)) && !running;
    return html`<form class="card stack" @submit=${(event) => {
      event.preventDefault();
      this.#start(true);
    }}>
      ${choice('Backup', this.backup?.id, listed.map((backup) => [backup.id,
        `${backup.database}, ${moment(backup.created_at)}, ${bytes(backup.size_bytes)}${backup.selection ? ', certain tables' : ''}${backup.verified_at ? ', proved' : ''}`]),
      (id) => this.#take(listed.find((backup) => backup.id === id)))}
      <fieldset><legend>What</legend>
        ${this.#radio('part', 'all', 'Everything in it')}
        ${this.#radio('part', 'tables', 'Certain tables')}
        ${this.part === 'tables' ? this.manifest?.show((manifest) => this.#tables(manifest), 'Reading the manifest…') : nothing}
      </fieldset>
      <fieldset><legend>Target</legend>
        ${this.app.databases.length > 1 ? choice('Database', this.target, this.app.databases.map(({ name, database }) => [name, `${name} (${database})`]),
          (target) => this.#set({ target })) : nothing}
        ${this.#radio('into', 'new', 'Into a new database on the same server')}
        ${this.into === 'new' ? html`<label class="field inset"><span>Name of the new database</span>
          <input name="create_database" maxlength="63" required autocomplete="off" spellcheck="false" .value=${this.name}
            @input=${(event) => this.#set({ name: event.target.value.trim() })}></label>` : nothing}
        ${this.#radio('into', 'there', html`Into <strong class="name">${this.app.database(this.target)?.database ?? '…'}</strong> itself`)}
      </fieldset>
      <details><summary>More options</summary>
        ${OPTIONS.map(([name, words]) => html`<label class="check"><input type="checkbox" name=${name} .checked=${this.options.has(name)}
          @change=${(event) => {
            event.target.checked ? this.options.add(name) : this.options.delete(name);
            this.#set({});
          }}><span>${words}</span></label>`)}</details>
      ${this.problem ? failure(this.problem) : nothing}
      <div class="row end wrap">
        <button class=${this.planned ? 'plain' : 'primary'} ?disabled=${!ready}>See what would happen</button>
        <button type="button" class=${this.planned ? 'primary' : 'plain'} ?disabled=${!ready} @click=${() => this.#confirm()}>Restore…</button>
      </div>
    </form>`;
  }

  #radio(name, value, words) {
    return html`<label class="check"><input type="radio" name=${name} value=${value} .checked=${this[name] === value}
      @change=${() => this.#set({ [name]: value })}><span>${words}</span></label>`;
  }

  #tables(manifest) {
    const search = this.search.toLowerCase();
    const found = manifest.tables.map((table) => [qualified(table), table]).filter(([name]) => name.toLowerCase().includes(search));
    return html`<div class="inset stack">
      <label class="field"><span>Find a table</span><input type="search" name="find" autocomplete="off" @input=${(event) => {
        this.search = event.target.value;
        this.app.update();
      }} @keydown=${(event) => event.key === 'Enter' && event.preventDefault()}></label>
      <div class="pick" role="group" aria-label="Tables" tabindex="0">${repeat(found.slice(0, SHOWN), ([name]) => name, ([name, table]) => html`<label class="check">
        <input type="checkbox" .checked=${this.tables.has(quoted(table))} @change=${(event) => {
          event.target.checked ? this.tables.add(quoted(table)) : this.tables.delete(quoted(table));
          this.#set({});
        }}><span class="name">${name}</span><span class="hint">${table.rows === undefined ? '' : counted(table.rows, 'row')}</span></label>`)}</div>
      <p class=${this.tables.size > MOST ? 'wrong' : 'hint'} role="status">${counted(this.tables.size, 'table')} chosen${this.tables.size > MOST
        ? `: ${MOST} at most, otherwise restore everything` : ''}${found.length > SHOWN ? `; the first ${SHOWN} of ${number(found.length)} are shown, search for others` : ''}.</p>
    </div>`;
  }

  #outcome() {
    if (!this.shown) {
      return nothing;
    }
    const { restore, dryRun } = this.shown;
    if (restore.status === 'in_progress') {
      const share = restore.bytes_total ? restore.bytes_done / restore.bytes_total
        : restore.tables_total ? restore.tables_done / restore.tables_total : null;
      return html`<section class="card stack outcome" aria-label="Restore in progress">
        <h3>${dryRun ? 'Checking what would happen' : 'Restoring'}</h3>
        <p class="progress-phase" role="status">${restore.phase}<span class="dots" aria-hidden="true"></span></p>
        ${progressBar('Restore', share)}
        <p class="facts">${restore.tables_total === null ? nothing : html`<span>${number(restore.tables_done ?? 0)} of ${counted(restore.tables_total, 'table')}</span>`}
          ${restore.bytes_total ? html`<span>${bytes(restore.bytes_done)} of ${bytes(restore.bytes_total)}</span>` : nothing}
          ${restore.seconds_left ? html`<span>about ${duration(restore.seconds_left)} left</span>` : nothing}</p>
        <div class="row"><button class="plain" @click=${() => this.#cancel(restore, dryRun)}>Cancel</button></div></section>`;
    }
    return html`<section class="card stack outcome" aria-label="Outcome" role="status">${report(restore, dryRun)}</section>`;
  }

  async #cancel(restore, dryRun) {
    const yes = dryRun || await this.app.dialogs.ask({
      title: 'Cancel this restore?',
      text: 'What it has written stays, and the target is incomplete. The same restore starts over.',
      action: 'Cancel the restore', refuse: 'Keep it running', danger: true,
    });
    if (yes) {
      await this.app.attempt(() => this.app.api.post(`/api/restores/${restore.id}/cancel`));
    }
  }
}
