import type { Plain, PlainValue } from '../json/plain.ts';
import type { JsonNumber } from '../json/value.ts';
import type { KindTable } from './kinds.ts';

/** The kind of an event and its fields, as a union over `type`, derived from the table of kinds. */
export type EventKind = KindTable[number] extends infer Line ? (Line extends Declaration ? EventOf<Line> : never) : never;

/** Where the output of a node comes from. */
export interface Provenance {
  readonly model_id?: string | null | undefined;
  readonly model_version?: string | null | undefined;
  readonly confidence?: Double | null | undefined;
  readonly verified?: boolean | undefined;
  readonly source?: string | null | undefined;
  readonly trust_domain?: string | null | undefined;
  readonly evidence_refs?: readonly string[] | undefined;
}

type Integer = number | bigint | JsonNumber;
type Double = number | JsonNumber;

interface Declaration {
  readonly type: string;
  readonly declared: string;
}

type EventOf<Line extends Declaration> = Flat<{ readonly type: Line['type'] } & FieldsOf<Line['declared']>>;

/** One object type instead of an intersection, which is what an editor shows. */
type Flat<Fields> = { [Name in keyof Fields]: Fields[Name] };

type FieldsOf<Specs extends string> = Specs extends `${infer First} ${infer Rest}` ? FieldOf<First> & FieldsOf<Rest> : FieldOf<Specs>;

type FieldOf<Spec extends string> = Spec extends `${infer Name}:${infer Type}?`
  ? { readonly [Key in Name]?: ValueOf<Type> | null | undefined }
  : Spec extends `${infer Name}:${infer Type}-`
    ? { readonly [Key in Name]?: ValueOf<Type> | null | undefined }
    : Spec extends `${infer Name}:${infer Type}`
      ? { readonly [Key in Name]: ValueOf<Type> }
      : never;

type ValueOf<Type extends string> = Type extends keyof Values ? Values[Type] : Type extends `(${infer Words})` ? WordOf<Words> : never;

type WordOf<Words extends string> = Words extends `${infer First}|${infer Rest}` ? First | WordOf<Rest> : Words;

interface Values {
  s: string;
  t: string;
  i: Integer;
  u: Integer;
  f: Double;
  b: boolean;
  j: PlainValue;
  '[s]': readonly string[];
  '[j]': readonly Plain[];
  p: Provenance;
}
