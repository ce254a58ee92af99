import type { HandlersOf } from '../../contract.ts';
import { writeFileWhole } from '../../export/write-file.ts';
import type { Engine } from '../engine.ts';
import { exportPieces, exportPreview } from '../export.ts';

export function exportHandlers(engine: Engine) {
  return {
    'export.preview': async (what) => exportPreview(await engine.indexed(what.execution, what.sequence), what),
    'export.write': async ({ path, ...what }) => {
      const execution = await engine.indexed(what.execution, what.sequence);
      return engine.tasks.run(async (signal, task) => {
        const tell = (done: number): void => engine.push('progress', { task, execution: execution.id, phase: 'export', done, total: what.sequence });
        return { path, bytes: await writeFileWhole(path, engine.paced(exportPieces(execution, what, signal), tell), signal) };
      }, engine.session.closed);
    },
    'export.text': async (what, signal) => {
      let text = '';
      for await (const piece of exportPieces(await engine.indexed(what.execution, what.sequence), what, signal)) text += piece.text.toString();
      return { text };
    },
  } satisfies HandlersOf<'export'>;
}
