import { rmSync } from 'node:fs';

const paths = new Set<string>();

/**
 * Removes a temporary file or folder when the process exits, unless it was removed before. A process that is killed removes
 * nothing; whoever creates the path also looks for what an earlier process left behind.
 *
 * @returns a function that takes the path from the list, after it was removed or renamed.
 */
export function removeAtExit(path: string): () => void {
  if (paths.size === 0) process.on('exit', removeTemporaryFiles);
  paths.add(path);
  return () => {
    paths.delete(path);
    if (paths.size === 0) process.off('exit', removeTemporaryFiles);
  };
}

/** Removes all of them now. */
export function removeTemporaryFiles(): void {
  for (const path of paths) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // The others are still removed.
    }
  }
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
