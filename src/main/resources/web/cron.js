// Quartz' cron expressions in words: those that people write for backups. Others are shown as they are.

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const SHORT = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December'];
const SHORT_MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function list(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function ordinal(text) {
  const count = Number(text);
  const tens = count % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : ['th', 'st', 'nd', 'rd'][count % 10] ?? 'th';
  return `${count}${ending}`;
}

/** Names of a field such as "MON-FRI" or "2,4"; null where it is of another form. */
function names(field, shorts, longs, first) {
  const index = (text) => {
    const found = shorts.indexOf(text.toUpperCase());
    const counted = /^\d+$/.test(text) ? Number(text) - first : -1;
    return found >= 0 ? found : counted >= 0 && counted < longs.length ? counted : -1;
  };
  const parts = field.split(',').map((part) => {
    const ends = part.split('-').map(index);
    if (ends.includes(-1) || ends.length > 2) {
      return null;
    }
    return ends.map((end) => longs[end]).join(' to ');
  });
  return parts.includes(null) ? null : list(parts);
}

function times(minute, hour) {
  const every = /^(?:0|\*)\/(\d+)$/;
  if (hour === '*' && every.test(minute)) {
    return `every ${every.exec(minute)[1]} minutes`;
  }
  if (hour === '*' && minute === '*') {
    return 'every minute';
  }
  if (!/^\d+$/.test(minute)) {
    return null;
  }
  const two = minute.padStart(2, '0');
  if (hour === '*') {
    return minute === '0' ? 'every hour' : `every hour at minute ${minute}`;
  }
  if (every.test(hour)) {
    return `every ${every.exec(hour)[1]} hours${minute === '0' ? '' : ` at minute ${minute}`}`;
  }
  return /^\d+(,\d+)*$/.test(hour) ? `at ${list(hour.split(',').map((one) => `${one.padStart(2, '0')}:${two}`))}` : null;
}

function days(ofMonth, month, ofWeek) {
  const inMonth = month === '*' ? '' : names(month, SHORT_MONTHS, MONTHS, 1);
  if (inMonth === null) {
    return null;
  }
  const of = inMonth ? ` in ${inMonth}` : '';
  if ((ofMonth === '*' || ofMonth === '?') && (ofWeek === '?' || ofWeek === '*')) {
    return inMonth ? `every day${of}` : '';
  }
  if (ofWeek === '?') {
    const last = ofMonth === 'L' ? 'the last day' : null;
    const numbered = /^\d+(,\d+)*$/.test(ofMonth) ? `the ${list(ofMonth.split(',').map(ordinal))}` : null;
    const which = last ?? numbered;
    return which && `on ${which} of ${inMonth || 'each month'}`;
  }
  const onDays = names(ofWeek, SHORT, DAYS, 1);
  return onDays && ofMonth === '?' ? `on ${onDays}${of}` : null;
}

/** "Every day at 02:00", or null for an expression of another kind. */
export function cronInWords(text) {
  const fields = (text ?? '').trim().split(/\s+/);
  if (fields.length < 6 || fields.length > 7 || fields[0] !== '0') {
    return null;
  }
  const [, minute, hour, ofMonth, month, ofWeek] = fields;
  const when = times(minute, hour);
  const which = days(ofMonth, month, ofWeek);
  if (when === null || which === null) {
    return null;
  }
  const daily = which === '' && when.startsWith('at') ? 'every day' : which;
  const words = [daily, when].filter(Boolean).join(', ').replace(/^(.*?), at /, '$1 at ');
  return words[0].toUpperCase() + words.slice(1);
}
