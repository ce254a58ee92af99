import { useEffect, useState } from 'react';

/** A value once it has not changed for some time, for requests that are too expensive for each step. @param delay in milliseconds. */
export function useResting<T>(value: T, delay: number): T | undefined {
  const [rested, setRested] = useState<T>();
  useEffect(() => {
    const timer = setTimeout(() => setRested(() => value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return rested === value ? value : undefined;
}
