// Backups in progress, whoever began them: followed as soon as they are seen, so that a page that is loaded anew goes on where it
// was.
import { followBackup } from './follow.js';

export class Running {
  #followed = new Map();

  constructor(app) {
    this.app = app;
  }

  /** @param databases as GET /api/databases tells them */
  see(databases) {
    databases.forEach(({ running }) => running && this.follow(running));
  }

  follow(backup) {
    if (this.#followed.has(backup.id)) {
      return;
    }
    const abort = new AbortController();
    this.#followed.set(backup.id, { backup, abort });
    this.app.tell('started', backup);
    followBackup(this.app.api, backup.id, (state) => this.#tell(state), abort.signal).then(() => {
      this.#followed.delete(backup.id);
    });
  }

  #tell(backup) {
    const followed = this.#followed.get(backup.id);
    if (!followed) {
      return;
    }
    followed.backup = backup;
    if (backup.status !== 'in_progress') {
      this.#followed.delete(backup.id);
      this.app.tell({ success: 'finished', cancelled: 'cancelled' }[backup.status] ?? 'failed', backup);
      if (backup.status === 'success') {
        this.app.say(`The backup of ${backup.database} is complete.`);
      }
      this.app.views.history.changed();
      this.app.views.overview.changed();
      this.app.refresh();
    }
    this.app.update();
  }

  /** The newest state of each backup of a database that is in progress; those that run before those that wait. */
  of(database) {
    return [...this.#followed.values()].map(({ backup }) => backup)
      .filter((backup) => backup.database === database)
      .sort((one, other) => (one.phase === 'queued') - (other.phase === 'queued'));
  }

  state(id) {
    return this.#followed.get(id)?.backup;
  }

  stop() {
    this.#followed.forEach(({ abort }) => abort.abort());
    this.#followed.clear();
  }
}
