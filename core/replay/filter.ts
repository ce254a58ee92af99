import { bad, type FilterTerm, type FilterTree, parseFilter } from './filter-language.ts';
import { type FilterContext, testOf } from './filter-terms.ts';
import type { FilteredEvent } from './filtered-event.ts';

/** Tests an event of one kind and node. undefined when that depends on the event, which was not given. */
export type EventTest = (sequence: number, event?: () => FilteredEvent) => boolean | undefined;

/** Prepares the test for all events of one kind and node, so that headers alone decide about a million events in milliseconds. */
export type EventFilter = (type: string, node: string | undefined) => EventTest;

/**
 * The filter that a text describes (filter-language.ts, filter-terms.ts). An empty text matches everything.
 *
 * @param context by default there is none, and terms that need one are refused.
 * @throws FaultError `bad-filter`
 */
export function eventFilter(text: string, context?: FilterContext): EventFilter {
  const tree = withTests(parseFilter(text), context);
  return (type, node) => {
    const test = prepared(tree, type.toLowerCase(), node?.toLowerCase() ?? '');
    return typeof test === 'boolean' ? () => test : test;
  };
}

/** The paths whose changes a filter asks for. @throws FaultError `bad-filter` */
export function changedPathsOf(text: string): string[] {
  const paths: string[] = [];
  eventFilter(text, {
    changes: (path) => {
      paths.push(path);
      return () => false;
    },
    firstAt: () => 0,
  });
  return paths;
}

type TestTree =
  | { readonly op: 'all' | 'any'; readonly items: readonly TestTree[] }
  | { readonly op: 'not'; readonly item: TestTree }
  | { readonly op: 'term'; readonly test: ReturnType<typeof testOf> };

function withTests(tree: FilterTree, context: FilterContext | undefined): TestTree {
  if (tree.op === 'term') return { op: 'term', test: testOf(tree.term, context ?? without(tree.term)) };
  if (tree.op === 'not') return { op: 'not', item: withTests(tree.item, context) };
  return { op: tree.op, items: tree.items.map((item) => withTests(item, context)) };
}

function without({ field, at }: FilterTerm): FilterContext {
  const refuse = (): never => {
    throw bad(`"${field}:" with this value needs the whole log, which is not read here`, at);
  };
  return { changes: refuse, firstAt: refuse };
}

/** The test of a tree for one kind and node: what they decide is decided here. */
function prepared(tree: TestTree, type: string, node: string): boolean | EventTest {
  if (tree.op === 'term') return tree.test.header(type, node) ?? tree.test.event ?? false;
  if (tree.op === 'not') {
    const item = prepared(tree.item, type, node);
    return typeof item === 'boolean' ? !item : (sequence, event) => not(item(sequence, event));
  }
  // One answer decides: false of `all`, true of `any`.
  const decisive = tree.op === 'any';
  const open: EventTest[] = [];
  for (const item of tree.items) {
    const test = prepared(item, type, node);
    if (test === decisive) return decisive;
    if (typeof test !== 'boolean') open.push(test);
  }
  if (open.length === 0) return !decisive;
  return (sequence, event) => {
    let answer: boolean | undefined = !decisive;
    for (const test of open) {
      const found = test(sequence, event);
      if (found === decisive) return decisive;
      if (found === undefined) answer = undefined;
    }
    return answer;
  };
}

function not(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}
