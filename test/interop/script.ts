import { type Field, knownKinds } from '../../core/jamjet/kinds.ts';
import { parseJson } from '../../core/json/read.ts';
import { type Json, JsonNumber } from '../../core/json/value.ts';
import { Random } from '../../scripts/sample/random.ts';

/** One operation, as a line for the runtime's program and as a call of our store. */
export type Operation = { readonly op: string; readonly tenant?: string } & { readonly [field: string]: unknown };

const NAMES = ['plan', '__proto__', 'naïve', '日本語', '🙂', 'a/b', 'c~d', '', '10', 'toString', 'line\nbreak', 'quote"back\\slash', '\u2028', '\uFF5E'];
const NUMBERS = [
  '9007199254740993',
  '18446744073709551615',
  '-9223372036854775808',
  '1.0',
  '-0.0',
  '1e300',
  '0.30000000000000004',
  '5e-324',
  '0.9112963165031043',
  '17',
  '-3',
];
const NEW_IN_5 = new Set(['node_parked', 'segment_boundary']);
/** Words of an enumeration of the runtime's; every other text may be any. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'policy_violation.decision': ['blocked'],
  'policy_violation.policy_scope': ['tenant'],
  'token_budget_exceeded.kind': ['total_tokens'],
};

/** Operations of all nouns on a few executions, by seed; events of every kind that the version knows. */
export class Script {
  readonly operations: Operation[] = [];
  readonly #random: Random;
  readonly #generation: 3 | 11;

  constructor(seed: number, generation: 3 | 11) {
    this.#random = new Random(seed);
    this.#generation = generation;
    for (let i = 0; i < 4; i++) this.#execution(i % 2 === 1 ? 'acme-ü' : undefined);
  }

