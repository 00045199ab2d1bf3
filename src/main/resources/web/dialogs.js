// Questions that must be answered before something is done. The browser's own dialog keeps the focus, and closes on Escape.
import { nothing } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { ref } from './lib/lit-html/directives/ref.js';
import { icon } from './icons.js';

export class Dialogs {
  constructor(update) {
    this.update = update;
    this.question = null;
  }

  /**
   * Asks whether to do something.
   *
   * @param question title, text, the action's words, `danger`, and `typed`: what has to be typed before it can be done
   * @return a promise of whether to
   */
  ask(question) {
    return new Promise((resolve) => {
      this.question = { ...question, resolve, text: question.text, given: '' };
      this.update();
    });
  }

  #answer(yes) {
    const { resolve } = this.question ?? {};
    this.question = null;
    this.update();
    resolve?.(yes);
  }

  template() {
    const question = this.question;
    if (!question) {
      return nothing;
    }
    const ready = !question.typed || question.given === question.typed;
    return html`<dialog class="question" aria-labelledby="question-title" ${ref(opened)}
        @close=${() => this.#answer(false)}>
      <form method="dialog" @submit=${(event) => {
        event.preventDefault();
        if (ready) {
          this.#answer(true);
        }
      }}>
        <h3 id="question-title">${question.title}</h3>
        <div class="question-text">${question.text}</div>
        ${question.typed ? html`<label class="field"><span>Type <strong class="typed">${question.typed}</strong> to confirm</span>
          <input name="confirm" autocomplete="off" autocapitalize="off" spellcheck="false"
            @input=${(event) => {
              question.given = event.target.value;
              this.update();
            }}></label>` : nothing}
        <div class="row end">
          <button type="button" class="plain" @click=${() => this.#answer(false)}>${question.refuse ?? 'Cancel'}</button>
          <button class=${question.danger ? 'danger' : 'primary'} ?disabled=${!ready}>${question.action}</button>
        </div>
      </form>
    </dialog>`;
  }
}

/** A dialog is shown once it is in the page. */
function opened(element) {
  if (element && !element.open) {
    queueMicrotask(() => element.isConnected && !element.open && element.showModal());
  }
}

/** What comes in from the side: one thing in full. */
export function sheet(title, close, content) {
  return html`<dialog class="sheet" aria-labelledby="sheet-title" ${ref(opened)} @close=${close}
      @click=${(event) => event.target === event.currentTarget && close()}>
    <div class="sheet-body">
      <header class="sheet-head">
        <h3 id="sheet-title" tabindex="-1">${title}</h3>
        <button class="icon-button" aria-label="Close" title="Close" @click=${close}>${icon('close')}</button>
      </header>
      ${content}
    </div>
  </dialog>`;
}
