import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseLink } from '../core/deep-link.ts';
import { type SourceSpec, sourceSpec } from '../core/source/spec.ts';

/**
 * The options `--open=SOURCE --execution=EXEC --at=N` of the application; SOURCE may be a link. Without `--open`, a file or a link
 * that is given by itself is opened, as a file manager does. Others are ignored.
 */
export interface StartArguments {
  readonly open: SourceSpec | undefined;
  readonly execution: string | undefined;
  readonly at: number | undefined;
  readonly path: string | undefined;
}

/** @param argv from the name of the program on. @param folder the folder that relative paths refer to. @param samplePath what `--open=sample` opens. */
export function startArguments(argv: readonly string[], folder: string, samplePath: string): StartArguments {
  const value = (name: string): string | undefined => argv.findLast((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) || undefined;
  const at = value('at');
  const text = value('open') ?? argv.slice(1).findLast((argument) => isFile(argument, folder) || isAddress(argument));
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

/** The program itself is named by its folder, or by a script when it is developed. */
function isFile(argument: string, folder: string): boolean {
  if (argument.startsWith('-') || /\.c?js$/.test(argument)) return false;
  return statSync(resolve(folder, argument), { throwIfNoEntry: false })?.isFile() === true;
}

function isAddress(argument: string): boolean {
  return !argument.startsWith('-') && (/^postgres(ql)?:\/\//.test(argument) || parseLink(argument) !== undefined);
}
