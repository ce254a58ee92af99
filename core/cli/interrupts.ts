import { removeTemporaryFiles } from '../temporary-files.ts';

/** The signals by which a user or the system ends a program. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Removes temporary files when the process is interrupted during `work`, and then lets the signal end it. `process.exit` would
 * wait for a file that is being opened, and a pipe may never have a reader. Outside of such work there is nothing to remove and
 * the system ends the process at once, even while SQLite is running.
 */
export async function removingFiles<T>(work: () => Promise<T>): Promise<T> {
  const end = (signal: NodeJS.Signals): void => {
    removeTemporaryFiles();
    for (const name of SIGNALS) process.off(name, end);
    process.kill(process.pid, signal);
  };
  for (const name of SIGNALS) process.on(name, end);
  try {
    return await work();
  } finally {
    for (const name of SIGNALS) process.off(name, end);
  }
}
