import type { CausesView } from '../../contract/executions.ts';
import type { CauseGroup, Causes } from '../../explain/causes.ts';
import type { Why } from '../../explain/why.ts';
import type { Plain } from '../../json/plain.ts';
import { visible } from '../../visible.ts';

/** The sentence and its chain as they are printed. */
export function whyJson(executionId: string, { kind, sentence, cause, node, chain }: Why): Plain {
  const links = chain.map((link) => ({ sequence: link.sequence ?? null, node_id: link.node ?? null, text: link.text }));
  return { execution_id: executionId, kind, sentence, cause, node_id: node ?? null, chain: links };
}

export function causeJson({ kind, cause, runs, workflows, nodes, first, last, examples }: CauseGroup): { readonly [name: string]: Plain } {
  const shown = examples.map(({ executionId, sequence, sentence, startedAt }) => ({
    execution_id: executionId,
    sequence: sequence ?? null,
    sentence,
    started_at: startedAt,
  }));
  return { runs, kind, cause, workflows, nodes, first, last, examples: shown };
}

/** The causes as the window shows them, as far as they are known. */
export function causesView(known: Causes | undefined): Omit<CausesView, 'state' | 'milliseconds'> {
  const { read = 0, of = 0, completed = 0, unreadable = 0, others = 0, groups = [] } = known ?? {};
  return {
    read,
    of,
    completed,
    unreadable,
    others,
    groups: groups.map(({ ids, examples, ...group }) => ({
      ...group,
      listed: ids.length,
      examples: examples.map(({ executionId, sequence, sentence, startedAt }) => ({
        execution: executionId,
        sequence: sequence ?? null,
        sentence: visible(sentence),
        startedAt,
      })),
    })),
  };
}
