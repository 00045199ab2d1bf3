// Size, duration and rows of the last good backups, with those marked that aren't like the others.
import { nothing, svg } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { choice, Loaded } from './parts.js';
import { bytes, day, duration, moment, number, secondsBetween } from './words.js';

const SHOWN = 60;
const NEIGHBOURS = 7;
const WIDTH = 300;
const HEIGHT = 72;
const KINDS = [
  { name: 'Size', value: (backup) => backup.size_bytes, words: bytes, low: 0.5, high: 2 },
  { name: 'Duration', value: (backup) => secondsBetween(backup.started_at, backup.finished_at), words: duration, low: 0, high: 3, least: 10 },
  { name: 'Rows', value: (backup) => backup.rows_total, words: number, low: 0.5, high: 2 },
];

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Marks each point that is far from the middle of those before it. */
export function outliers(values, { low, high, least = 0 }) {
  return values.map((value, index) => {
    const before = values.slice(Math.max(0, index - NEIGHBOURS), index);
    if (before.length < 3) {
      return null;
    }
    const usual = median(before);
    return value < usual * low || (value > usual * high && value - usual > least) ? usual : null;
  });
}

export class Trend {
  constructor(app) {
    this.app = app;
    this.database = null;
    this.loaded = null;
  }

  load() {
    const { databases } = this.app;
    if (!databases?.length) {
      return;
    }
    if (!databases.some(({ name }) => name === this.database)) {
      this.database = databases[0].name;
    }
    if (this.loaded?.of !== this.database) {
      const of = this.database;
      this.loaded = new Loaded(async () => {
        const { backups } = await this.app.api.get('/api/backups', { database: of, status: 'success', limit: SHOWN });
        return backups.filter((backup) => backup.selection === null).reverse();
      }, this.app.update);
      this.loaded.of = of;
      this.loaded.reload();
    } else if (this.loaded.problem) {
      // The service is back, or the view was left and entered again.
      this.loaded.reload();
    }
  }

  /** There is another backup. What is drawn stays until it is known. */
  reload() {
    this.loaded?.reload();
  }

  template() {
    const names = this.app.databases.map(({ name }) => [name, name]);
    return html`<section class="trend" aria-labelledby="trend-title">
      <div class="row between">
        <h3 id="trend-title">Trend</h3>
        ${names.length > 1 ? choice('Database', this.database, names, (name) => {
          this.database = name;
          this.load();
        }) : nothing}
      </div>
      ${this.loaded?.show((backups) => this.#charts(backups), 'Loading the last backups…') ?? nothing}
    </section>`;
  }

  #charts(all) {
    if (all.length < 2) {
      return html`<p class="empty">After two good backups of everything, this shows their sizes, durations and rows.</p>`;
    }
    return html`<div class="charts">${KINDS.map((kind) => {
      // Backups of earlier versions don't know everything of themselves.
      const known = all.filter((backup) => Number.isFinite(kind.value(backup)));
      return known.length > 1 ? this.#chart(kind, known) : nothing;
    })}</div>`;
  }

  #chart(kind, backups) {
    const values = backups.map(kind.value);
    const unusual = outliers(values, kind);
    const largest = Math.max(...values, 1e-9);
    const step = WIDTH / Math.max(backups.length, 12);
    const last = values.at(-1);
    const marked = backups.map((backup, index) => ({ backup, index })).filter(({ index }) => unusual[index] !== null)
      .reverse();
    const label = `${kind.name} of the last ${backups.length} good backups: ${kind.words(Math.min(...values))} to ${kind.words(largest)}, `
      + `the newest ${kind.words(last)}. ${marked.length} unusual.`;
    return html`<figure class="card chart">
      <figcaption><span>${kind.name}</span><strong>${kind.words(last)}</strong></figcaption>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
        <path class="axis" d=${`M0 ${HEIGHT - 0.5}H${WIDTH}`}></path>
        ${values.map((value, index) => this.#bar(kind, backups[index], value, {
          x: WIDTH - (backups.length - index) * step, width: step * 0.72, height: Math.max(1.5, value / largest * (HEIGHT - 6)), usual: unusual[index],
        }))}
      </svg>
      <div class="chart-ends"><span>${day(backups[0].created_at) === day(backups.at(-1).created_at) ? '' : day(backups[0].created_at)}</span>
        <span>${day(backups.at(-1).created_at)}</span></div>
      ${marked.slice(0, 2).map(({ backup, index }) => html`<p class="unusual">
        <button class="link" @click=${() => this.app.go('history', { show: backup.id })}>${moment(backup.created_at)}</button>:
        ${kind.words(values[index])}, usually ${kind.words(unusual[index])}</p>`)}
    </figure>`;
  }

  #bar(kind, backup, value, { x, width, height, usual }) {
    const words = `${moment(backup.created_at)}: ${kind.words(value)}${usual === null ? '' : `, usually ${kind.words(usual)}`}`;
    return svg`<rect class=${usual === null ? 'point' : 'point odd'} x=${x} y=${HEIGHT - height} width=${width} height=${height}
      @click=${() => this.app.go('history', { show: backup.id })}><title>${words}</title></rect>`;
  }
}
