// Follows what is in progress: by server-sent events, or by asking every two seconds where those can't be had.

const PERIOD = 2000;

/** The events of a stream, as they come: the text of their data. */
async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (true) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim());
      if (data.length > 0) {
        yield data.join('\n');
      }
    }
  }
}

export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/** Tells each state of a backup until it has ended, or until the signal. A service that is away is waited for. */
export async function followBackup(api, id, tell, signal) {
  let streams = true;
  let last = null;
  const see = (backup) => {
    last = backup;
    tell(backup);
  };
  while (!signal.aborted && (last === null || last.status === 'in_progress')) {
    try {
      if (streams) {
        const response = await api.request('GET', `/api/backups/${id}/events`, undefined, signal);
        for await (const data of events(response.body)) {
          see(JSON.parse(data));
        }
      } else {
        see(await api.get(`/api/backups/${id}`, {}, signal));
        await pause(PERIOD, signal);
      }
    } catch (failure) {
      if (signal.aborted || failure.status === 404 || failure.status === 401) {
        return;
      }
      // Too many follow already, or something between here and there holds streams back: asking always works.
      streams = failure.status === 0 ? streams : false;
      await pause(PERIOD, signal);
    }
  }
}

/** The same for a restore, which is asked for. */
export async function followRestore(api, id, tell, signal) {
  while (!signal.aborted) {
    try {
      const restore = await api.get(`/api/restores/${id}`, {}, signal);
      tell(restore);
      if (restore.status !== 'in_progress') {
        return;
      }
    } catch (failure) {
      if (signal.aborted || failure.status === 404 || failure.status === 401) {
        return;
      }
    }
    await pause(PERIOD / 2, signal);
  }
}
