// The API key of whoever looks. It is kept in memory, or, when that is wished, in the tab's sessionStorage: never longer than
// the tab, and never where another page finds it.

const STORED = 'bactrian-key';

export class Session {
  /** @param given gives the key, or a promise of it, where the page around has one; null where somebody signs in */
  constructor(given) {
    this.given = given;
    this.stored = given ? null : sessionStorage.getItem(STORED);
    this.kept = this.stored !== null;
    this.problem = null;
  }

  get isGiven() {
    return this.given !== null;
  }

  get isOpen() {
    return this.problem === null && (this.isGiven || this.stored !== null);
  }

  async key() {
    return this.given ? this.given() : this.stored;
  }

  open(key, kept) {
    this.stored = key;
    this.kept = kept;
    this.problem = null;
  }

  /** The service took the key: only now is it kept. */
  proved() {
    if (this.kept && this.stored) {
      sessionStorage.setItem(STORED, this.stored);
    }
  }

  close(problem = null) {
    this.stored = null;
    this.problem = problem;
    if (!this.isGiven) {
      sessionStorage.removeItem(STORED);
    }
  }
}
