import { z } from "zod";

/** Documentation of one configuration field; the schema's ranges and the tables in the docs come from this one place. */
export interface FieldDoc {
  /** What the value counts, e.g. `channels`, `words`, `bits`. */
  readonly unit: string;
  /** Allowed values in words, e.g. `1..15, odd`. */
  readonly range: string;
  readonly doc: string;
}

/** An integer field limited to a short list of values. */
export function oneOf(values: readonly number[], unit: string, doc: string): z.ZodType<number> {
  const range = values.join(", ");
  return z
    .int(`must be one of ${range}`)
    .refine((value) => values.includes(value), `must be one of ${range}`)
    .meta({ unit, range, doc });
}

/** An integer field within [min, max]. */
export function integer(min: number, max: number, unit: string, doc: string): z.ZodType<number> {
  const message = `must be an integer in ${min}..${max}`;
  return z
    .int(message)
    .min(min, message)
    .max(max, message)
    .meta({ unit, range: `${min}..${max}`, doc });
}

/** An odd integer within [min, max]. */
export function oddInteger(min: number, max: number, unit: string, doc: string): z.ZodType<number> {
  const message = `must be an odd integer in ${min}..${max}`;
  return z
    .int(message)
    .refine((value) => value >= min && value <= max && value % 2 === 1, message)
    .meta({ unit, range: `${min}..${max}, odd`, doc });
}

/** A power of two within [min, max]. */
export function powerOfTwo(min: number, max: number, unit: string, doc: string): z.ZodType<number> {
  const message = `must be a power of two in ${min}..${max}`;
  return z
    .int(message)
    .refine((value) => value >= min && value <= max && Number.isInteger(Math.log2(value)), message)
    .meta({ unit, range: `${min}..${max}, power of two`, doc });
}

/** A lower-case name usable inside a Verilog module name and as a file name. */
export function identifier(maxLength: number, doc: string): z.ZodType<string> {
  return z
    .string("must be text")
    .regex(
      new RegExp(`^[a-z][a-z0-9_]{0,${maxLength - 1}}$`),
      `must match [a-z][a-z0-9_]* and be at most ${maxLength} characters long`,
    )
    .meta({ unit: "text", range: `[a-z][a-z0-9_]*, at most ${maxLength} characters`, doc });
}

/** Reads back the documentation of a field made by one of the functions above. */
export function fieldDoc(schema: z.ZodType): FieldDoc {
  const meta = schema.meta();
  const text = (key: keyof FieldDoc): string => {
    const value = meta?.[key];
    if (typeof value !== "string") throw new Error(`configuration field without ${key}`);
    return value;
  };
  return { unit: text("unit"), range: text("range"), doc: text("doc") };
}
