/** One option of the command line: how it is written, what it takes and what it does. */
export interface OptionSpec<T> {
  /** Placeholder of the value in help texts; absent for flags, which take none. */
  readonly value?: string;
  /** One-letter form, as in `-o`. */
  readonly short?: string;
  /** What it takes, in words. */
  readonly range: string;
  readonly default?: T;
  readonly doc: string;
  /** The value of a text, or undefined for one outside the range. */
  readonly parse: (text: string) => T | undefined;
  /** The text of a value, where it is not `String(value)`. */
  format?(value: T): string;
}

/** Height and width of an image in pixels. */
export interface Extents {
  readonly height: number;
  readonly width: number;
}

/** Type of an option's value; `undefined` where it has no default and was not given. */
export type ValueOf<S> =
  S extends OptionSpec<infer T> ? (S extends { readonly default: T } ? T : T | undefined) : never;

/** An option that takes no value. */
export function flag(doc: string): OptionSpec<boolean> & { readonly default: boolean } {
  return { range: "flag", default: false, doc, parse: () => true };
}

/** An option that takes any text, such as a name or a path. */
export function text(value: string, range: string, doc: string, short?: string): OptionSpec<string> {
  return { value, range, doc, parse: (given) => (given === "" ? undefined : given), ...(short ? { short } : {}) };
}

/** An option that takes one of a few words; the first is the default. */
export function choice<const C extends string>(
  value: string,
  choices: readonly [C, ...C[]],
  doc: string,
): OptionSpec<C> & { readonly default: C } {
  const parse = (given: string): C | undefined => choices.find((word) => word === given);
  return { value, range: choices.join(", "), default: choices[0], doc, parse };
}

/** An option that takes an integer within [min, max]. */
export function integer(value: string, min: number, max: number, doc: string): OptionSpec<number> {
  const parse = (given: string): number | undefined => {
    const number = /^[+-]?\d+$/.test(given) ? Number(given) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  };
  return { value, range: `integer, ${min}..${max}`, doc, parse };
}

/** An option that takes a number above 0, up to `max`. */
export function positive(value: string, max: number, doc: string): OptionSpec<number> {
  const parse = (given: string): number | undefined => {
    const number = given.trim() === "" ? Number.NaN : Number(given);
    return number > 0 && number <= max ? number : undefined;
  };
  return { value, range: `above 0, at most ${max}`, doc, parse };
}

/** An option that takes one number, or several with commas between them. */
export function numbers(value: string, doc: string): OptionSpec<readonly number[]> {
  const parse = (given: string): readonly number[] | undefined => {
    const list = given.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    return list.every(Number.isFinite) ? list : undefined;
  };
  const format = (list: readonly number[]): string => list.join(",");
  return { value, range: "a number, or one for each channel with commas between", doc, parse, format };
}

/** An option that takes the extents of an image: `N`, or `HxW`, each from 1 to `max`. */
export function extents(value: string, max: number, doc: string): OptionSpec<Extents> {
  const parse = (given: string): Extents | undefined => {
    const [, first, second = first] = /^(\d+)(?:x(\d+))?$/.exec(given) ?? [];
    const [height, width] = [Number(first), Number(second)];
    return [height, width].every((extent) => extent >= 1 && extent <= max) ? { height, width } : undefined;
  };
  const format = ({ height, width }: Extents): string => (height === width ? `${height}` : `${height}x${width}`);
  return { value, range: `height x width, or one number for both, 1..${max}`, doc, parse, format };
}

/** The option with a default. */
export function withDefault<T>(spec: OptionSpec<T>, value: T): OptionSpec<T> & { readonly default: T } {
  return { ...spec, default: value };
}
