// One backup in full: how it went, what it holds, and what can be done with it.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { sheet } from './dialogs.js';
import { followRestore } from './follow.js';
import { source } from './history.js';
import { icon } from './icons.js';
import { Manifest } from './manifest.js';
import { badge, Loaded, note, reason, save, when } from './parts.js';
import { progress } from './progress.js';
import { bytes, counted, duration, number, secondsBetween } from './words.js';

export class BackupSheet {
  /** @param changed is told when the backup has changed; @param closed when nothing is shown any more */
  constructor(app, { changed, closed }) {
    Object.assign(this, { app, changed, closed });
    this.id = null;
    this.proof = null;
  }

  /** Shows a backup, or none. */
  put(id) {
    this.proof?.abort.abort();
    this.proof = null;
    this.id = id;
  }

  open(id) {
    this.put(id);
    this.backup = new Loaded(() => this.app.api.get(`/api/backups/${id}`), this.app.update);
    this.manifest = new Manifest(this.app, id);
    this.backup.reload().then((backup) => {
      if (backup?.status === 'in_progress') {
        this.app.running.follow(backup);
      } else if (hasArchive(backup)) {
        this.manifest.load();
      }
    });
  }

  close() {
    if (this.id !== null) {
      this.put(null);
      this.closed();
      this.app.update();
    }
  }

  template() {
    if (this.id === null) {
      return nothing;
    }
    return sheet('Backup', () => this.close(), this.backup.show((loaded) => {
      const backup = this.app.running.state(this.id) ?? loaded;
      return html`
        <div class="row wrap">${badge(backup)}<strong class="cut">${backup.database}</strong>${when(backup.started_at ?? backup.created_at)}</div>
        ${backup.status === 'in_progress' ? progress(this.app, backup) : nothing}
        ${backup.error_text ? note(backup.status === 'failed' ? 'bad' : 'info', reason(backup.error_text)) : nothing}
        ${backup.archive_deleted_at ? note('info', html`The archive was deleted ${when(backup.archive_deleted_at)}: ${backup.archive_delete_reason}.`) : nothing}
        ${backup.warnings?.length ? this.#warnings(backup.warnings) : nothing}
        ${hasArchive(backup) ? this.#actions(backup) : nothing}
        ${this.#proof()}
        ${this.#facts(backup)}
        ${hasArchive(backup) ? this.manifest.template() : nothing}`;
    }, 'Loading the backup…'));
  }

  #warnings(warnings) {
    const lost = warnings.filter(({ table }) => table);
    return note('warn', html`${lost.length > 0 ? html`<strong>Tables lost rows since the previous backup.</strong>` : nothing}
      <ul>${warnings.slice(0, 20).map(({ table, rows, rows_before: before, text }) => html`<li>${text ?? html`<span class="name">${table}</span>:
        ${counted(rows, 'row')}, before ${number(before)}`}</li>`)}</ul>`);
  }

  #actions(backup) {
    const { service } = this.app;
    return html`<div class="row wrap actions">
      <button class="primary" @click=${() => this.#download(backup)}>${icon('download')}Download</button>
      ${service.may_restore ? html`<button class="plain" @click=${() => {
        this.close();
        this.app.go('restore', { backup });
      }}>${icon('restore')}Restore…</button>` : nothing}
      ${service.can_verify ? html`<button class="plain" ?disabled=${this.proof?.restore?.status === 'in_progress'}
        @click=${() => this.#verify(backup)}>${icon('proved')}Verify</button>` : nothing}
      <button class="plain bad" @click=${() => this.#delete(backup)}>${icon('trash')}Delete…</button>
    </div>`;
  }

  #download(backup) {
    return this.app.attempt(async () => {
      const { url } = await this.app.api.post(`/api/backups/${backup.id}/download-url`);
      // A path is one of the service's own.
      save(url.startsWith('/') ? this.app.api.base + url : url, backup.s3_key.split('/').at(-1));
    });
  }

  #facts(backup) {
    const lines = [
      ['Requested', html`${when(backup.created_at)}, ${source(backup)}`],
      ['Took', backup.finished_at && duration(secondsBetween(backup.started_at ?? backup.created_at, backup.finished_at))],
      ['Archive', backup.size_bytes && bytes(backup.size_bytes)],
      ['Rows', backup.rows_total && number(backup.rows_total)],
      ['Proved', backup.verified_at && when(backup.verified_at)],
      ['Key', backup.s3_key && html`${code(backup.s3_key)}<button class="plain small" @click=${() => this.#copy(backup.s3_key)}>
        ${icon('copy')}Copy key</button>`],
      ['SHA-256', backup.sha256 && code(backup.sha256)],
      ['CRC-32', backup.crc32 && code(backup.crc32)],
      ['Dispatch id', backup.dispatch_id && code(backup.dispatch_id)],
      ['Id', code(backup.id)],
    ];
    return html`<dl class="lines">${lines.filter(([, value]) => value).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  }

  async #copy(text) {
    await this.app.attempt(() => navigator.clipboard.writeText(text), 'The key is in the clipboard.');
  }

  async #verify(backup) {
    await this.app.attempt(async () => {
      const restore = await this.app.api.post(`/api/backups/${backup.id}/verify`);
      const proof = { restore, abort: new AbortController() };
      this.proof = proof;
      this.app.update();
      await followRestore(this.app.api, restore.id, (state) => {
        proof.restore = state;
        this.app.update();
      }, proof.abort.signal);
      if (proof === this.proof) {
        await this.backup.reload();
      }
      this.changed();
    });
  }

  #proof() {
    const restore = this.proof?.restore;
    if (!restore) {
      return nothing;
    }
    if (restore.status === 'in_progress') {
      return html`<p class="loading" role="status">Restoring into a scratch database, to compare each row: ${restore.phase}…</p>`;
    }
    return restore.status === 'success' ? note('good', html`<strong>Proved.</strong> It was restored completely: all rows are equal.`)
      : note('bad', html`<strong>Not proved.</strong> ${restore.error_text}`);
  }

  async #delete(backup) {
    const name = backup.s3_key.split('/').at(-1);
    const good = this.app.database(backup.database)?.last_good?.id === backup.id;
    const yes = await this.app.dialogs.ask({
      title: 'Delete this backup permanently?',
      text: html`<p>${bytes(backup.size_bytes)} of ${backup.database}. This can’t be undone. Its line in the history stays.</p>
        ${good ? html`<p><strong>It is the newest good backup.</strong> Unless there is an older one, the service refuses.</p>` : nothing}`,
      typed: name,
      action: 'Delete',
      danger: true,
    });
    if (yes && await this.app.attempt(() => this.app.api.json('DELETE', `/api/backups/${backup.id}`), 'The backup is deleted.')) {
      await this.backup.reload();
      this.changed();
      this.app.refresh();
    }
  }
}

function hasArchive(backup) {
  return backup?.status === 'success' && !backup.archive_deleted_at && !backup.archive_delete_reason;
}

const code = (text) => html`<code class="name">${text}</code>`;
