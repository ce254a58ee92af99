import type { TimeZone } from '../../core/vocabulary.ts';

/** Formats counts, sizes and times for reading. Values of the state are never formatted here. */

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** `+1.2 s`, `+2 h`; a clock that went back has a minus. */
export function distance(milliseconds: number | null): string {
  if (milliseconds === null) return '';
  const sign = milliseconds < 0 ? '−' : '+';
  return sign + span(Math.abs(milliseconds));
}

/** Its spaces do not break, so that a unit stays beside its number. */
export function span(milliseconds: number): string {
  return spanText(milliseconds).replaceAll(' ', '\u00a0');
}

function spanText(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '–';
  if (milliseconds < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} m` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = -1;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** An amount of US dollars. @param unpriced how many calls have no recorded cost. */
export function dollars(usd: number, unpriced: number): string {
  return `${unpriced > 0 ? '≥ ' : ''}$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** A stored time without its zone, to the second or the millisecond. In UTC it is as stored; a local time is converted. */
export function clock(
  text: string,
  { milliseconds: isExact = false, zone = 'utc' }: { readonly milliseconds?: boolean; readonly zone?: TimeZone } = {},
): string {
  if (zone === 'local') return localClock(text, isExact);
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?/.exec(inUtc(text));
  if (match === null) return text;
  return `${match[1]} ${match[2]}${isExact ? (match[3] ?? '.000').padEnd(4, '0').slice(0, 4) : ''}`;
}

/** Only other programs than the runtime write times with another offset. */
function inUtc(text: string): string {
  const at = /[+-]\d\d:?\d\d$/.test(text) && !/[+-]00:?00$/.test(text) ? milliseconds(text) : Number.NaN;
  return Number.isFinite(at) ? new Date(at).toISOString() : text;
}

function localClock(text: string, isExact: boolean): string {
  const at = milliseconds(text);
  if (!Number.isFinite(at)) return text;
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${day} ${time}${isExact ? `.${String(date.getMilliseconds()).padStart(3, '0')}` : ''}`;
}

/** Milliseconds since 1970 of a stored time, which is UTC if it has no zone; NaN if it cannot be read. */
export function milliseconds(text: string): number {
  const plain = text.replace(/(\.\d{3})\d+/, '$1').replace(' ', 'T');
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(plain) ? plain : `${plain}Z`);
}

/** `3 min ago`. */
export function ago(text: string, now = Date.now()): string {
  const then = milliseconds(text);
  const seconds = (now - then) / 1000;
  if (!Number.isFinite(seconds)) return text;
  if (seconds < 60) return seconds < -60 ? clock(text) : 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

export function shortId(id: string): string {
  const hex = id.replaceAll('-', '');
  return hex.length > 10 ? `${hex.slice(0, 4)}…${hex.slice(-4)}` : id;
}

/** The id as the runtime shows it. */
export function shownId(id: string): string {
  const hex = id.replaceAll('-', '');
  return hex.length === 32 ? `exec_${hex}` : id;
}

export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
