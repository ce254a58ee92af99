import fc from 'fast-check';
import { z } from 'zod';

/** The part of JSON Schema that describes the parameters of requests. */
interface Shape {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly prefixItems?: readonly Shape[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
}

/**
 * Values as a schema describes them. Conditions that JSON Schema cannot express are not kept.
 *
 * @param known values that mean something, by the name of the property.
 */
export function valuesOf(schema: z.ZodType, known: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  return arbitrary(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape, known);
}

function arbitrary(shape: Shape, known: Readonly<Record<string, fc.Arbitrary<unknown>>>, name?: string): fc.Arbitrary<unknown> {
  const made = unnamed(shape, known, name);
  const meant = name === undefined ? undefined : known[name];
  return meant === undefined ? made : fc.oneof({ weight: 9, arbitrary: meant }, { weight: 1, arbitrary: made });
}

function unnamed(shape: Shape, known: Readonly<Record<string, fc.Arbitrary<unknown>>>, name?: string): fc.Arbitrary<unknown> {
  if ('const' in shape) return fc.constant(shape.const);
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
  const choices = shape.anyOf ?? shape.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => arbitrary(choice, known)));
  switch (shape.type) {
    case 'object': {
      const fields = Object.fromEntries(Object.entries(shape.properties ?? {}).map(([name, of]) => [name, arbitrary(of, known, name)]));
      if (typeof shape.additionalProperties === 'object')
        return fc.dictionary(fc.string({ maxLength: 8 }), arbitrary(shape.additionalProperties, known), { maxKeys: 3 });
      return fc.record(fields, { requiredKeys: [...(shape.required ?? [])], noNullPrototype: true });
    }
    case 'array':
      if (shape.prefixItems !== undefined) return fc.tuple(...shape.prefixItems.map((item) => arbitrary(item, known)));
      return fc.array(arbitrary(shape.items ?? {}, known, name), { maxLength: Math.min(4, shape.maxItems ?? 4) });
    case 'string':
      if (shape.pattern !== undefined) return fc.stringMatching(new RegExp(shape.pattern), { size: 'small' });
      return fc.string({ unit: 'binary', maxLength: Math.min(20, shape.maxLength ?? 20) });
    case 'integer':
      return fc.oneof(
        fc.integer({ min: shape.minimum ?? -10, max: Math.min(500, shape.maximum ?? 500) }),
        fc.constant(Math.min(Number.MAX_SAFE_INTEGER, shape.maximum ?? Infinity)),
      );
    case 'number':
      return fc.double({ min: shape.minimum ?? -1e9, max: shape.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.anything();
  }
}
