import { createHash } from 'node:crypto';
import type { Frame } from '../../core/contract/frame.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { Random } from '../sample/random.ts';
import { fail } from '../say.ts';
import { agentRun, type Case } from './databases.ts';
import { EngineProcess } from './engine-process.ts';
import { type Group, quantile, row, rowOf, timed } from './measure.ts';
import { checkSeeks, folded, WANT } from './subject.ts';

const FRAMES = 2000;
const ROUNDS = 7;

/** Several databases and executions in one engine: the round trip of a frame, opening a second source, and the memory of four histories. */
export const many: Group = {
  goals: ['frame', 'second', 'G22'],
  plainNode: true,
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    const expected = await states(subject);
    const times = await frameTimes(subject, expected);
    const { rss, seeks } = await fourHistories(subject, expected);
    return [
      row('frame', `frame round trip with the engine's process, ${shown} events, all panels, p50`, quantile(times, 0.5), 'ms', 1),
      row('frame', 'frame round trip, p99', quantile(times, 0.99), 'ms'),
      rowOf('second', 'opening a second source beside the first / the first', await secondSource(subject), 'x', 1.2),
      row('G22', `memory of the engine (RSS) with four histories of ${shown} events`, rss, 'MB', 700),
      row('G22', 'frame of each of the four in turns afterwards, p99', quantile(seeks, 0.99), 'ms'),
    ];
  },
};

type States = ReadonlyMap<number, string>;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The states at some sequences, checked against the reference fold. */
async function states(subject: Case): Promise<States> {
  const execution = await folded(subject);
  await checkSeeks(subject, execution, 50);
  const random = new Random(11);
  const { history } = execution;
  const found = new Map<number, string>();
  for (let i = 0; i < 40; i++) {
    const at = random.between(0, history.count - 1);
    found.set(history.sequenceOf(at), digest(canonicalJson(history.stateAt(at))));
  }
  execution.source.close();
  return found;
}

async function frameAt(engine: EngineProcess, source: number, { execution }: Case, sequence: number): Promise<Frame> {
  return engine.ask('frame.at', { source, execution, sequence, reading: 'replay', want: WANT });
}

async function frameTimes(subject: Case, expected: States): Promise<number[]> {
  const engine = new EngineProcess();
  const source = await engine.open(subject);
  await engine.indexed(source);
  await check(engine, source, subject, expected);
  const random = new Random(5);
  const { lastSequence } = await frameAt(engine, source, subject, 0);
  const times: number[] = [];
  for (let i = 0; i < FRAMES; i++) {
    const sequence = random.between(1, lastSequence);
    times.push(await timed(() => frameAt(engine, source, subject, sequence)));
  }
  engine.stop();
  return times.slice(FRAMES / 4);
}

async function check(engine: EngineProcess, source: number, { execution }: Case, expected: States): Promise<void> {
  for (const [sequence, state] of expected) {
    const { text } = await engine.ask('export.text', { source, execution, sequence, kind: 'current_state', reading: 'replay', form: 'canonical' });
    if (digest(text.trimEnd()) !== state) fail(`The state at ${sequence} is wrong; nothing was measured.`);
  }
}

/** The time to the first frame while another source is open and idle, divided by that without one. */
async function secondSource(subject: Case): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const engine = new EngineProcess();
    const first = await engine.open(subject);
    await engine.ask('sources.close', { source: first });
    const openOne = async (): Promise<number> => {
      const source = await engine.open(subject);
      const frame = await frameAt(engine, source, subject, Number.MAX_SAFE_INTEGER);
      if (!frame.slices.tree?.rows.length) fail('The first frame is wrong; nothing was measured.');
      return source;
    };
    let source = 0;
    const alone = await timed(async () => {
      source = await openOne();
    });
    await engine.indexed(source);
    found.push((await timed(openOne)) / alone);
    engine.stop();
  }
  return found;
}

async function fourHistories(subject: Case, expected: States): Promise<{ rss: number; seeks: number[] }> {
  const engine = new EngineProcess();
  const sources: number[] = [];
  for (let i = 0; i < 4; i++) {
    const source = await engine.open(subject);
    await engine.indexed(source);
    sources.push(source);
  }
  const { rss } = engine;
  // Histories that were closed or lost their keyframes must give the same answers.
  for (const source of sources) await check(engine, source, subject, expected);
  const random = new Random(5);
  const { lastSequence } = await frameAt(engine, sources[0] as number, subject, 0);
  const seeks: number[] = [];
  for (let i = 0; i < 400; i++) {
    const source = sources[i % sources.length] as number;
    seeks.push(await timed(() => frameAt(engine, source, subject, random.between(1, lastSequence))));
  }
  const after = engine.rss;
  engine.stop();
  return { rss: Math.max(rss, after), seeks };
}
