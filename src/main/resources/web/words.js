// Numbers, times and states in words. All times are UTC, as everywhere in Bactrian.

// As the command line and error texts count them.
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
const STEP = 1024;
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const NUMBER = new Intl.NumberFormat('en');
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const DAY_OF_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY_SECONDS = 24 * HOUR;

/** A size as people say it: 212 MB. */
export function bytes(count) {
  if (count === null || count === undefined) {
    return '–';
  }
  let value = count;
  let unit = 0;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit++;
  }
  return `${unit === 0 ? count : value.toFixed(1)} ${UNITS[unit]}`;
}

export function number(count) {
  return count === null || count === undefined ? '–' : NUMBER.format(count);
}

/** "1 table", "2 tables". */
export function counted(count, one, several = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : several}`;
}

/** Seconds as people say them: 4.2 s, 2 min 5 s, 1 h 12 min. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) {
    return '–';
  }
  if (seconds < 10) {
    return `${Math.max(0, seconds).toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < MINUTE) {
    return `${whole} s`;
  }
  if (whole < HOUR) {
    return `${Math.floor(whole / MINUTE)} min ${whole % MINUTE} s`;
  }
  return `${Math.floor(whole / HOUR)} h ${Math.floor((whole % HOUR) / MINUTE)} min`;
}

export function secondsBetween(from, to) {
  return from && to ? (new Date(to) - new Date(from)) / 1000 : null;
}

/** How long ago, or how long to go: "6 hours ago", "in 20 minutes". */
export function age(time, now = Date.now()) {
  const seconds = (new Date(time) - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 5) {
    return 'just now';
  }
  if (distance < MINUTE) {
    return RELATIVE.format(Math.round(seconds), 'second');
  }
  if (distance < HOUR) {
    return RELATIVE.format(Math.round(seconds / MINUTE), 'minute');
  }
  if (distance < DAY_SECONDS) {
    return RELATIVE.format(Math.round(seconds / HOUR), 'hour');
  }
  return RELATIVE.format(Math.round(seconds / DAY_SECONDS), 'day');
}

function dayOf(time) {
  return new Date(time).toISOString().slice(0, 10);
}

function hours(time) {
  return new Date(time).toISOString().slice(11, 16);
}

/** When in the near future: "02:00 UTC", "tomorrow at 02:00 UTC", "24 Nov at 02:00 UTC". */
export function clock(time, now = Date.now()) {
  const day = dayOf(time);
  if (day === dayOf(now)) {
    return `at ${hours(time)} UTC`;
  }
  if (day === dayOf(now + DAY_SECONDS * 1000)) {
    return `tomorrow at ${hours(time)} UTC`;
  }
  return `on ${DAY.format(new Date(time))} at ${hours(time)} UTC`;
}

/** A point in time, short: "20 Nov, 18:40 UTC", with the year where it isn't this one. */
export function moment(time, now = Date.now()) {
  if (!time) {
    return '–';
  }
  const date = new Date(time);
  const format = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? DAY : DAY_OF_YEAR;
  return `${format.format(date)}, ${hours(time)} UTC`;
}

export function day(time) {
  return DAY.format(new Date(time));
}

/** ISO 8601 in UTC, to the second. */
export function iso(time) {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

const PHASES = {
  queued: 'Waiting in the queue',
  external: 'Running externally',
  connecting: 'Connecting',
  detecting: 'Reading schemas and tables',
  dumping: 'Saving tables',
  uploading: 'Sending the rest to the store',
  finishing: 'Checking what was stored',
};

export const STEPS = ['queued', 'connecting', 'detecting', 'dumping', 'uploading', 'finishing'];

export function phase(name) {
  return PHASES[name] ?? name ?? '';
}

const STATUSES = {
  in_progress: 'In progress',
  success: 'Good',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const OF_RESTORES = { success: 'Done', partial: 'Partly restored' };
const OF_PROOFS = { success: 'Proved', failed: 'Not proved' };

/** The status of a backup, a restore or a proof. */
export function status(row) {
  const others = { restore: OF_RESTORES, verify: OF_PROOFS }[row.kind];
  if (others?.[row.status]) {
    return others[row.status];
  }
  if (row.status === 'in_progress') {
    return row.phase === 'queued' ? 'Queued' : 'In progress';
  }
  return row.archive_deleted_at || row.archive_delete_reason ? 'Deleted' : STATUSES[row.status] ?? row.status;
}

const TRIGGERS = { manual: 'Command line', schedule: 'Schedule', push: 'Push', api: 'Request' };

export function trigger(name) {
  return TRIGGERS[name] ?? name;
}

/** "main" of "refs/heads/main". */
export function ref(name) {
  return name?.replace(/^refs\/(heads|tags)\//, '') ?? '';
}
