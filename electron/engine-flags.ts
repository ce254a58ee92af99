/**
 * How V8 is set for the engine: a ceiling; a small nursery, because what an index keeps lives long, and a nursery of
 * dozens of megabytes leaves as much in half empty pages; and a collection before the heap has doubled.
 */
export const ENGINE_FLAGS: readonly string[] = ['--max-old-space-size=4096', '--max-semi-space-size=2', '--heap-growing-percent=40'];

/**
 * For glibc, which otherwise takes ever larger blocks from a heap that never shrinks: what is larger than a chunk of a
 * scan is given back when it is freed.
 */
export const ENGINE_ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_MMAP_THRESHOLD_: '262144' };
