import { useEffect, useRef, useState } from 'react';

/**
 * A value for requests that are too expensive for each step: at once when it has not changed for some time before, otherwise
 * once it has not changed for some time.
 *
 * @param delay in milliseconds.
 */
export function useResting<T>(value: T, delay: number): T | undefined {
  const [rested, setRested] = useState<T>();
  const changed = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const now = performance.now();
    const isAlone = now - changed.current >= delay;
    changed.current = now;
    if (isAlone) return setRested(() => value);
    const timer = setTimeout(() => setRested(() => value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return rested === value ? value : undefined;
}
