/** The signals by which a user or the system ends a program, and the exit code that a shell shows for each. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Ends the process by `process.exit` when it is interrupted during `work`, so that temporary files are removed. Outside of
 * such work there is nothing to remove and the system ends the process at once, even while SQLite is running.
 */
export async function removingFiles<T>(work: () => Promise<T>): Promise<T> {
  const handlers = Object.entries(SIGNALS).map(([signal, code]) => [signal, () => process.exit(code)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  try {
    return await work();
  } finally {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  }
}
