import { readdirSync, readFileSync } from 'node:fs';

/** The child processes of a process, with their command lines; read from /proc, because `ps` may be missing. */
export function childrenOf(pid: number): { readonly pid: number; readonly command: string }[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).trim().split(' '))
    .filter((child) => child !== '')
    .flatMap((child) => {
      const command = read(`/proc/${child}/cmdline`).replaceAll('\0', ' ');
      return command === '' ? [] : [{ pid: Number(child), command }];
    });
}

/** Nothing when the process has ended in the meantime. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
