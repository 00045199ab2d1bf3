// A backup in progress: how far it is, how fast, and what takes long.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { progressBar } from './parts.js';
import { STEPS, bytes, counted, duration, number, phase } from './words.js';

/** How much of it is done, from 0 to 1; null while nobody knows. */
function share(backup) {
  if (backup.phase === 'finishing' || backup.phase === 'uploading') {
    return 1;
  }
  if (backup.phase !== 'dumping') {
    return backup.phase === 'queued' ? 0 : null;
  }
  // The estimate of all bytes comes from sizes on disk: tables that are done are certain.
  const byBytes = backup.bytes_total ? backup.bytes_done / backup.bytes_total : null;
  const byTables = backup.tables_total ? backup.tables_done / backup.tables_total : null;
  return byBytes === null ? byTables : Math.min(0.99, byTables === 1 ? 1 : byBytes);
}

function facts(backup) {
  const words = [];
  if (backup.tables_total !== null) {
    words.push(`${number(backup.tables_done ?? 0)} of ${counted(backup.tables_total, 'table')}`);
  }
  if (backup.bytes_done) {
    words.push(backup.bytes_total > backup.bytes_done
      ? `${bytes(backup.bytes_done)} of about ${bytes(backup.bytes_total)}`
      : bytes(backup.bytes_done));
  }
  if (backup.bytes_per_second) {
    words.push(`${bytes(backup.bytes_per_second)}/s`);
  }
  if (backup.seconds_left !== null && backup.seconds_left !== undefined && backup.phase === 'dumping') {
    words.push(`about ${duration(Math.max(1, backup.seconds_left))} left`);
  }
  return words;
}

function slowest(backup) {
  const table = backup.running_tables?.[0];
  return table && table.seconds >= 3
    ? html`<p class="slow">${table.table} has been saving for ${duration(table.seconds)}${table.bytes ? `, ${bytes(table.bytes)}` : ''}.</p>`
    : nothing;
}

async function cancel(app, backup) {
  const yes = await app.dialogs.ask({
    title: 'Cancel this backup?',
    text: 'What it has saved so far is discarded. Existing backups stay as they are.',
    action: 'Cancel the backup',
    refuse: 'Keep it running',
    danger: true,
  });
  if (yes) {
    await app.attempt(() => app.api.post(`/api/backups/${backup.id}/cancel`), 'The backup is cancelled.');
  }
}

export function progress(app, backup) {
  const step = STEPS.indexOf(backup.phase);
  return html`<div class="progress" data-phase=${backup.phase}>
    <ol class="steps" aria-hidden="true">
      ${STEPS.map((_, index) => html`<li class=${index < step ? 'done' : index === step ? 'here' : ''}></li>`)}
    </ol>
    <p class="progress-phase" role="status">${phase(backup.phase)}<span class="dots" aria-hidden="true"></span></p>
    ${backup.phase === 'external' ? nothing : progressBar(`Backup of ${backup.database}`, share(backup))}
    <p class="facts">${facts(backup).map((fact) => html`<span>${fact}</span>`)}</p>
    ${slowest(backup)}
    <div class="row"><button class="plain" @click=${() => cancel(app, backup)}>Cancel</button></div>
  </div>`;
}
