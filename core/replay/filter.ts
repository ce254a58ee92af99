import { FaultError } from '../fault.ts';
import { readEvent, summaryOf } from '../jamjet/event.ts';
import { kindOf } from '../jamjet/kinds.ts';

/**
 * The language that filters events: words, all of which must match; `OR` between alternatives, which binds less tightly;
 * `-` in front of what must not match; quotes around text with spaces. A word matches the kind, the node or the summary of an
 * event, or is its category. Fields limit that:
 *
 * - `type:` and `node:` test one of them, `text:` the whole stored text;
 * - `after:#100` and `before:#100` test the sequence.
 */

/** What the header of an event does not tell, in lower case. */
interface EventText {
  readonly summary: string;
  readonly stored: string;
}

/** Tests an event of one kind and node. undefined when that depends on the text, which was not given. */
export type EventTest = (sequence: number, text?: () => EventText) => boolean | undefined;

/** Prepares the test for all events of one kind and node, so that headers alone decide about a million events in milliseconds. */
export type EventFilter = (type: string, node: string | undefined) => EventTest;

/** Compares a term with an event. */
interface Term {
  readonly negated: boolean;
  /** The answer if the header decides. */
  readonly header: (type: string, node: string) => boolean | undefined;
  /** The answer otherwise. */
  readonly event?: EventTest;
}

const UNKNOWN_FIELD = /^[a-z][a-z_-]*$/i;
const FIELDS: Readonly<Record<string, (value: string) => Omit<Term, 'negated'>>> = {
  type: (value) => ({ header: (type) => hasWords(type, value) }),
  node: (value) => ({ header: (_, node) => node.includes(value) }),
  text: (value) => ({ header: () => undefined, event: (_, text) => text?.().stored.includes(value) }),
  after: (value) => bySequence('after', value, (sequence, limit) => sequence > limit),
  before: (value) => bySequence('before', value, (sequence, limit) => sequence < limit),
};

/** The filter that a text describes. An empty text matches everything. @throws FaultError `bad-filter` */
export function eventFilter(text: string): EventFilter {
  const alternatives = parse(text);
  return (type, node) => {
    const [typeText, nodeText] = [type.toLowerCase(), node?.toLowerCase() ?? ''];
    const open: EventTest[][] = [];
    for (const terms of alternatives) {
      const answers = terms.map(({ negated, header }) => negatedIf(negated, header(typeText, nodeText)));
      if (answers.includes(false)) continue;
      const rest = terms.filter((_, i) => answers[i] === undefined);
      if (rest.length === 0) return () => true;
      open.push(
        rest.map(
          ({ negated, event }) =>
            (sequence, stored) =>
              negatedIf(negated, event?.(sequence, stored)),
        ),
      );
    }
    return (sequence, stored) => anyOf(open, (tests) => allOf(tests, (test) => test(sequence, stored)));
  };
}

/** The text of an event for a filter. @param unreadable why the event cannot be read, if that is known already. */
export function textForFilter(stored: string, unreadable?: string): EventText {
  const reading = unreadable === undefined ? readEvent(stored) : { ok: false as const, reason: unreadable };
  return { summary: (reading.ok ? summaryOf(reading.event) : reading.reason).toLowerCase(), stored: stored.toLowerCase() };
}

function negatedIf(negated: boolean, answer: boolean | undefined): boolean | undefined {
  return negated && answer !== undefined ? !answer : answer;
}

/** True if one is true; undefined if that depends on one that is not known. */
function anyOf<T>(items: readonly T[], answer: (item: T) => boolean | undefined): boolean | undefined {
  let result: boolean | undefined = false;
  for (const item of items) {
    const found = answer(item);
    if (found === true) return true;
    if (found === undefined) result = undefined;
  }
  return result;
}

function allOf<T>(items: readonly T[], answer: (item: T) => boolean | undefined): boolean | undefined {
  return negatedIf(
    true,
    anyOf(items, (item) => negatedIf(true, answer(item))),
  );
}

const TOKEN = /(?<minus>-?)(?:(?<field>[^\s":]+):)?(?:"(?<quoted>[^"]*)"?|(?<word>\S+))?/g;

/** The alternatives, each a list of terms that must all match. Terms without a value, as they are while typing, are left out. */
function parse(text: string): Term[][] {
  const alternatives: Term[][] = [[]];
  for (const { 0: whole, groups = {} } of text.matchAll(TOKEN)) {
    const { minus, field, quoted, word } = groups;
    const value = (quoted ?? word ?? '').toLowerCase();
    if (whole === 'OR') alternatives.push([]);
    else if (value !== '') alternatives.at(-1)?.push({ negated: minus === '-', ...termOf(field, value) });
    else if (whole === '-') alternatives.at(-1)?.push({ negated: false, ...wordTerm('-') });
  }
  const complete = alternatives.filter((terms) => terms.length > 0);
  return complete.length === 0 ? [[]] : complete;
}

function termOf(field: string | undefined, value: string): Omit<Term, 'negated'> {
  if (field === undefined) return wordTerm(value);
  const make = Object.hasOwn(FIELDS, field.toLowerCase()) ? FIELDS[field.toLowerCase()] : undefined;
  if (make !== undefined) return make(value);
  // Times and hashes have colons, too.
  if (!UNKNOWN_FIELD.test(field)) return wordTerm(`${field.toLowerCase()}:${value}`);
  const known = Object.keys(FIELDS).map((name) => `${name}:`);
  throw new FaultError('bad-filter', {
    detail: `there is no field "${field}:". The fields are ${known.slice(0, -1).join(', ')} and ${known.at(-1)}; put text with a colon in quotes`,
  });
}

function wordTerm(value: string): Omit<Term, 'negated'> {
  return {
    header: (type, node) => hasWords(type, value) || kindOf(type)?.category === value || node.includes(value) || undefined,
    event: (_, text) => text?.().summary.includes(value),
  };
}

/** Kinds are written with underscores, and shown with spaces. */
function hasWords(type: string, value: string): boolean {
  return type.includes(value) || type.includes(value.replaceAll(' ', '_'));
}

function bySequence(field: string, value: string, compare: (sequence: number, limit: number) => boolean): Omit<Term, 'negated'> {
  const number = /^#?(\d{0,15})$/.exec(value)?.[1];
  if (number === undefined) throw new FaultError('bad-filter', { detail: `"${field}:" needs the number of an event, such as ${field}:#100` });
  return { header: () => (number === '' ? true : undefined), event: (sequence) => compare(sequence, Number(number)) };
}
