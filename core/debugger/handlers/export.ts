import type { HandlersFor } from '../../contract/contract.ts';
import { writeFileWhole } from '../../export/write-file.ts';
import { FaultError } from '../../fault.ts';
import { exportPieces, exportPreview } from '../answers/exports.ts';
import type { Engine } from '../engine.ts';
import { Pacer } from '../pacing.ts';

/** Characters that can be copied: more is no use on a clipboard, and JavaScript has no longer strings than 50 times that. */
const MAX_COPIED = 10_000_000;

export function exportHandlers(engine: Engine) {
  return {
    'export.preview': async (choice, signal) => exportPreview(await engine.ready(choice, signal), choice, signal),
    'export.write': async ({ path, ...choice }, signal) => {
      const execution = await engine.ready(choice, signal);
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
      let text = '';
      const pacer = new Pacer(engine.pause);
      for await (const piece of exportPieces(await engine.ready(choice, signal), choice, signal)) {
        text += piece.text.toString();
        if (text.length > MAX_COPIED)
          throw new FaultError('too-large', { subject: 'The text', detail: `more than ${MAX_COPIED.toLocaleString('en')} characters` });
        if (pacer.isDue) await pacer.pause(signal);
      }
      return { text };
    },
  } satisfies HandlersFor<'export'>;
}
