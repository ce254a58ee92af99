import { inKeyOrder } from '../json/value.ts';

/** The active nodes. An ordinary Set, except that JSON.stringify prints its members in order, where it would print `{}` for any other. */
export class NodeSet extends Set<string> {
  static {
    // Comparisons look at the constructor, and this is meant to equal any Set with the same members.
    Object.defineProperty(NodeSet.prototype, 'constructor', { value: Set, writable: true, configurable: true });
  }

  toJSON(): readonly string[] {
    return inKeyOrder([...this]);
  }
}
