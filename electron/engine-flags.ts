/**
 * V8's settings for the engine: a limit; a small nursery, because an index is long-lived, and a nursery of dozens of megabytes
 * leaves as much in half-empty pages; and a collection before the heap has doubled.
 */
export const ENGINE_FLAGS: readonly string[] = ['--max-old-space-size=4096', '--max-semi-space-size=2', '--heap-growing-percent=40'];

/**
 * A setting of glibc, which otherwise allocates ever larger blocks from a heap that never shrinks: blocks that are larger than
 * a source chunk are returned to the system when they are freed.
 */
export const ENGINE_ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_ARENA_MAX: '1' };
