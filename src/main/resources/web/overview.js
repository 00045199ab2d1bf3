// Is the last backup good, how old is it, when is the next? And a button that makes one.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { BackupForm } from './backup-form.js';
import { icon } from './icons.js';
import { ago, note, reason, when } from './parts.js';
import { progress } from './progress.js';
import { Trend } from './trend.js';
import { bytes, clock, counted, number } from './words.js';

export class Overview {
  constructor(app) {
    this.app = app;
    this.form = new BackupForm(app);
    this.trend = new Trend(app);
  }

  enter() {
    this.trend.load();
  }

  changed() {
    this.trend.reload();
  }

  template() {
    const { databases } = this.app;
    const several = databases.length > 1;
    return html`
      <h2 class="unseen">Overview</h2>
      ${databases.length === 0 ? note('warn', html`<strong>No database is configured.</strong> Set <code>DATABASE_URL</code> and
        restart the service.`) : nothing}
      ${this.app.enabled ? nothing : note('warn', html`<strong>Backups are switched off:</strong> none is made, whatever the schedule says.
        <button class="link" @click=${() => this.app.go('settings')}>Switch them on</button>`)}
      <div class="databases ${several ? 'several' : ''}">
        ${databases.map((database) => this.#database(database, several))}
      </div>
      ${databases.length > 0 ? this.trend.template() : nothing}
      ${this.form.template()}`;
  }

  #database(database, several) {
    const running = this.app.running.of(database.name);
    const kind = standing(database);
    return html`<section class="card now ${kind}" aria-label=${`Database ${database.name}`}>
      <div class="now-state">${icon(kind === 'new' ? 'none' : kind)}</div>
      <div class="now-words">
        ${several ? html`<h3 class="database-name">${database.name}</h3>` : nothing}
        <p class="sentence">${sentence(this.app, database)}</p>
        ${trouble(database)}
        ${overdue(database)}
        ${shrunk(this.app, database)}
        ${running.map((backup) => progress(this.app, backup))}
        ${running.length === 0 ? html`<div class="row wrap">
          <button class="primary" @click=${() => this.form.start(database.name)}>Back up now</button>
          <button class="plain" @click=${() => this.form.open(database.name)}>Only certain tables…</button>
        </div>` : nothing}
      </div>
    </section>`;
  }
}

function standing({ last, last_good: good, overdue_since: missed }) {
  if (!last && !good && !missed) {
    return 'new';
  }
  if (last?.status === 'failed' || !good || missed) {
    return 'bad';
  }
  return good.warnings?.length ? 'warn' : 'good';
}

/** One sentence that tells how it stands. */
function sentence(app, { last, last_good: good, next_fire_time: next, overdue_since: missed }) {
  const coming = next
    ? html` <span class="next">Next ${when(next, clock)}.</span>`
    : html` <span class="next">No schedule is set. <button class="link" @click=${() => app.go('settings')}>Set one</button></span>`;
  if (!good) {
    return last
      ? html`<strong>There is no good backup.</strong> The last attempt failed ${ago(last.finished_at)}.${coming}`
      : html`<strong>No backup yet.</strong> ${missed ? nothing : 'Make the first one now.'}${coming}`;
  }
  const proof = good.verified_at ? html`, proved by a restore ${ago(good.verified_at)}` : ', not yet proved by a restore';
  if (last?.status === 'failed') {
    return html`<strong>The last backup failed ${ago(last.finished_at)}.</strong> The last good one is from
      ${ago(good.finished_at)}, ${bytes(good.size_bytes)}${proof}.${coming}`;
  }
  if (missed) {
    return html`<strong>A backup is overdue: it was due ${ago(missed)}.</strong> The last good one is from
      ${ago(good.finished_at)}, ${bytes(good.size_bytes)}${proof}.${coming}`;
  }
  return html`<strong>Last good backup ${ago(good.finished_at)}</strong>, ${bytes(good.size_bytes)}${proof}.${coming}`;
}

function trouble({ last }) {
  return last?.status === 'failed' ? html`<div class="trouble">${reason(last.error_text)}</div>` : nothing;
}

function overdue({ overdue_since: missed }) {
  return missed ? html`<div class="trouble"><p>Since ${when(missed)}, the schedule has asked for no backup: no service was running then, or
    each was skipped. The log of the service says why: look for “is skipped” and “could not be requested”. Back up now to have a new one
    meanwhile.</p></div>` : nothing;
}

function shrunk(app, { last_good: good }) {
  if (!good?.warnings?.length) {
    return nothing;
  }
  const [first, ...others] = good.warnings.filter(({ table }) => table);
  const texts = good.warnings.filter(({ text }) => text);
  if (!first) {
    return html`<div class="trouble"><p>${texts[0].text}
      <button class="link" @click=${() => app.go('history', { show: good.id })}>Show this backup</button></p></div>`;
  }
  return html`<div class="trouble">
    <p><strong>${first.table}</strong> has ${counted(first.rows, 'row')}; the backup before had ${number(first.rows_before)}.
      ${others.length > 0 ? html`${counted(others.length, 'more table')} lost most of ${others.length === 1 ? 'its' : 'their'} rows, too.` : nothing}
      If that wasn’t intended, restore from an older backup.
      <button class="link" @click=${() => app.go('history', { show: good.id })}>Show this backup</button></p>
  </div>`;
}
