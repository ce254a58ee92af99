import type { ChildProcess } from 'node:child_process';

/** Resolves when a program has written this text to its standard error. @throws Error with what it wrote when it ends before. */
export function started(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let written = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      written = (written + chunk).slice(-100_000);
      if (written.includes(text)) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`It ended before it wrote "${text}":\n${written}`)));
  });
}

/** Ends a program, and resolves when it has ended. */
export function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
