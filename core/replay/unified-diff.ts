import { jsonPieces, printScalar } from '../json/print.ts';
import { compareKeys, isArray, isObject, type Json, type JsonArray, type JsonObject, sizeOf, sortedKeys } from '../json/value.ts';
import { align } from './align.ts';

/** A line of a unified diff: of both texts, of one of them, or the head of a hunk. */
export interface DiffLine {
  readonly op: ' ' | '-' | '+' | '@';
  readonly text: string;
}

/** The lines around a change that are shown with it. */
const CONTEXT = 3;
/** The equal lines that are passed between two yields. */
const LINES_PER_STEP = 2000;

/** A value with what is around it on its first and its last line. */
interface Part {
  readonly before: string;
  readonly value: Json;
  readonly after: '' | ',';
}

/**
 * The unified diff of the texts of two values, pretty and with sorted keys, without the names of the files. Members are
 * matched as `diffJson` matches them, so it may have more lines than one of the texts alone. Yields undefined now and then, so that
 * its caller can do something else in between.
 */
export function* unifiedDiff(before: Json, after: Json): Generator<DiffLine | undefined> {
  /** Where the next line is in each text. */
  const at = { '-': 1, '+': 1 };
  let hunk: DiffLine[] = [];
  let start = { '-': 1, '+': 1 };
  /** How many of the last lines of the hunk are equal; as long as nothing differs, these are all. */
  let equal = 0;
  let isChanged = false;
  let left = LINES_PER_STEP;
  for (const line of pairLines({ before: '', value: before, after: '' }, { before: '', value: after, after: '' }, '')) {
    if (hunk.length === 0) start = { ...at };
    hunk.push(line);
    if (line.op !== '+') at['-']++;
    if (line.op !== '-') at['+']++;
    equal = line.op === ' ' ? equal + 1 : 0;
    isChanged ||= line.op !== ' ';
    if (!isChanged && equal > CONTEXT) {
      hunk.shift();
      start = { '-': start['-'] + 1, '+': start['+'] + 1 };
    } else if (isChanged && equal > 2 * CONTEXT) {
      yield* whole(hunk.slice(0, CONTEXT - equal), start);
      hunk = hunk.slice(-CONTEXT);
      start = { '-': at['-'] - CONTEXT, '+': at['+'] - CONTEXT };
      isChanged = false;
      equal = CONTEXT;
    }
    if (--left > 0) continue;
    yield undefined;
    left = LINES_PER_STEP;
  }
  if (isChanged) yield* whole(equal > CONTEXT ? hunk.slice(0, CONTEXT - equal) : hunk, start);
}

/** A hunk with its head. */
function* whole(lines: readonly DiffLine[], start: { readonly '-': number; readonly '+': number }): Generator<DiffLine> {
  const range = (other: '-' | '+'): string => `${start[other === '-' ? '+' : '-']},${lines.filter(({ op }) => op !== other).length}`;
  yield { op: '@', text: `@@ -${range('+')} +${range('-')} @@` };
  yield* lines;
}

/** The lines of two parts in the same place, in the order of both. */
function* pairLines(old: Part | undefined, now: Part | undefined, indent: string): Generator<DiffLine> {
  if (old === undefined || now === undefined) {
    if (old !== undefined) yield* linesOf('-', old, indent);
    if (now !== undefined) yield* linesOf('+', now, indent);
    return;
  }
  const inner = `${indent}  `;
  if (isObject(old.value) && isObject(now.value) && old.value.size > 0 && now.value.size > 0) {
    yield* pairLine(`${old.before}{`, `${now.before}{`);
    yield* memberLines(old.value, now.value, inner);
    yield* pairLine(`${indent}}${old.after}`, `${indent}}${now.after}`);
  } else if (isArray(old.value) && isArray(now.value) && old.value.length > 0 && now.value.length > 0) {
    yield* pairLine(`${old.before}[`, `${now.before}[`);
    yield* itemLines(old.value, now.value, inner);
    yield* pairLine(`${indent}]${old.after}`, `${indent}]${now.after}`);
  } else if (isOneLine(old.value) && isOneLine(now.value)) {
    yield* pairLine(old.before + lineOf(old.value) + old.after, now.before + lineOf(now.value) + now.after);
  } else {
    yield* linesOf('-', old, indent);
    yield* linesOf('+', now, indent);
  }
}

function* pairLine(old: string, now: string): Generator<DiffLine> {
  if (old === now) return yield { op: ' ', text: now };
  yield { op: '-', text: old };
  yield { op: '+', text: now };
}

function* memberLines(old: JsonObject, now: JsonObject, indent: string): Generator<DiffLine> {
  const [oldKeys, nowKeys] = [sortedKeys(old), sortedKeys(now)];
  const part = (object: JsonObject, keys: readonly string[], i: number): Part => {
    const key = keys[i] as string;
    return { before: `${indent}${JSON.stringify(key)}: `, value: object.get(key) as Json, after: i < keys.length - 1 ? ',' : '' };
  };
  for (let [a, b] = [0, 0]; a < oldKeys.length || b < nowKeys.length; ) {
    const order = a >= oldKeys.length ? 1 : b >= nowKeys.length ? -1 : compareKeys(oldKeys[a] as string, nowKeys[b] as string);
    yield* pairLines(order <= 0 ? part(old, oldKeys, a++) : undefined, order >= 0 ? part(now, nowKeys, b++) : undefined, indent);
  }
}

function* itemLines(old: JsonArray, now: JsonArray, indent: string): Generator<DiffLine> {
  const part = (array: JsonArray, i: number | undefined): Part | undefined =>
    i === undefined ? undefined : { before: indent, value: array[i] as Json, after: i < array.length - 1 ? ',' : '' };
  const { pairs } = old === now ? { pairs: [] } : align(old, now);
  // Equal items at both ends are in no pair.
  const start = pairs[0]?.before ?? pairs[0]?.after ?? old.length;
  for (let i = 0; i < start; i++) yield* pairLines(part(old, i), part(now, i), indent);
  for (const { before, after } of pairs) yield* pairLines(part(old, before), part(now, after), indent);
  let [a, b] = [start, start];
  for (const { before, after } of pairs) [a, b] = [a + (before === undefined ? 0 : 1), b + (after === undefined ? 0 : 1)];
  for (; a < old.length; a++, b++) yield* pairLines(part(old, a), part(now, b), indent);
}

function isOneLine(value: Json): boolean {
  return !(isObject(value) || isArray(value)) || sizeOf(value) === 0;
}

function lineOf(value: Json): string {
  return isObject(value) ? '{}' : isArray(value) ? '[]' : printScalar(value);
}

/** All lines of a part of one of the texts. */
function* linesOf(op: '-' | '+', { before, value, after }: Part, indent: string): Generator<DiffLine> {
  let [line, margin] = [before, ''];
  // Piece by piece, because the whole text of a long value would hold the thread.
  for (const piece of jsonPieces(value, { pretty: true, sorted: true })) {
    const lines = piece.split('\n');
    const last = lines.pop() as string;
    for (const end of lines) {
      yield { op, text: margin + line + end };
      [line, margin] = ['', indent];
    }
    line += last;
  }
  yield { op, text: margin + line + after };
}
