import { MAX_DEPTH, readJson } from '../../json/read.ts';
import { JsonScanner } from '../../json/scan.ts';

/**
 * An event as the store has it, from a layout that keeps its type beside it. The server is not asked to do this: one text that
 * it cannot read as JSON, such as one with the escape of a NUL, would end the whole statement.
 *
 * @param type such as `node_completed` or `NodeCompleted`.
 * @returns the payload with the type as its first field. One that has a type itself or is no object stays as it is.
 */
export function withType(payload: string, type: string): string {
  const fields = fieldsOf(payload);
  if (fields === undefined || fields.has('type')) return payload;
  const name = type.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return `{"type":${JSON.stringify(name)}${fields.size === 0 ? '' : ','}${payload.slice(payload.indexOf('{') + 1)}`;
}

/** The initial input in the payload of a start, as it is spelled; `{}` when it has none. A payload that is no JSON is returned whole, to be reported. */
export function inputIn(payload: string): string {
  const fields = fieldsOf(payload);
  if (fields === undefined) return readJson(payload).ok ? '{}' : payload;
  return fields.get('initial_input') ?? '{}';
}

/** The texts of the fields of an object, the last of each name; undefined when it is no object. */
function fieldsOf(text: string): ReadonlyMap<string, string> | undefined {
  const bytes = Buffer.from(text);
  const fields = new Map<string, string>();
  const isObject = new JsonScanner(bytes).object(0, bytes.length, MAX_DEPTH, (keyStart, keyEnd, valueStart, valueEnd) => {
    // A key may be spelled with escapes.
    fields.set(JSON.parse(bytes.toString('utf8', keyStart - 1, keyEnd + 1)) as string, bytes.toString('utf8', valueStart, valueEnd));
  });
  return isObject ? fields : undefined;
}
