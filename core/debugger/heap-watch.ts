import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { MemoryBudget } from './memory-budget.ts';

/** Tells a budget after each full collection how much of the heap is alive. */
export function watchHeap(budget: MemoryBudget): void {
  new PerformanceObserver((list) => {
    const entries = list.getEntries() as readonly (PerformanceEntry & { readonly detail?: { readonly kind?: number } })[];
    if (!entries.some(({ detail }) => detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR)) return;
    const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
    budget.heapMeasured(heap + external);
  }).observe({ entryTypes: ['gc'] });
}
