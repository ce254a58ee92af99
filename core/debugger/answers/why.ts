import type { CauseGroup } from '../../explain/causes.ts';
import type { Why } from '../../explain/why.ts';
import type { Plain } from '../../json/plain.ts';

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
