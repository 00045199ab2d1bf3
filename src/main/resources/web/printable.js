// Names and messages of others in the page: what is invisible, breaks a line or turns the direction of writing is shown as its
// number, as the service's own Printable has it. Values of attributes and what is sent stay what they are.
import { html as lit } from './lib/lit-html/lit-html.js';

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const SHOWN = /\s(title|aria-label)="?[^"<>]*$/;
const WRITTEN = new WeakMap();

export function printable(text, breaks = false) {
  return text.replace(UNSAFE, (sign) =>
    breaks && sign === '\n' ? sign : `\\u{${sign.codePointAt(0).toString(16).padStart(2, '0')}}`);
}

/** What becomes of a template's values: each is a text, one of several lines, or part of a tag. */
function kinds(strings) {
  let before = '';
  return strings.map((string) => {
    before += string;
    const inTag = before.lastIndexOf('<') > before.lastIndexOf('>');
    return inTag && !SHOWN.test(string) ? null : { breaks: string.endsWith('<pre>') };
  });
}

function shown(value, kind) {
  if (typeof value === 'string') {
    return printable(value, kind.breaks);
  }
  return Array.isArray(value) ? value.map((part) => shown(part, kind)) : value;
}

/** lit's own, for texts of others, too. */
export function html(strings, ...values) {
  if (!WRITTEN.has(strings)) {
    WRITTEN.set(strings, kinds(strings));
  }
  const all = WRITTEN.get(strings);
  return lit(strings, ...values.map((value, at) => (all[at] ? shown(value, all[at]) : value)));
}
