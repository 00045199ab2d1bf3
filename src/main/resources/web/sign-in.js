// Who may come in.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { note } from './parts.js';

export function signIn(app) {
  const { session } = app;
  const wrong = session.problem?.status === 401;
  if (session.isGiven) {
    return html`<div class="alone">${note('bad', html`<strong>The service doesn’t accept this key.</strong> The page that shows
      this panel gives it a key that is missing, wrong, or no longer in use.`)}</div>`;
  }
  return html`<form class="card sign-in" @submit=${(event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    app.signIn(String(form.get('key')).trim(), form.get('kept') !== null);
  }}>
    <h2>Sign in</h2>
    <label class="field"><span>API key</span>
      <input name="key" type="password" required autocomplete="current-password" spellcheck="false" autocapitalize="off"
        aria-invalid=${wrong ? 'true' : 'false'} aria-describedby="key-help"></label>
    <p class="hint" id="key-help">${wrong
      ? html`<span class="wrong">This key is wrong.</span> The service’s setting <code>BACKUP_API_KEY</code> has the right one;
          <code>RESTORE_API_KEY</code>, if it is set, allows restores, too.`
      : html`What <code>BACKUP_API_KEY</code> is set to, or <code>RESTORE_API_KEY</code> to restore, too. The demo writes its key
          to <code>data/api-key</code>.`}</p>
    <label class="check"><input type="checkbox" name="kept"><span>Stay signed in until this tab is closed</span></label>
    <button class="primary">Sign in</button>
    ${session.problem && !wrong ? note('bad', session.problem.detail) : nothing}
  </form>`;
}