  #execution(tenant: string | undefined): void {
    const random = this.#random;
    const executionId = random.uuid();
    const scoped = tenant === undefined ? {} : { tenant };
    const add = (op: string, fields: object): void => void this.operations.push({ op, ...scoped, ...fields });
    add('store_workflow', { workflow_id: 'w', version: '1.0.0', ir: this.#object(0), created_at: this.#time(), tenant_id: tenant ?? 'default' });
    const input = this.#object(0);
    const started = this.#time();
    const row = {
      workflow_id: 'w',
      workflow_version: '1.0.0',
      status: 'pending',
      initial_input: input,
      current_state: input,
      started_at: started,
      updated_at: started,
    };
    add('create_execution', { execution: { execution_id: executionId, ...row, completed_at: null, session_type: null } });
    add('create_execution', { execution: { execution_id: executionId, ...row, completed_at: null, session_type: null } });
    let at = 0;
    const kinds = knownKinds().filter(({ type }) => this.#generation === 11 || !NEW_IN_5.has(type));
    for (const kind of [...kinds, ...Array.from({ length: 60 }, () => random.pick(kinds))]) {
      at++;
      const fields = kind.fields.filter(({ name, skipped }) => !skipped || (random.chance(0.5) && (name !== 'idempotency_key' || this.#generation === 11)));
      const value = { type: kind.type, ...Object.fromEntries(fields.map((field) => [field.name, this.#field(kind.type, field)])) };
      add('append_event', { event: { id: random.uuid(), execution_id: executionId, sequence: random.between(0, 9), kind: value, created_at: this.#time() } });
      if (random.chance(0.15)) {
        const nodes = { status: 'running', completed_nodes: { [random.pick(NAMES)]: this.#value(0) }, active_nodes: [random.pick(NAMES)], last_sequence: at };
        const snapshot = { id: random.uuid(), execution_id: executionId, at_sequence: at, state: this.#object(0), created_at: this.#time() };
        add('write_snapshot', { snapshot: this.#generation === 11 ? { ...snapshot, ...nodes } : snapshot });
      }
    }
    this.#work(executionId, tenant ?? 'default', add);
    add('update_execution_current_state', { execution_id: executionId, state: { list: [1], text: 'x' } });
    add('patch_append_array', { execution_id: executionId, key: 'list', value: this.#value(0) });
    add('patch_append_array', { execution_id: executionId, key: '__proto__', value: 1 });
    add('patch_append_array', { execution_id: executionId, key: 'text', value: 1 });
    add('update_execution_status', { execution_id: executionId, status: random.pick(['running', 'completed', 'limit_exceeded']) });
    add('update_execution_status', { execution_id: random.uuid(), status: 'failed' });
    add('append_event', {
      event: { id: random.uuid(), execution_id: random.uuid(), sequence: 0, kind: { type: 'node_cancelled', node_id: 'n' }, created_at: this.#time() },
    });
  }

  #work(executionId: string, tenant: string, add: (op: string, fields: object) => void): void {
    const random = this.#random;
    const enqueue = (queue: string): string => {
      const id = random.uuid();
      const item = {
        id,
        execution_id: executionId,
        node_id: 'plan',
        queue_type: queue,
        payload: this.#value(0),
        attempt: 0,
        max_attempts: 3,
        created_at: this.#time(),
      };
      add('enqueue_work_item', { item: { ...item, lease_expires_at: null, worker_id: null, tenant_id: tenant } });
      return id;
    };
    const ends = ['complete_work_item', 'fail_work_item', 'move_to_dead_letter'];
    for (const end of [...ends, undefined]) {
      const queue = random.uuid();
      const id = enqueue(queue);
      add('claim_work_item', { worker: 'w1', queue });
      add('claim_work_item', { worker: 'w2', queue });
      const fence = this.#generation === 11 ? { fence: 1 } : {};
      add('renew_lease', { item_id: id, worker: 'w1', ...fence });
      add('renew_lease', { item_id: id, worker: 'w2', ...fence });
      if (end !== undefined) add(end, { item_id: id, error: 'gave up' });
    }
    for (const op of ends) add(op, { item_id: random.uuid(), error: 'x' });
    if (this.#generation === 3) return;
    for (const [type, more] of [
      [
        'node_completed',
        { output: this.#value(0), state_patch: this.#object(0), duration_ms: 5, gen_ai_model: 'm', output_tokens: 7, idempotency_key: random.uuid() },
      ],
      ['node_failed', { error: 'x', attempt: 1, retryable: true }],
    ] as const) {
      const queue = random.uuid();
      enqueue(queue);
      const kind = { type, node_id: 'plan', ...more };
      add('commit_turn', { queue, snapshot: true, event: { id: random.uuid(), execution_id: executionId, sequence: 0, kind, created_at: this.#time() } });
      if ('idempotency_key' in more) add('get_tool_effect', { key: more.idempotency_key });
    }
    add('put_artifact', { text: 'x'.repeat(9000) });
    add('get_tool_effect', { key: 'nobody' });
  }

  #field(type: string, { name, type: kind, nullable, words }: Field): unknown {
    const random = this.#random;
    if (nullable && random.chance(0.4)) return null;
    switch (kind) {
      case 's':
        return random.pick(words ?? WORDS[`${type}.${name}`] ?? NAMES);
      case 'i':
      case 'u':
        return random.between(0, 9);
      case 'f':
        return new JsonNumber(random.pick(['0.25', '1.0', '0.001']));
      case 'b':
        return random.chance(0.5);
      case 't':
        return '2026-06-01T12:00:00.500Z';
      case '[s]':
        return [random.pick(NAMES)];
      case '[j]':
        return [this.#value(2)];
      case 'p':
        return { model_id: 'm', model_version: null, confidence: new JsonNumber('0.5'), verified: true, source: 's', trust_domain: null, evidence_refs: ['a'] };
      default:
        return name === 'state_patch' ? this.#object(0) : this.#value(0);
    }
  }

  #value(depth: number): Json {
    const random = this.#random;
    const choice = random.between(0, depth > 3 ? 3 : 6);
    if (choice === 0) return null;
    if (choice === 1) return parseJson(random.pick(NUMBERS));
    if (choice === 2) return random.pick(NAMES);
    if (choice === 3) return random.chance(0.5);
    if (choice === 4) return Array.from({ length: random.between(0, 3) }, () => this.#value(depth + 1));
    return this.#object(depth + 1);
  }

  #object(depth: number): Json {
    return new Map(Array.from({ length: this.#random.between(0, 4) }, () => [this.#random.pick(NAMES), this.#value(depth + 1)] as const));
  }

  #time(): string {
    const fraction = this.#random.pick(['', '.5', '.123456', '.123456789']);
    return `2026-06-01T12:${String(this.#random.between(10, 59))}:00${fraction}Z`;
  }
}
