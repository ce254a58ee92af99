import { fromPlain, type Plain } from '../../core/json/plain.ts';
import { canonicalJson, printJson } from '../../core/json/print.ts';
import { type AgentWorkflow, sha256 } from './agent-workflow.ts';
import type { Random } from './random.ts';
import type { Recording } from './recording.ts';
import { double, SimulatedExecution } from './simulated-execution.ts';

type Message = { readonly role: string; readonly content: string; readonly [field: string]: Plain };

/** A tool that a model asks for, with the answer that it gets. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number | bigint>>;
  readonly answer: Plain;
}

interface AgentStart {
  readonly recording: Recording;
  readonly random: Random;
  readonly startedAt: number;
}

/** Simulates the run of an agent. Its messages are those that nodes are given: an approval's edit is not among them. */
export class SimulatedAgent {
  readonly execution: SimulatedExecution;
  readonly #random: Random;
  #messages: readonly Message[];
  /** The model's last answer, which the tools write among the messages. */
  #answer: readonly Message[] = [];
  #turn = 0;
  #calls: readonly ToolCall[] = [];
  #spent = { input: 0, output: 0 };
  #finish = '';

  constructor(
    { recording, random, startedAt }: AgentStart,
    workflow: AgentWorkflow,
    { id, question, snapshotEvery = 1 }: { readonly id: string; readonly question: string; readonly snapshotEvery?: number },
  ) {
    this.#random = random;
    this.#messages = [
      { role: 'system', content: workflow.systemPrompt },
      { role: 'user', content: question },
    ];
    this.execution = new SimulatedExecution(recording, random, {
      id,
      workflow: workflow.id,
      version: workflow.version,
      input: { messages: this.#messages, tools: {} },
      startedAt,
      snapshotEvery,
    });
  }

  /** The messages that nodes are given. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  get toolsNode(): string {
    return `__tools_${this.#turn}__`;
  }

  prepare(patch: Plain): this {
    this.execution.node('prepare', { queue: 'python_tool', omitStarted: true, patch, output: patch });
    return this;
  }

  /** The model answers, with an attempt before it that the provider refused for a while when it is rate limited. */
  model(content: string, calls: readonly ToolCall[] = [], { isRateLimited = false } = {}): this {
    const node = `__model_${this.#turn}__`;
    this.execution.begin(node, { queue: 'model' });
    if (isRateLimited) {
      this.execution.event('node_parked', { node_id: node, attempt: 1, retry_after: this.execution.timeIn(4000) }).wait(4100);
      this.execution.begin(node, { attempt: 1 });
    }
    this.#calls = calls;
    this.#finish = calls.length > 0 ? 'tool_calls' : 'stop';
    const asked = calls.map(({ name, arguments: args }, i) => ({ id: this.#callId(i), name, arguments: args }));
    const tokens = [180 + Math.round(JSON.stringify(this.#messages).length / 4), 20 + Math.round(content.length / 4) + calls.length * 24] as const;
    this.#spent = { input: this.#spent.input + tokens[0], output: this.#spent.output + tokens[1] };
    this.execution.complete(node, {
      model: 'anthropic/m-large-3',
      tokens,
      finish: this.#finish,
      ms: this.#random.between(900, 6200),
      output: { content, finish_reason: this.#finish, model: 'anthropic/m-large-3', tool_calls: asked },
      patch: { __budget: this.#budget(), last_model_output: content, last_model_finish_reason: this.#finish, last_model_tool_calls: asked },
    });
    this.#answer = [{ role: 'assistant', content, tool_calls: calls.map((call, i) => wireCall(call, this.#callId(i))) }];
    return this;
  }

  /** The gate behind the model chooses the tools or the end. */
  gate(): this {
    const node = `__tool_gate_${this.#turn}__`;
    const branches = [this.toolsNode, 'end'];
    const chosen = this.#finish === 'tool_calls' ? this.toolsNode : 'end';
    this.execution.node(node, {
      ms: this.#random.between(1, 4),
      patch: { __budget: this.#budget() },
      output: { branch_targets: branches, chosen_target: chosen },
    });
    return this;
  }

  /** The calls wait for a person, who may edit the state; then the tools are scheduled anew. */
  approval(decision: { readonly user: string; readonly comment: string; readonly after: number; readonly patch: Plain }): this {
    const { user, comment, after, patch } = decision;
    const calls = this.#calls.map(({ name, arguments: args }) => ({ name, arguments: args }));
    const [first] = calls;
    this.execution
      .begin(this.toolsNode, { queue: 'python_tool', omitStarted: true })
      .approval(this.toolsNode, first?.name ?? '', 'approved', {
        user,
        comment,
        after,
        patch,
        context: { calls, calls_hash: sha256(canonicalJson(fromPlain(calls))), gated_tools: [first?.name ?? null], node_id: this.toolsNode },
      })
      .event('node_scheduled', { node_id: this.toolsNode, queue_type: 'python_tool' });
    return this;
  }

  /** The tools answer: the whole list of messages is written anew. */
  tools(): this {
    const answers = this.#calls.map(
      ({ name, answer }, i): Message => ({
        role: 'tool',
        name,
        tool_call_id: this.#callId(i),
        content: typeof answer === 'string' ? answer : pythonJson(answer),
      }),
    );
    this.#messages = [...this.#messages, ...this.#answer, ...answers];
    const written = { messages: this.#messages };
    this.execution.node(this.toolsNode, { queue: 'python_tool', omitStarted: true, patch: written, output: written, ms: this.#random.between(18, 900) });
    this.#turn++;
    return this;
  }

  /** The tools fail for good, and the run with them. */
  failTools(error: string): this {
    const node = this.toolsNode;
    this.execution.begin(node, { queue: 'python_tool' }).wait(this.#random.between(200, 900)).fail(node, error, { retryable: false });
    this.execution
      .wait(480)
      .event('workflow_failed', { error: `node(s) failed terminally: ${node}` })
      .end('failed');
    return this;
  }

  #callId(index: number): string {
    return `call_${this.#turn}_${index}`;
  }

  #budget(): Plain {
    return {
      circuit_breaker_tripped: false,
      consecutive_error_count: 0,
      iteration_count: 0,
      tool_call_count: 0,
      total_cost_usd: double('0.0'),
      total_input_tokens: this.#spent.input,
      total_output_tokens: this.#spent.output,
    };
  }
}

function wireCall({ name, arguments: args }: ToolCall, id: string): Plain {
  return { id, type: 'function', function: { name, arguments: pythonJson(args) } };
}

/** As Python's `json.dumps` writes it: with spaces behind colons and commas. */
function pythonJson(value: Plain): string {
  return printJson(fromPlain(value), { pretty: true })
    .replace(/([[{])\n */g, '$1')
    .replace(/\n *([\]}])/g, '$1')
    .replace(/\n */g, ' ');
}
