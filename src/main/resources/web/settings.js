// What can be changed while the service runs. Each part is saved by itself.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { cronInWords } from './cron.js';
import { failure, Loaded, note, when } from './parts.js';
import { RetentionForm } from './retention-form.js';
import { clock, counted } from './words.js';

const EVENTS = [['failure', 'A backup failed'], ['recovered', 'One succeeds again after a failure'], ['success', 'A backup succeeded']];
const EXAMPLES = [['0 0 2 * * ?', 'nightly at 02:00'], ['0 0 0/6 * * ?', 'every 6 hours'], ['0 0 3 ? * SUN', 'Sundays at 03:00']];

/** What is in the table and can't be read, so that something else holds. */
const unreadable = ({ origins, schedules }) => [...Object.values(origins), ...Object.values(schedules)]
  .filter(({ problem }) => problem).map(({ problem }) => note('warn', problem));

export class Settings {
  constructor(app) {
    this.app = app;
    this.loaded = new Loaded(() => app.api.get('/api/settings'), app.update);
    /** Cron expressions that are being written, by database. */
    this.crons = new Map();
    this.zone = null;
    this.problem = null;
    this.tests = null;
    this.retention = new RetentionForm(app, (settings) => this.#take(settings));
  }

  enter() {
    this.loaded.reload().then((settings) => settings && this.retention.use(settings.retention));
  }

  #take(settings) {
    this.loaded.value = settings;
    this.app.refresh();
    this.app.update();
  }

  async #save(change, done) {
    this.problem = null;
    try {
      this.#take(await this.app.api.json('PUT', '/api/settings', change));
      this.app.say(done);
      return true;
    } catch (problem) {
      this.problem = problem;
      this.app.update();
      return false;
    }
  }

  template() {
    return html`<h2>Settings</h2>
      ${this.problem ? failure(this.problem) : nothing}
      ${this.loaded.show((settings) => html`${unreadable(settings)}<div class="halves">
        <div class="stack">${this.#toggle(settings)}${this.#schedules(settings)}${this.#notifications()}</div>
        ${this.retention.template()}</div>`, 'Loading the settings…')}`;
  }

  #toggle({ backup_enabled: enabled }) {
    return html`<section class="card stack"><div class="row between">
      <h3 id="toggle-title">Backups</h3>
      <button class="switch" role="switch" aria-checked=${enabled} aria-labelledby="toggle-title toggle-state"
        @click=${() => this.#save({ backup_enabled: !enabled }, enabled ? 'Backups are off.' : 'Backups are on.')}><span></span></button></div>
      <p id="toggle-state">${enabled ? 'On: they are made when they are due or requested.'
        : html`<strong>Off:</strong> scheduled ones are skipped, and requests are refused. Running backups continue.`}</p></section>`;
  }

  #schedules({ schedules, timezone }) {
    const zone = this.zone ?? timezone;
    return html`<section class="card stack"><h3>Schedule</h3>
      ${Object.entries(schedules).map(([name, schedule]) => this.#schedule(name, schedule, timezone, Object.keys(schedules).length > 1))}
      <form class="row wrap bottom" @submit=${(event) => {
        event.preventDefault();
        this.#save({ timezone: zone }, 'The time zone is changed.').then((saved) => {
          this.zone = saved ? null : this.zone;
        });
      }}><label class="field grow"><span>Time zone of all schedules</span><input name="timezone" list="zones" autocomplete="off" spellcheck="false"
          .value=${zone} @input=${(event) => {
            this.zone = event.target.value.trim();
            this.app.update();
          }}></label>
        <datalist id="zones">${['UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])].map((one) => html`<option value=${one}></option>`)}</datalist>
        ${zone === timezone ? nothing : html`<button class="primary">Save</button>`}</form>
      <p class="hint">In Quartz’s form: second minute hour day-of-month month day-of-week. For example
        ${EXAMPLES.map(([cron, words], index) => html`${index > 0 ? ', ' : ''}<code>${cron}</code> ${words}`)}.</p></section>`;
  }

  #schedule(name, schedule, timezone, several) {
    const written = this.crons.get(name) ?? schedule.cron ?? '';
    const changed = written !== (schedule.cron ?? '');
    const words = written === '' ? 'Never by itself' : cronInWords(written);
    return html`<form class="stack tight" @submit=${(event) => {
      event.preventDefault();
      this.#save({ schedules: { [name]: written || null } }, 'The schedule is changed.').then((saved) => saved && this.crons.delete(name));
    }}>
      <div class="row wrap bottom"><label class="field grow"><span>${several ? name : 'When'}</span>
        <input name=${`cron-${name}`} autocomplete="off" spellcheck="false" placeholder="never" .value=${written} @input=${(event) => {
          this.crons.set(name, event.target.value);
          this.app.update();
        }}></label>
        ${changed ? html`<button class="primary">Save</button><button type="button" class="plain" @click=${() => {
          this.crons.delete(name);
          this.app.update();
        }}>Undo</button>` : nothing}</div>
      <p class="in-words">${words ? html`${words}${written ? `, ${timezone}` : ''}.` : 'A custom expression.'}
        ${!changed && schedule.next_fire_time ? html` Next ${when(schedule.next_fire_time, clock)}.` : nothing}</p></form>`;
  }

  #notifications() {
    const { notifications } = this.app.service;
    const any = EVENTS.some(([event]) => notifications[event] > 0);
    return html`<section class="card stack"><h3>Notifications</h3>
      <ul class="plain-list">${EVENTS.map(([event, words]) => html`<li class="row between wrap"><span>${words}</span>
        ${notifications[event] > 0 ? html`<span class="row tight"><span class="hint">${counted(notifications[event], 'address', 'addresses')}</span>
          <button class="plain small" aria-label=${`Send a test: ${words}`} @click=${() => this.#test(event)}>Send a test</button></span>`
          : html`<span class="hint">none configured</span>`}</li>`)}
        ${notifications.ping?.length ? html`<li class="row between wrap"><span>Pings at start and end</span><span class="hint">${notifications.ping.join(', ')}</span></li>` : nothing}</ul>
      ${this.tests ? this.#results(this.tests) : nothing}
      ${any ? nothing : html`<p class="hint">Set <code>NOTIFY_FAILURE</code> to a webhook or a mail address, and restart the service.</p>`}</section>`;
  }

  async #test(event) {
    this.tests = null;
    await this.app.attempt(async () => {
      this.tests = (await this.app.api.post('/api/notifications/test', { event })).results;
    });
    this.app.update();
  }

  #results(results) {
    return results.map(({ to, sent, reason: why }) => (sent ? note('good', html`${to}: sent. Check whether it arrived.`)
      : note('bad', html`<strong>${to} couldn’t be reached:</strong> ${why}.`)));
  }
}
