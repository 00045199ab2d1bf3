// <bactrian-panel api="https://backups.example.com">: the one module to load wherever backups shall be seen.
//
//   api      attribute: address of the service; the page's own where it is left out
//   theme    attribute: auto, light or dark; with it, the panel offers no switch of its own but on Bactrian's page
//   views    attribute: "hash" keeps the view in the address, as Bactrian's own page does
//   token    property: the API key. Never an attribute: those can be read in the markup
//   getToken property: gives the key, or a promise of it, whenever one is needed
//
// It tells of backups by events that bubble: bactrian-started, bactrian-finished, bactrian-failed and
// bactrian-cancelled; detail is the backup, as the API shows it.
import { render } from './lib/lit-html/lit-html.js';
import { html } from './printable.js';
import { App } from './app.js';

const styles = new CSSStyleSheet();
const styled = fetch(new URL('panel.css', import.meta.url))
  .then((response) => response.text())
  .then((text) => styles.replace(text));

class BactrianPanel extends HTMLElement {
  static observedAttributes = ['api'];

  #app = null;
  #token = null;
  #getToken = null;
  #drawn = false;

  constructor() {
    super();
    this.attachShadow({ mode: 'open' });
    this.shadowRoot.adoptedStyleSheets = [styles];
    // Set before the class was there, as frameworks do.
    for (const name of ['token', 'getToken']) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
  }

  get token() {
    return this.#token;
  }

  set token(value) {
    this.#token = value || null;
    this.#restart();
  }

  get getToken() {
    return this.#getToken;
  }

  set getToken(value) {
    this.#getToken = value || null;
    this.#restart();
  }

  async connectedCallback() {
    await styled.catch(() => {});
    if (this.isConnected && !this.#app) {
      this.#start();
    }
  }

  disconnectedCallback() {
    this.#app?.stop();
    this.#app = null;
  }

  attributeChangedCallback() {
    this.#restart();
  }

  #restart() {
    if (this.#app) {
      this.#app.stop();
      this.#start();
    }
  }

  #start() {
    this.#app = new App(this, {
      base: (this.getAttribute('api') ?? '').replace(/\/+$/, ''),
      given: this.#getToken ?? (this.#token ? () => this.#token : null),
      hash: this.getAttribute('views') === 'hash',
      update: () => this.#draw(),
    });
    this.#app.start();
  }

  /** Changes of one moment are drawn once. */
  #draw() {
    if (this.#drawn) {
      return;
    }
    this.#drawn = true;
    queueMicrotask(() => {
      this.#drawn = false;
      if (this.#app) {
        render(html`${this.#app.template()}`, this.shadowRoot);
      }
    });
  }
}

if (!customElements.get('bactrian-panel')) {
  customElements.define('bactrian-panel', BactrianPanel);
}
