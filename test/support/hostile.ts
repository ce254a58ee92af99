import fc from 'fast-check';
import { printJson } from '../../core/json/print.ts';
import { type Json, JsonNumber } from '../../core/json/value.ts';

/** Generators of difficult content: keys that are special in JavaScript, numbers that it would change, unusual patches. */

const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  '',
  '0',
  '10',
  '9',
  'a/b',
  'c~d',
  '日本語',
  '🙂',
  'state_patch',
  'type',
  'node_id',
  'é',
  '\uE000',
  '\u{10000}',
  'line\nbreak',
  'quote"',
];
const NUMBERS = [
  '1.0',
  '-0',
  '-0.0',
  '9007199254740993',
  '18446744073709551615',
  '-9223372036854775808',
  '1e400',
  '1E-7',
  '0.9112963165031043',
  '123456789012345678901234567890',
  '1e16',
  '5e-324',
  '0.1',
];

const hostileKey: fc.Arbitrary<string> = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...KEYS) }, { weight: 1, arbitrary: fc.string({ maxLength: 6 }) });

const hostileNumber: fc.Arbitrary<Json> = fc.oneof(
  fc.integer(),
  fc.constantFrom(...NUMBERS).map((text): Json => new JsonNumber(text)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value): Json => {
    const text = String(value);
    return Number.isInteger(value) && Math.abs(value) < 1e15 && !Object.is(value, -0) ? value : new JsonNumber(Object.is(value, -0) ? '-0' : text);
  }),
);

const scalar: fc.Arbitrary<Json> = fc.oneof(
  hostileNumber,
  fc.constantFrom<Json>(null, true, false, ''),
  fc.string({ maxLength: 12 }),
  fc.constantFrom('\u0000\u001f', '"\\', '\u2028', 'state_patch":{}'),
);

export const hostileValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json; object: Json; array: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, withCrossShrink: true }, scalar, tie('object'), tie('array')),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.array(fc.tuple(hostileKey, tie('value')), { maxLength: 4 }).map((entries): Json => new Map(entries)),
})).value;

export const hostileObject: fc.Arbitrary<Json> = fc.array(fc.tuple(hostileKey, hostileValue), { maxLength: 5 }).map((entries) => new Map(entries));

const node = fc.constantFrom('a', 'b', 'c', '__proto__', 'ü🙂', 'quote"d');
const patch = fc.oneof({ weight: 8, arbitrary: hostileObject }, { weight: 1, arbitrary: fc.constant<Json>(null) }, { weight: 1, arbitrary: hostileValue });

/** The text of an event. Some are damaged, and some are spelled in ways in which the runtime would not write them. */
const eventText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fields(
      'node_completed',
      node,
      fc.tuple(hostileValue, patch).map(([output, state_patch]) => ({ output, state_patch, duration_ms: 3 })),
    ),
  },
  { weight: 3, arbitrary: fields('node_scheduled', node, fc.constant({ queue_type: 'tool' })) },
  { weight: 2, arbitrary: fields('node_started', node, fc.constant({ worker_id: 'w', attempt: 0 })) },
  { weight: 1, arbitrary: fields('node_failed', node, fc.constant({ error: 'x', attempt: 0, retryable: false })) },
  { weight: 1, arbitrary: fields('node_skipped', node, fc.constant({ reason: 'branch' })) },
  {
    weight: 2,
    arbitrary: fields(
      'approval_received',
      node,
      patch.map((state_patch) => ({ user_id: 'kim', decision: 'approved', comment: null, state_patch })),
    ),
  },
  { weight: 1, arbitrary: fields('interrupt_raised', node, fc.constant({ reason: 'r', state_for_review: null })) },
  {
    weight: 1,
    arbitrary: fields(
      'workflow_completed',
      fc.constant(undefined),
      hostileValue.map((final_state) => ({ final_state })),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"type":"workflow_started","workflow_id":"w","workflow_version":"1","initial_input":{"x":1}}',
      '{"type":"workflow_cancelled","reason":null}',
      '{"type":"strategy_limit_hit","limit_type":"t","limit_value":1,"actual_value":2}',
    ),
  },
  {
    weight: 1,
    arbitrary: fields(
      'made_up_kind',
      node,
      hostileObject.map((more) => ({ more, state_patch: new Map([['wrong', 1]]) })),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"type":"node_completed","node_id":"a","output":{"state_patch":{"no":1}},"state_patch":{"yes":1},"duration_ms":1}',
      '{"node_id":"b","state_patch":{"late":"type"},"output":1,"type":"node_completed"}',
      ' { "type" : "node_completed" , "node_id" : "c" , "output" : [ ] , "state_patch" : { "spaced" : { } } } ',
      '{"type":"node_completed","node_id":"a","state_patch":{"first":1},"state_patch":{"last":2},"output":0}',
      '{"\\u0074ype":"node\\u005fcompleted","node_id":"\\u0061","state_patch":{"escaped":true},"output":0}',
      '{"type":"node_completed","output":0,"state_patch":{"nobody":1}}',
      '{"type":"node_completed","node_id":"a","output":0}',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '{',
      '[]',
      '"text"',
      'null',
      '{"type":1}',
      '{"type":"x",}',
      '\uFEFF{"type":"x"}',
      '{"type":"node_completed","output":01}',
      '{"a":NaN}',
      `{"type":"deep","v":${'['.repeat(600)}${']'.repeat(600)}}`,
    ),
  },
);

function fields(type: string, nodeId: fc.Arbitrary<string | undefined>, rest: fc.Arbitrary<{ readonly [name: string]: Json }>): fc.Arbitrary<string> {
  return fc
    .tuple(nodeId, rest)
    .map(([id, more]) => printJson(new Map<string, Json>([['type', type], ...(id === undefined ? [] : [['node_id', id] as const]), ...Object.entries(more)])));
}

export interface HostileHistory {
  readonly initialInput: Json;
  readonly events: readonly { readonly sequence: number; readonly text: string }[];
  /** For each snapshot the index of the event that it follows, and its state if it is wrong. */
  readonly snapshots: readonly { readonly after: number; readonly wrong: Json | undefined }[];
}

/** Histories with gaps, also at the beginning. */
export const hostileHistory: fc.Arbitrary<HostileHistory> = fc
  .tuple(
    hostileValue,
    fc.array(fc.tuple(eventText, fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }) })), {
      maxLength: 40,
      size: 'medium',
    }),
    fc.array(fc.record({ after: fc.nat({ max: 40 }), wrong: fc.option(hostileValue, { nil: undefined, freq: 3 }) }), { maxLength: 4 }),
  )
  .map(([initialInput, steps, snapshots]) => {
    let sequence = 0;
    const events = steps.map(([text, increment]) => {
      sequence += increment;
      return { sequence, text };
    });
    return { initialInput, events, snapshots: snapshots.filter(({ after }) => after < events.length) };
  });

/** The seed is printed, and `SEED=… npm test` uses it again, to reproduce a failure. */
export const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${SEED}`);
