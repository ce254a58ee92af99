import { afterEach, beforeEach, expect } from 'vitest';

/** Nothing a database holds may ever reach the prototypes of this program (reliability.md I1). */
const before = Reflect.ownKeys(Object.prototype);
beforeEach(() => expect(Reflect.ownKeys(Object.prototype)).toEqual(before));
afterEach(() => expect(Reflect.ownKeys(Object.prototype)).toEqual(before));
