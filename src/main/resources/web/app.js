// What is seen, and who is signed in: the frame around the views.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { Api } from './api.js';
import { Checks } from './checks.js';
import { Dialogs } from './dialogs.js';
import { away, header } from './frame.js';
import { History } from './history.js';
import { icon } from './icons.js';
import { Overview } from './overview.js';
import { failure } from './parts.js';
import { Restores } from './restores.js';
import { Running } from './running.js';
import { Session } from './session.js';
import { Settings } from './settings.js';
import { signIn } from './sign-in.js';

const REFRESH = 15_000;
const AWAY_REFRESH = 3_000;
const NOTICE = 6_000;

export class App {
  constructor(element, { base, given, hash, update }) {
    this.element = element;
    this.hash = hash;
    this.update = update;
    this.session = new Session(given);
    this.api = new Api(base, () => this.session.key());
    this.dialogs = new Dialogs(update);
    this.running = new Running(this);
    this.view = 'overview';
    this.#begin();
    this.service = null;
    this.databases = null;
    /** Whether backups are made at all. */
    this.enabled = true;
    this.problem = null;
    this.awaySince = null;
    this.notice = null;
    this.stopped = false;
    this.onHash = () => this.#readHash();
  }

  /** Nothing has been seen yet by whoever looks. */
  #begin() {
    this.views = {
      overview: new Overview(this),
      history: new History(this),
      restore: new Restores(this),
      settings: new Settings(this),
      check: new Checks(this),
    };
  }

  /** Ends all that goes on by itself. */
  #rest() {
    clearTimeout(this.timer);
    this.running.stop();
    this.views.restore.stop();
    this.views.history.sheet.put(null);
  }

  start() {
    if (this.hash) {
      addEventListener('popstate', this.onHash);
      this.#readHash();
    }
    this.update();
    if (this.session.isOpen) {
      this.refresh();
    }
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.noticeTimer);
    removeEventListener('popstate', this.onHash);
    this.#rest();
  }

  /** Asks for what every view needs, and again after a while. */
  async refresh() {
    clearTimeout(this.timer);
    try {
      const [service, { databases }, settings] = await Promise.all(
        ['/api/service', '/api/databases', '/api/settings'].map((path) => this.api.get(path)));
      if (this.stopped || !this.session.isOpen) {
        // Whoever asked has left: the next one begins with nothing.
        return;
      }
      const back = this.awaySince !== null;
      const first = this.service === null;
      Object.assign(this, { service, databases, enabled: settings.backup_enabled, problem: null, awaySince: null });
      this.session.proved();
      this.running.see(databases);
      if (first || back) {
        this.#enter();
        this.#reveal();
      }
    } catch (problem) {
      if (problem.status === 401) {
        this.signOut(problem);
      } else if (problem.isOffline) {
        this.awaySince ??= Date.now();
      }
      this.problem = problem.status === 401 ? null : problem;
    }
    this.update();
    if (!this.stopped && this.session.isOpen) {
      this.timer = setTimeout(() => this.refresh(), this.problem ? AWAY_REFRESH : REFRESH);
    }
  }

  async signIn(key, kept) {
    this.session.open(key, kept);
    await this.refresh();
  }

  signOut(problem = null) {
    this.session.close(problem);
    this.#rest();
    this.#begin();
    Object.assign(this, { service: null, databases: null, problem: null, awaySince: null });
    this.update();
  }

  go(view, options) {
    this.view = view;
    this.#reveal();
    this.show(view);
    this.views[view].enter(options);
    this.update();
  }

  /** Keeps in the address what is seen: a view, and maybe what is open in it. */
  show(view, id) {
    const hash = id ? `#/${view}/${id}` : `#/${view}`;
    if (this.hash && location.hash !== hash) {
      history.pushState(null, '', hash);
    }
  }

  #readHash() {
    const [view, id] = location.hash.replace(/^#\/?/, '').split('/');
    this.view = Object.hasOwn(this.views, view) ? view : 'overview';
    this.views.history.sheet.put(null);
    this.asked = id ? { show: id } : undefined;
    this.#reveal();
    if (this.service) {
      this.#enter();
    }
    this.update();
  }

  /** In a narrow panel the names of the views are a line that may be longer than what is seen of it. */
  #reveal() {
    requestAnimationFrame(() => this.element.shadowRoot.querySelector('nav [aria-current="page"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }

  #enter() {
    this.views[this.view].enter(this.asked);
    this.asked = undefined;
  }

  /** Does something that may fail, and says so where it does. @return whether it was done */
  async attempt(action, done) {
    try {
      await action();
      if (done) {
        this.say(done);
      }
      return true;
    } catch (problem) {
      if (problem.status === 401) {
        this.signOut(problem);
      } else {
        if (problem.isOffline) {
          this.refresh();
        }
        this.say(`${problem.title ?? 'Something went wrong'}. ${problem.detail ?? problem.message}`, 'bad');
      }
      return false;
    }
  }

  /** A word in passing. What went wrong stays until it is put away. */
  say(text, kind = 'good') {
    this.notice = { text, kind };
    clearTimeout(this.noticeTimer);
    if (kind !== 'bad') {
      this.noticeTimer = setTimeout(() => {
        this.notice = null;
        this.update();
      }, NOTICE);
    }
    this.update();
  }

  tell(name, backup) {
    this.element.dispatchEvent(new CustomEvent(`bactrian-${name}`, { detail: backup, bubbles: true, composed: true }));
  }

  database(name) {
    return this.databases?.find((one) => one.name === name);
  }

  template() {
    const inside = this.session.isOpen && this.service;
    const view = inside ? this.views[this.view].template() : this.#outside();
    return html`<div class="panel">
      ${header(this, inside)}
      ${this.awaySince && this.service ? away(this) : nothing}
      ${this.hash ? html`<main class="view">${view}</main>` : html`<section class="view" aria-label="Backups">${view}</section>`}
      <div class="notices" role="status" aria-live="polite">${this.notice ? html`
        <div class="notice ${this.notice.kind}">${icon(this.notice.kind)}<p>${this.notice.text}</p>
          <button class="icon-button" aria-label="Put away" @click=${() => {
            this.notice = null;
            this.update();
          }}>${icon('close')}</button></div>` : nothing}</div>
      ${this.dialogs.template()}
    </div>`;
  }

  #outside() {
    if (!this.session.isOpen) {
      return signIn(this);
    }
    return this.problem
      ? html`<div class="alone">${failure(this.problem, () => this.refresh())}</div>`
      : html`<p class="loading alone" role="status">Loading the state of the backups…</p>`;
  }
}
