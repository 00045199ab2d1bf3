// Asks for a backup: of everything, or of certain tables.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { sheet } from './dialogs.js';
import { choice, failure } from './parts.js';

/** Patterns, one a line or separated by commas. */
function patterns(text) {
  const found = text.split(/[\n,]/).map((one) => one.trim()).filter(Boolean);
  return found.length > 0 ? found : undefined;
}

export class BackupForm {
  constructor(app) {
    this.app = app;
    this.database = null;
    this.problem = null;
  }

  /** Everything of a database, at once. */
  start(database) {
    return this.app.attempt(() => this.#ask({ database }));
  }

  open(database) {
    this.database = database;
    this.problem = null;
    this.app.update();
  }

  #close() {
    this.database = null;
    this.app.update();
  }

  async #ask(request) {
    const backup = await this.app.api.post('/api/backups', request);
    this.app.running.follow(backup);
    this.app.update();
  }

  async #submit(form) {
    try {
      await this.#ask({
        database: this.database,
        schemas: patterns(form.get('schemas')),
        tables: patterns(form.get('tables')),
        exclude: patterns(form.get('exclude')),
      });
      this.#close();
    } catch (problem) {
      this.problem = problem;
      this.app.update();
    }
  }

  template() {
    if (this.database === null) {
      return nothing;
    }
    const names = this.app.databases.map(({ name }) => [name, name]);
    return sheet('Back up certain tables', () => this.#close(), html`
      <form class="stack" @submit=${(event) => {
        event.preventDefault();
        this.#submit(new FormData(event.target));
      }}>
        <p class="hint">Such a backup doesn’t count as the last good one, and doesn’t affect which old ones are kept.</p>
        ${names.length > 1 ? choice('Database', this.database, names, (name) => {
          this.database = name;
        }) : nothing}
        <label class="field"><span>Schemas</span>
          <input name="schemas" placeholder="app, crm_*" autocomplete="off" spellcheck="false"></label>
        <label class="field"><span>Tables</span>
          <textarea name="tables" rows="4" placeholder="app.orders&#10;app.order_*" spellcheck="false"></textarea></label>
        <label class="field"><span>But not</span>
          <input name="exclude" placeholder="app.log_*" autocomplete="off" spellcheck="false"></label>
        <p class="hint">Names as <code>schema.table</code>, with <code>*</code> for any characters; separated by commas or lines.
          An empty field means everything.</p>
        ${this.problem ? failure(this.problem) : nothing}
        <div class="row end">
          <button type="button" class="plain" @click=${() => this.#close()}>Cancel</button>
          <button class="primary">Back up</button>
        </div>
      </form>`);
  }
}
