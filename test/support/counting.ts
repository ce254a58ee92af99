/** How often a method of a class is called while `work` runs, or so far in it; the method does what it always does. */
export function countCalls<N extends string>(prototype: Record<N, (...args: never[]) => unknown>, name: N, work: (soFar: () => number) => void): number {
  const method = prototype[name];
  let calls = 0;
  prototype[name] = function (this: unknown, ...args: never[]): unknown {
    calls++;
    return method.apply(this, args);
  };
  try {
    work(() => calls);
  } finally {
    prototype[name] = method;
  }
  return calls;
}
