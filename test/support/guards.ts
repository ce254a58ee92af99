import { afterEach, beforeEach, expect } from 'vitest';

/** No content of a database may change Object.prototype, whatever keys it has (`__proto__`, `constructor`). */
const before = Reflect.ownKeys(Object.prototype);
beforeEach(() => expect(Reflect.ownKeys(Object.prototype)).toEqual(before));
afterEach(() => expect(Reflect.ownKeys(Object.prototype)).toEqual(before));
