import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseLink } from '../core/deep-link.ts';
import { type SourceSpec, sourceSpec } from '../core/source/spec.ts';

/** The options `--open=SOURCE --execution=EXEC --at=N` of the application; SOURCE may be a link. Others are ignored. */
export interface StartArguments {
  readonly open: SourceSpec | undefined;
  readonly execution: string | undefined;
  readonly at: number | undefined;
  readonly path: string | undefined;
}

/** @param folder the folder that relative paths refer to. @param samplePath what `--open=sample` opens. */
export function startArguments(argv: readonly string[], folder: string, samplePath: string): StartArguments {
  const value = (name: string): string | undefined => argv.findLast((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) || undefined;
  const at = value('at');
  const text = value('open');
  // A file whose name looks like a link is a file.
  const link = text === undefined || existsSync(resolve(folder, text)) ? undefined : parseLink(text);
  const open = link?.location ?? text;
  return {
    open: open === undefined ? undefined : open === 'sample' ? { kind: 'sqlite', path: samplePath } : sourceSpec(open, folder),
    execution: value('execution') ?? link?.execution,
    at: at !== undefined && /^\d{1,16}$/.test(at) ? Number(at) : (link?.sequence ?? undefined),
    path: link?.path,
  };
}
