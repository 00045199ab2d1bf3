// What a backup holds, table by table, the largest first.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { icon } from './icons.js';
import { Loaded, note, save } from './parts.js';
import { bytes, counted, number } from './words.js';

const SHOWN = 100;

const quote = (part) => `"${part.replaceAll('"', '""')}"`;

/** A table's name as PostgreSQL's people write it: quoted where it has to be. */
export function qualified({ schema, name }) {
  return [schema, name].map((part) => (/^[a-z_][a-z0-9_$]*$/.test(part) ? part : quote(part))).join('.');
}

/** A table's name as the API takes every name: quoted. */
export function quoted({ schema, name }) {
  return `${quote(schema)}.${quote(name)}`;
}

export class Manifest {
  constructor(app, id) {
    this.app = app;
    this.id = id;
    this.search = '';
    this.all = false;
    this.fetching = null;
    this.loaded = new Loaded(() => app.api.get(`/api/backups/${id}/manifest`), app.update);
  }

  load() {
    this.loaded.reload();
  }

  template() {
    return html`<section class="manifest" aria-labelledby="manifest-title">
      <h4 id="manifest-title">Contents</h4>
      ${this.loaded.show((manifest) => this.#content(manifest), 'Reading the manifest…')}
    </section>`;
  }

  #content(manifest) {
    const { totals, supabase = {}, warnings = [], left_out: leftOut = [] } = manifest;
    const search = this.search.toLowerCase();
    const found = manifest.tables.filter((table) => qualified(table).toLowerCase().includes(search))
      .sort((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0));
    const shown = this.all ? found : found.slice(0, SHOWN);
    const largest = Math.max(1, ...manifest.tables.map((table) => table.bytes ?? 0));
    return html`
      <p class="hint">${counted(totals.tables, 'table')} of ${counted(totals.schemas, 'schema')}, ${counted(totals.rows, 'row')},
        ${bytes(totals.bytes)} of rows; PostgreSQL ${manifest.source.server_version}${supabase.auth ? `; ${counted(supabase.auth.users, 'user')}` : ''}${supabase.storage
          ? `; ${counted(supabase.storage.objects, 'file')}, ${bytes(supabase.storage.bytes)}` : ''}${supabase.vault ? `; ${counted(supabase.vault.secrets, 'secret')}` : ''}</p>
      ${warnings.length > 0 ? note('warn', html`<ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`) : nothing}
      ${leftOut.length > 0 ? html`<details><summary>${counted(leftOut.length, 'thing')} left out as requested</summary>
        <ul class="plain-list">${leftOut.map((one) => html`<li><span class="name">${one.name}</span> <span class="hint">${one.kind}: ${one.why}</span></li>`)}</ul></details>` : nothing}
      <label class="field"><span>Find a table</span>
        <input type="search" name="table" autocomplete="off" spellcheck="false" placeholder="orders" @input=${(event) => {
          this.search = event.target.value;
          this.app.update();
        }}></label>
      <p class="unseen" role="status">${search ? `${counted(found.length, 'table')} found` : ''}</p>
      ${found.length === 0 ? html`<p class="empty">No table has “${this.search}” in its name.</p>` : html`<ul class="tables">
        ${shown.map((table) => this.#table(table, largest, manifest))}</ul>`}
      ${found.length > shown.length ? html`<button class="plain" @click=${() => {
        this.all = true;
        this.app.update();
      }}>Show all ${number(found.length)}</button>` : nothing}`;
  }

  #table(table, largest, manifest) {
    const name = qualified(table);
    const sealed = manifest.archive.key.endsWith('.pgp');
    return html`<li>
      <div class="table-name"><span class="name">${name}</span>
        <span class="hint">${table.rows === undefined ? table.kind : counted(table.rows, 'row')}${table.bytes ? ` · ${bytes(table.bytes)}` : ''}</span>
        <span class="weight" aria-hidden="true"><span .style=${`width: ${((table.bytes ?? 0) / largest * 100).toFixed(1)}%`}></span></span></div>
      ${sealed ? nothing : html`<div class="row tight">
        ${table.data_entry ? this.#fetch(table.data_entry, 'Data', `Download the rows of ${name}`, table.bytes) : nothing}
        ${table.data_entries ? html`<details><summary>Data in ${number(table.data_entries.length)} parts</summary>
          ${table.data_entries.map((part, at) => this.#fetch(part.entry, `Part ${at + 1}`, `Download part ${at + 1} of the rows of ${name}`, part.bytes))}
        </details>` : nothing}
        ${this.#fetch(table.schema_entry, 'Schema', `Download the definition of ${name}`)}</div>`}
    </li>`;
  }

  #fetch(entry, words, label, size) {
    if (!entry) {
      return nothing;
    }
    return html`<button class="plain small" aria-label=${label} title=${size ? `${entry}, ${bytes(size)}` : entry}
      ?disabled=${this.fetching !== null} @click=${() => this.#save(entry)}>
      ${this.fetching === entry ? 'Fetching…' : html`${icon('download')}${words}`}</button>`;
  }

  async #save(entry) {
    this.fetching = entry;
    this.app.update();
    await this.app.attempt(async () => {
      const blob = await this.app.api.entry(this.id, entry);
      const href = URL.createObjectURL(blob);
      const [schema, , table, file] = entry.split('/').slice(-4);
      save(href, [schema, table, file].filter(Boolean).join('.'));
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    });
    this.fetching = null;
    this.app.update();
  }
}
