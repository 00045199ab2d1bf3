// The public HTTP API (openapi.yaml), and nothing else: whatever the page can do, a script can.

/** What the service answered instead of what was asked for; or, without a status, that it didn't answer at all. */
export class Problem extends Error {
  constructor(status, type, title, detail) {
    super(detail ?? title);
    this.status = status;
    this.type = type;
    this.title = title;
    this.detail = detail ?? '';
  }

  get isOffline() {
    return this.status === 0;
  }
}

const UNREACHABLE = 'The service doesn’t respond';

export class Api {
  /**
   * @param base address of the service, without a slash at its end; empty for the one that the page came from
   * @param token gives the API key, or a promise of it; asked for each request
   */
  constructor(base, token) {
    this.base = base;
    this.token = token;
  }

  async request(method, path, body, signal) {
    const headers = { Authorization: `Bearer ${await this.token()}` };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    let response;
    try {
      response = await fetch(this.base + path, {
        method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body), credentials: 'omit',
      });
    } catch (failure) {
      if (failure.name === 'AbortError') {
        throw failure;
      }
      throw new Problem(0, 'offline', UNREACHABLE, 'Is it running, and can this machine reach it?');
    }
    if (!response.ok) {
      const told = await response.json().catch(() => ({}));
      throw new Problem(response.status, told.type ?? '', told.title ?? `The service answered ${response.status}`, told.detail);
    }
    return response;
  }

  async json(method, path, body, signal) {
    const response = await this.request(method, path, body, signal);
    try {
      return await response.json();
    } catch (failure) {
      if (failure.name === 'AbortError') {
        throw failure;
      }
      throw new Problem(0, 'offline', UNREACHABLE, 'Its response broke off.');
    }
  }

  get(path, query = {}, signal = undefined) {
    const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
    const text = new URLSearchParams(given).toString();
    return this.json('GET', path + (text ? `?${text}` : ''), undefined, signal);
  }

  post(path, body) {
    return this.json('POST', path, body);
  }

  /** The bytes of an entry of the archive, as a Blob. Browsers keep large ones on disk. */
  async entry(id, name) {
    const path = name.split('/').map(encodeURIComponent).join('/');
    const response = await this.request('GET', `/api/backups/${id}/entries/${path}`);
    try {
      return await response.blob();
    } catch {
      throw new Problem(0, 'offline', 'The download broke off', 'Nothing was saved. Try again; if it happens again, verify the backup.');
    }
  }
}
