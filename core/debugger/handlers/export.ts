import type { HandlersFor } from '../../contract/contract.ts';
import type { ExportChoice } from '../../contract/export.ts';
import { writeFileWhole } from '../../export/write-file.ts';
import { exportPieces, exportPreview } from '../answers/exports.ts';
import { copiedText } from '../copied-text.ts';
import type { Engine } from '../engine.ts';
import type { OpenExecution } from '../open-execution.ts';
import { Pacer } from '../pacing.ts';

export function exportHandlers(engine: Engine) {
  const ready = (choice: ExportChoice, signal: AbortSignal): Promise<OpenExecution> =>
    choice.kind === 'story' ? engine.whole(choice, signal) : engine.ready({ ...choice, sequence: Math.max(choice.sequence, choice.against ?? 0) }, signal);
  return {
    'export.preview': async (choice, signal) => exportPreview(await ready(choice, signal), choice, signal),
    'export.write': async ({ path, ...choice }, signal) => {
      const execution = await ready(choice, signal);
      const subject = { kind: 'export', source: choice.source, execution: execution.id } as const;
      return engine.tasks.run(
        subject,
        'writing',
        async (task) => {
          const pacer = new Pacer(engine.pause);
          async function* paced(): AsyncGenerator<string | Buffer> {
            for await (const { text, last } of exportPieces(execution, choice, task.signal)) {
              yield text;
              task.report('writing', last, choice.sequence);
              if (pacer.isDue) await pacer.pause(task.signal);
            }
          }
          return { path, bytes: await writeFileWhole(path, paced(), { signal: task.signal, protectedFiles: engine.files }) };
        },
        engine.source(choice.source).closed,
        signal,
      );
    },
    'export.text': async (choice, signal) => {
      const execution = await ready(choice, signal);
      return { text: await copiedText(texts(exportPieces(execution, choice, signal)), 'The text', engine.pause, signal) };
    },
  } satisfies HandlersFor<'export'>;
}

async function* texts(pieces: ReturnType<typeof exportPieces>): AsyncGenerator<string> {
  for await (const { text } of pieces) yield text.toString();
}
