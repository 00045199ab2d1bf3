// What several views are made of.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { icon } from './icons.js';
import { age, iso, moment, status } from './words.js';

/** Something that is loaded from the service, and how that stands. */
export class Loaded {
  constructor(load, update) {
    this.load = load;
    this.update = update;
    this.value = undefined;
    this.problem = null;
    this.busy = false;
    this.run = 0;
  }

  /** What was there stays to be seen until the new is there. Of several runs the last counts. */
  async reload() {
    const run = ++this.run;
    this.busy = true;
    this.update();
    try {
      const value = await this.load();
      if (run === this.run) {
        this.value = value;
        this.problem = null;
      }
    } catch (problem) {
      if (run === this.run && problem.name !== 'AbortError') {
        this.problem = problem;
      }
    }
    if (run === this.run) {
      this.busy = false;
      this.update();
    }
    return this.value;
  }

  /** @param ready shows the value; @param what is being loaded, in words */
  show(ready, what) {
    if (this.problem && this.value === undefined) {
      return failure(this.problem, () => this.reload());
    }
    if (this.value === undefined) {
      return html`<p class="loading" role="status">${what}</p>`;
    }
    return html`${this.problem ? failure(this.problem, () => this.reload()) : nothing}${ready(this.value)}`;
  }
}

export function failure(problem, again) {
  return html`<div class="note bad" role="alert">
    ${icon('bad')}
    <div><strong>${problem.title ?? 'Something went wrong'}.</strong> ${problem.detail ?? problem.message}
      ${again ? html`<p><button class="plain" @click=${again}>Try again</button></p>` : nothing}</div>
  </div>`;
}

export function note(kind, content) {
  return html`<div class="note ${kind}">${icon(kind === 'info' ? 'waiting' : kind)}<div>${content}</div></div>`;
}

/** A time for people and, where they point at it, to the second. */
export function when(time, words = moment) {
  return time ? html`<time datetime=${iso(time)} title=${iso(time)}>${words(time)}</time>` : html`–`;
}

export const ago = (time) => when(time, (value) => age(value));

export function statusIcon(row) {
  if (row.status === 'in_progress') {
    return row.phase === 'queued' ? 'waiting' : 'running';
  }
  return { success: 'good', failed: 'bad', partial: 'warn' }[row.status] ?? 'none';
}

export function badge(row) {
  const kind = statusIcon(row);
  return html`<span class="badge ${row.archive_deleted_at ? 'none' : kind}">${icon(kind)}${status(row)}</span>`;
}

/** @param share from 0 to 1; null where nobody knows */
export function progressBar(label, share) {
  const percent = share === null ? null : Math.round(Math.min(1, Math.max(0, share)) * 100);
  return html`<div class="bar ${percent === null ? 'unknown' : ''}" role="progressbar" aria-label=${label}
    aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent ?? nothing}>
    <div class="bar-done" .style=${`width: ${percent ?? 100}%`}></div></div>`;
}

/** Choices of which one holds, as a list to choose from. */
export function choice(label, value, options, change) {
  return html`<label class="field"><span>${label}</span>
    <select @change=${(event) => change(event.target.value)}>
      ${options.map(([key, words]) => html`<option value=${key} .selected=${key === (value ?? '')}>${words}</option>`)}
    </select></label>`;
}

/** Where the error ends and the remedy begins, the reader finds a new line. */
export function reason(text) {
  return html`<p class="reason">${(text ?? '').split('\n').map((line) => html`${line}<br>`)}</p>`;
}

/** Saves bytes under a name, as a download. */
export function save(href, name) {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.rel = 'noreferrer';
  link.click();
}
