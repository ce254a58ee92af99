/** The reference of the checkers: as plain as possible, without any code of the application. */

type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** The text of the state after all events up to a sequence, of events whose patches are objects of plain keys and texts. */
export function naiveText(events: readonly { readonly sequence: number; readonly kind: string }[], to: number): string {
  let state: Value = {};
  for (const { sequence, kind } of events) if (sequence <= to) state = merged(state, (JSON.parse(kind) as { state_patch: Value }).state_patch);
  return JSON.stringify(sorted(state), null, 2);
}

/** RFC 7396. */
function merged(target: Value, patch: Value): Value {
  if (!isObject(patch)) return patch;
  const rest = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete rest[key];
    else rest[key] = merged(rest[key] ?? null, value);
  }
  return rest;
}

function sorted(value: Value): Value {
  return isObject(value)
    ? Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((key) => [key, sorted(value[key] as Value)]),
      )
    : value;
}

function isObject(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
