import Database from 'better-sqlite3';
import { timelineView } from '../../core/debugger/timeline.ts';
import { blameAt } from '../../core/replay/blame.ts';
import { eventFilter } from '../../core/replay/filter.ts';
import { finish } from '../../core/replay/steps.ts';
import { fail } from '../say.ts';
import { agentRun } from './databases.ts';
import { type Group, quantile, ratios, row, rowOf, timed } from './measure.ts';
import { indexed } from './subject.ts';

const ROUNDS = 15;
const COLUMNS = 1600;
/** More lanes than a screen shows. */
const LANES = { from: 0, count: 64 };

/** Blame, the filter of events, and the timeline at several zooms. */
export const explaining: Group = {
  goals: ['G9', 'G10', 'G12'],
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    const execution = await indexed(subject);
    const { history } = execution;
    const connection = new Database(subject.file.path, { readonly: true });
    const last = connection
      .prepare(`SELECT max(sequence) FROM events WHERE execution_id = ? AND json_type(kind_json, '$.state_patch.' || ?) IS NOT NULL`)
      .pluck();
    const sql = (): unknown => last.get(subject.execution, 'plan');
    if (finish(blameAt(history, '/plan', history.count - 2))?.sequence !== sql()) fail('Blame is wrong; nothing was measured.');
    const blame = await ratios(sql, () => finish(blameAt(history, '/plan', history.count - 2)), 3);
    connection.close();

    const filters: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const matcher = eventFilter('type:failed node:search');
      filters.push(await timed(() => finish(history.positionsWhere(matcher))));
    }
    const zooms = [1, 3, 10, 100, 10_000].map((part) => {
      const times = Array.from({ length: ROUNDS }, () => {
        const started = performance.now();
        const { counts } = finish(
          timelineView(execution, { from: 1, to: Math.ceil(history.lastSequence / part), columns: COLUMNS, axis: 'sequence', lanes: LANES }),
        );
        if (counts.reduce((sum, count) => sum + count, 0) !== Math.ceil(history.lastSequence / part)) fail('The timeline is wrong; nothing was measured.');
        return performance.now() - started;
      });
      return quantile(times, 0.5);
    });
    return [
      rowOf('G9', `blame of a path written once, ${shown} events / SQL json_type scan`, blame, 'x', 1 / 20),
      row('G10', `filter the headers of ${shown} events`, quantile(filters, 0.5), 'ms', 16),
      row('G12', `what a timeline of ${COLUMNS} columns shows, ${shown} events, the slowest of five zooms`, Math.max(...zooms), 'ms', 16),
    ];
  },
};
