import * as z from '../core/zod.ts';

/** The attributes of items; what is null or nothing is left out of an item, which is paid for by its size. Each schema is made once: a start makes hundreds of them otherwise. */
export const text = z.string();
export const whole = z.int();
export const textOrNull = orNull(text);
export const wholeOrNull = orNull(whole);
export const textOrEmpty = z._default(text, '');
export const wholeOrZero = z._default(whole, 0);
export const flag = z._default(z.boolean(), false);

/** An object is kept as JSON text: DynamoDB's own types would lose numbers and empty names. */
export const json = z.pipe(
  text,
  z.transform((written): unknown => JSON.parse(written)),
);
export const anyJson = z.optional(json);

export function orNull<Schema extends z.ZodMiniType>(schema: Schema) {
  return z._default(z.nullable(schema), null);
}

/** An id that was checked before it was stored. */
export function stored<Id extends string>(): z.ZodMiniType<Id, string> {
  return text as z.ZodMiniType<string, string> as z.ZodMiniType<Id, string>;
}
