import { eachMoment } from '../../core/debugger/answers/moments.ts';
import { fail } from '../say.ts';
import { agentRun, history } from './databases.ts';
import { type Group, quantile, row, timed } from './measure.ts';
import { checkSeeks, folded, opened, seekTimes } from './subject.ts';

const SEEKS = 5000;

/** Seeks to random moments of a million events, and in a state of 5 MB. */
export const seeking: Group = {
  goals: ['G4', 'G4b', 'G5'],
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    const execution = await folded(subject);
    await checkSeeks(subject, execution);
    seekTimes(execution, SEEKS);
    const times = seekTimes(execution, SEEKS);
    const fold = await timed(async () => {
      const plain = await opened(subject);
      for await (const { lastSequence } of eachMoment(plain, 'replay', plain.lastSequence, plain.lastSequence))
        if (lastSequence === 0) fail('There is nothing to fold.');
    });
    const tenth = await folded(await agentRun(events / 10));
    seekTimes(tenth, SEEKS);
    const ratio = quantile(times, 0.5) / quantile(seekTimes(tenth, SEEKS), 0.5);

    const large = await history('grow', 20_000);
    const grown = await folded(large);
    await checkSeeks(large, grown, 50);
    seekTimes(grown, SEEKS);
    const grownTimes = seekTimes(grown, SEEKS);
    return [
      row('G4', `seek to any of ${shown} events, p50`, quantile(times, 0.5), 'ms', 0.5),
      row('G4', `seek to any of ${shown} events, p99`, quantile(times, 0.99), 'ms', 1),
      row('G4', 'seek, p50 / fold of the log from its origin', quantile(times, 0.5) / fold, 'x', 1 / 5000),
      row('G4b', 'seek in a state that grows to 5 MB, p50', quantile(grownTimes, 0.5), 'ms'),
      row('G4b', 'seek in a state that grows to 5 MB, p99', quantile(grownTimes, 0.99), 'ms', 4),
      row('G5', `seek, p50: ${shown} events / a tenth of them`, ratio, 'x', 1.3),
    ];
  },
};
