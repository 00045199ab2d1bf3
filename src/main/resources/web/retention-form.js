// How many backups are kept, and which of those that are there that would cost.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { Loaded, note, when } from './parts.js';
import { bytes, counted, number } from './words.js';

const RULES = [['keep_last', 'The last'], ['keep_daily', 'One a day, for days'], ['keep_weekly', 'One a week, for weeks'],
  ['keep_monthly', 'One a month, for months'], ['keep_days', 'All of the last days']];
const LISTED = 30;
const PAUSE = 300;

export class RetentionForm {
  constructor(app, saved) {
    this.app = app;
    this.saved = saved;
    this.holding = {};
    this.rules = {};
    this.plan = new Loaded(async () => (this.#any ? (await app.api.get('/api/retention/plan', this.rules)).backups : null), app.update);
  }

  use(rules) {
    this.holding = rules;
    this.rules = { ...rules };
    this.plan.reload();
  }

  get #changed() {
    return RULES.some(([name]) => (this.rules[name] ?? null) !== (this.holding[name] ?? null));
  }

  get #any() {
    return RULES.some(([name]) => this.rules[name]);
  }

  #set(name, text) {
    this.rules[name] = text === '' ? null : Number(text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.plan.reload(), PAUSE);
    this.app.update();
  }

  async #save() {
    // Whoever is quicker than the preview confirms what these rules delete, not what others would have.
    clearTimeout(this.timer);
    const plan = await this.plan.reload();
    if (this.plan.problem) {
      return;
    }
    const going = plan?.filter(({ keep }) => !keep) ?? [];
    const yes = going.length === 0 || await this.app.dialogs.ask({
      title: `Delete ${counted(going.length, 'backup')}?`,
      text: `By these rules ${counted(going.length, 'backup')}, ${bytes(sum(going))}, will be deleted permanently at the next run, within an hour.`,
      typed: String(going.length),
      action: 'Save the rules',
      danger: true,
    });
    if (yes) {
      await this.app.attempt(() => this.#put(''));
    }
  }

  /** The service asks back where a single backup of a database would be left. */
  async #put(query) {
    let settings;
    try {
      settings = await this.app.api.json('PUT', `/api/settings${query}`, { retention: this.#any ? this.rules : null });
    } catch (problem) {
      if (query !== '' || problem.type !== 'urn:bactrian:problem:single-backup') {
        throw problem;
      }
      const yes = await this.app.dialogs.ask({
        title: 'Keep only one backup?', text: problem.detail, typed: 'single', action: 'Keep only one backup', danger: true,
      });
      return yes ? this.#put('?force=true') : undefined;
    }
    this.use(settings.retention);
    this.saved(settings);
    this.app.say('The rules are changed.');
    return undefined;
  }

  template() {
    return html`<form class="card stack" @submit=${(event) => {
      event.preventDefault();
      this.#save();
    }}><h3>What is kept</h3>
      <p class="hint">A backup is kept if any of these rules keeps it. Without rules, all are kept. The newest good one is always kept.</p>
      <div class="rules">${RULES.map(([name, words]) => html`<label class="field"><span>${words}</span>
        <input name=${name} type="number" inputmode="numeric" min="1" max="36500" placeholder="–" .value=${this.rules[name] ?? ''}
          @input=${(event) => this.#set(name, event.target.value)}></label>`)}</div>
      ${this.plan.show((backups) => this.#effect(backups), 'Checking what they would delete…')}
      ${this.#changed ? html`<div class="row end"><button type="button" class="plain" @click=${() => this.use(this.holding)}>Undo</button>
        <button class="primary">Save the rules</button></div>` : nothing}
    </form>`;
  }

  /** @param backups with what becomes of each; null without rules */
  #effect(backups) {
    if (backups === null) {
      return html`<p>All backups are kept.</p>`;
    }
    const going = backups.filter(({ keep }) => !keep);
    const staying = backups.length - going.length;
    return html`${going.length === 0
      ? note('good', html`All existing backups are kept: ${number(staying)}.`)
      : note('warn', html`<strong>${counted(going.length, 'backup')} ${this.#changed ? 'would be' : 'will be'} deleted</strong>, ${bytes(sum(going))};
        ${number(staying)} stay.`)}
      <details ?open=${going.length > 0 && going.length <= 8}><summary>Backup by backup</summary>
      <ul class="plain-list plan">${[...going, ...backups.filter(({ keep }) => keep)].slice(0, LISTED).map((backup) => html`<li class=${backup.keep ? '' : 'goes'}>
        <span>${when(backup.made_at)} <span class="hint">${backup.database}, ${bytes(backup.size_bytes)}</span></span>
        <span class="hint">${backup.keep ? 'stays' : 'goes'}: ${backup.reasons.join(', ')}</span></li>`)}</ul>
      ${backups.length > LISTED ? html`<p class="hint">and ${number(backups.length - LISTED)} more</p>` : nothing}</details>`;
  }
}

function sum(backups) {
  return backups.reduce((total, backup) => total + (backup.size_bytes ?? 0), 0);
}
