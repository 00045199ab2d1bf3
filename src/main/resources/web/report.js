// What restores did, or would do.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { ago, badge, note, reason } from './parts.js';
import { bytes, counted, duration, secondsBetween } from './words.js';

function plan({ plan: would }) {
  return html`<ul>
    ${would.drops > 0 ? html`<li><strong>${counted(would.drops, 'table')} would be dropped.</strong></li>` : nothing}
    <li>${counted(would.definitions, 'definition')} would be created.</li>
    <li>${counted(would.rows, 'row')} of ${counted(would.tables, 'table')} would be loaded, ${bytes(would.bytes)}.</li>
    ${would.files ? html`<li>${counted(would.files, 'file')} would be uploaded, ${bytes(would.file_bytes)}.</li>` : nothing}</ul>`;
}

function done(restore) {
  const { report } = restore;
  return html`<ul>
    <li>${counted(report.definitions, 'definition')} made.</li>
    <li>${counted(report.rows, 'row')} of ${counted(report.tables, 'table')} loaded.</li>
    ${report.files ? html`<li>${counted(report.files, 'file')} uploaded.</li>` : nothing}
    <li>It took ${duration(secondsBetween(restore.started_at, restore.finished_at))}.</li></ul>`;
}

/** Jobs that wait for their start, and what acts on other systems: to be looked at before the database is used. */
function outward({ paused_jobs: paused, reaches_out: parts }) {
  return html`
    ${paused?.length ? html`<h4>Paused</h4><ul class="plain-list">${paused.map(({ what, sql }) => html`<li>
      <strong class="name">${what}</strong><pre>${sql}</pre></li>`)}</ul>` : nothing}
    ${parts?.length ? html`<details><summary>What acts by itself or on other systems</summary><ul>${parts.map(({ kind, meaning, count, names }) => html`<li>
      ${counted(count, kind)}${names.length ? `: ${names.join(', ')}${count > names.length ? ', …' : ''}` : ''} (${meaning})</li>`)}</ul></details>` : nothing}`;
}

/** @param dryRun whether nothing was to be written */
export function report(restore, dryRun) {
  const told = restore.report;
  return html`
    <div class="row wrap"><h3>${dryRun ? 'What would happen' : 'Report'}</h3>${dryRun && restore.status === 'success' ? nothing : badge(restore)}</div>
    ${restore.error_text ? note(restore.status === 'failed' ? 'bad' : 'warn', reason(restore.error_text)) : nothing}
    ${told?.plan ? plan(told) : told && restore.status !== 'failed' ? done(restore) : nothing}
    ${dryRun && restore.status === 'success' ? html`<p class="hint">Nothing was written.</p>` : nothing}
    ${told?.not_applied?.length ? html`<h4>Not restored</h4><ul class="plain-list">${told.not_applied.map(({ what, reason: why, sql }) => html`<li>
      <strong class="name">${what}</strong><p>${why}</p>${sql ? html`<pre>${sql}</pre>` : nothing}</li>`)}</ul>` : nothing}
    ${told?.differences?.length ? html`<h4>What differs</h4><ul>${told.differences.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}
    ${told?.not_proven?.length ? html`<details><summary>Not proven: ${told.not_proven.length}</summary><ul>${told.not_proven.map(({ what, reason: why }) => html`<li>
      ${what}: ${why}</li>`)}</ul></details>` : nothing}
    ${told ? outward(told) : nothing}
    ${told?.notes?.length ? html`<details><summary>${counted(told.notes.length, 'note')}</summary><ul>${told.notes.map((one) => html`<li>${one}</li>`)}</ul></details>` : nothing}`;
}

function line(restore) {
  const { report: told, request } = restore;
  const proof = restore.kind === 'verify';
  const what = proof ? 'Proof of' : request.dry_run ? 'Dry run into' : 'Into';
  // A proof goes into a database of its own, whose name says nothing.
  const name = proof ? restore.backup.split('/').at(-1) : request.create_database ?? restore.database;
  return html`<li>
    <div class="row wrap between">${badge(restore)}<span class="hint">${ago(restore.created_at)}</span></div>
    <p>${what} <strong class="name">${name}</strong>${told && !request.dry_run
      ? `, ${counted(told.tables, 'table')}, ${counted(told.rows, 'row')}` : ''}</p>
    ${restore.error_text ? html`<details><summary>Why</summary>${reason(restore.error_text)}</details>` : nothing}</li>`;
}

/** @param loaded what GET /api/restores answers */
export function past(loaded) {
  return html`<section class="card stack"><h3>Restores so far</h3>
    ${loaded.show(({ restores }) => (restores.length === 0 ? html`<p class="empty">None yet. Those from the command line aren’t listed.</p>`
      : html`<ul class="plain-list past">${restores.map(line)}</ul>`), 'Loading restores…')}
  </section>`;
}
