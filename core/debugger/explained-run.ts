import { RunOutline } from '../explain/outline.ts';
import type { ExplainedRun } from '../explain/run.ts';
import { readEvent } from '../jamjet/event.ts';
import { readJson } from '../json/read.ts';
import type { Json } from '../json/value.ts';
import type { OpenExecution } from './open-execution.ts';
import { runPaced } from './pacing.ts';

/** What explanations read of an open execution. Its whole log must be indexed. */
export async function explainedRun(execution: OpenExecution, signal?: AbortSignal): Promise<ExplainedRun> {
  const { history, id, row, source } = execution;
  const { workflow, nodeOf } = await execution.definition.read();
  let outline: Promise<RunOutline> | undefined;
  return {
    history,
    generation: source.generation,
    workflowId: row.workflowId,
    workflowVersion: row.workflowVersion,
    // It may change without an event.
    get rowStatus() {
      return execution.status;
    },
    workflow,
    definitionOf: nodeOf,
    incompleteFrom: execution.incompleteFrom,
    eventAt: async (position) => {
      const stored = await source.payload(id, history.sequenceOf(position), signal);
      const reading = stored?.text === undefined || stored.unreadable !== undefined ? undefined : readEvent(stored.text);
      return reading?.ok === true ? reading.event : undefined;
    },
    artifact: async (hash) => {
      const bytes = await source.artifact(hash, signal);
      return bytes && jsonOf(Buffer.from(bytes).toString('utf8'));
    },
    workItems: (node) => source.workItems(id, node, signal),
    payloadOf: async (itemId) => {
      const text = await source.workItemPayload(itemId, signal);
      return text === undefined ? undefined : jsonOf(text);
    },
    outline: () => {
      const made = outline ?? readOutline(execution, signal);
      outline = made;
      // The next request tries again.
      made.catch(() => {
        outline = undefined;
      });
      return made;
    },
    paced: (steps) => runPaced(steps, execution.pause, signal),
  };
}

async function readOutline({ source, id, pause }: OpenExecution, signal?: AbortSignal): Promise<RunOutline> {
  const outline = new RunOutline();
  for await (const chunk of source.scan(id, 0, signal)) {
    outline.append(chunk);
    await pause();
  }
  return outline;
}

function jsonOf(text: string): Json | undefined {
  const reading = readJson(text);
  return reading.ok ? reading.value : undefined;
}
