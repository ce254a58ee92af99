import type { Frame } from '../../core/contract/frame.ts';
import { fail } from '../say.ts';
import { agentRun, type Case } from './databases.ts';
import { EngineProcess } from './engine-process.ts';
import { type Group, ratios, row, rowOf, timed } from './measure.ts';
import { firstFrame, opened, WANT } from './subject.ts';

const STARTS = 7;

/** Opening must take the same time for a thousand events as for a million. */
export const opening: Group = {
  goals: ['G1', 'G2'],
  async measure({ events, shown }) {
    const [small, large] = [await agentRun(1000), await agentRun(events)];
    const firstFrames = (subject: Case) => async (): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        const execution = await opened(subject);
        check(await firstFrame(execution, execution.lastSequence));
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
  const source = await engine.open(subject);
  check(await engine.ask('frame.at', { source, execution: subject.execution, sequence: Number.MAX_SAFE_INTEGER, reading: 'replay', want: WANT }));
  engine.stop();
}

function check(frame: Frame): void {
  if (!frame.slices.tree?.rows.length || frame.slices.event?.type !== 'workflow_completed') fail('The first frame is wrong; nothing was measured.');
}
