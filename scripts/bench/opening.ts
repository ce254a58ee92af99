import { frameAt } from '../../core/debugger/frame.ts';
import type { Frame } from '../../core/replies.ts';
import { fail } from '../say.ts';
import { agentRun, type Case } from './databases.ts';
import { EngineProcess } from './engine-process.ts';
import { type Group, ratios, row, rowOf, timed } from './measure.ts';
import { opened } from './subject.ts';

const TREE = { from: 0, count: 60, reading: 'replay', opened: [], closed: [], reveal: true } as const;
const STARTS = 7;

/** Opening costs the same for a thousand events and a million. */
export const opening: Group = {
  goals: ['G1', 'G2'],
  async measure({ events, shown }) {
    const [small, large] = [await agentRun(1000), await agentRun(events)];
    const firstFrames = (subject: Case) => async (): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        const execution = await opened(subject);
        const frame = await frameAt(execution, { execution: execution.id, sequence: execution.lastSequence, tree: { ...TREE, opened: [], closed: [] } });
        check(frame);
        execution.source.close();
      }
    };
    const starts: number[] = [];
    for (let i = 0; i < STARTS; i++) starts.push(await timed(() => fromStart(large)));
    return [
      rowOf('G1', `open and first frame, ${shown} events / 1,000`, await ratios(firstFrames(small), firstFrames(large)), 'x', 1.5),
      row('G2', `process start to the data of the first frame, ${shown} events`, starts.sort((a, b) => a - b)[STARTS >> 1] as number, 'ms', 300),
    ];
  },
};

async function fromStart(subject: Case): Promise<void> {
  const engine = new EngineProcess();
  await engine.open(subject);
  const answer = await engine.ask('frame.at', { execution: subject.execution, sequence: Number.MAX_SAFE_INTEGER, tree: { ...TREE, opened: [], closed: [] } });
  engine.stop();
  check((answer as { value: Frame }).value);
}

function check(frame: Frame): void {
  if (frame.tree.rows.length === 0 || frame.event?.type !== 'workflow_completed') fail('The first frame is not what it should be.');
}
