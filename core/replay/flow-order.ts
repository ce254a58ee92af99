/**
 * All nodes, each before those that it leads to, except where a path leads back: the reverse postorder of a walk in depth.
 *
 * @param roots where a run may begin, in this order.
 * @param others nodes that may not be reached from there.
 */
export function flowOrder(roots: readonly string[], others: readonly string[], targetsOf: (node: string) => readonly string[]): string[] {
  const seen = new Set<string>();
  // What is walked last comes first in the end.
  return [...postorder(roots.toReversed(), targetsOf, seen).reverse(), ...postorder(others, targetsOf, seen).reverse()];
}

function postorder(starts: readonly string[], targetsOf: (node: string) => readonly string[], seen: Set<string>): string[] {
  const order: string[] = [];
  // A stack of its own, because a path may be longer than the stack of calls.
  const path: { readonly node: string; readonly targets: readonly string[]; next: number }[] = [];
  const enter = (node: string): void => {
    if (seen.has(node)) return;
    seen.add(node);
    path.push({ node, targets: targetsOf(node).toReversed(), next: 0 });
  };
  for (const start of starts) {
    enter(start);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const target = step.targets[step.next++];
      if (target !== undefined) enter(target);
      else order.push((path.pop() as typeof step).node);
    }
  }
  return order;
}
