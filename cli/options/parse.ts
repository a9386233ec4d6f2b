import { ExitCode, type Problem, VargenError } from "../../models/errors.ts";
import type { OptionSpec } from "./spec.ts";
import { longFlag, type OptionName, type OptionValues, optionTable } from "./table.ts";

/** A problem with how the command was called. */
export function usageProblem(code: string, path: string, message: string, hint?: string): Problem {
  return { code: `usage/${code}`, path, message, ...(hint === undefined ? {} : { hint }) };
}

/** The error for problems with how the command was called (exit code 2). */
export function usageError(problems: readonly Problem[]): VargenError {
  return new VargenError(problems, ExitCode.usage);
}

/**
 * Turns what commander collected into typed values.
 *
 * @param raw texts of the options given, `true` for flags
 * @returns the values with defaults filled in, and every value that is out of range
 */
export function parseOptions(
  names: readonly OptionName[],
  raw: Readonly<Record<string, unknown>>,
): { readonly values: Partial<OptionValues>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const values: Partial<Record<OptionName, unknown>> = {};
  for (const name of names) {
    const spec: OptionSpec<unknown> = optionTable[name];
    const given = raw[name];
    values[name] = given === undefined ? spec.default : spec.parse(String(given));
    if (given !== undefined && values[name] === undefined)
      problems.push(usageProblem("out-of-range", longFlag(name), `cannot be '${given}'`, `it takes: ${spec.range}`));
  }
  return { values: values as Partial<OptionValues>, problems };
}

/** Words (options and what is not an option) that a command does not know, each with the nearest one that it does. */
export function unknownWords(words: readonly string[], names: readonly OptionName[]): readonly Problem[] {
  const known = [...names.map(longFlag), "--help"];
  return words.flatMap((word, index) => {
    if (word.startsWith("-")) {
      const [written] = word.split("=");
      return [usageProblem("unknown-option", written, "there is no such option", suggestion(written, known))];
    }
    // What follows an unknown option is taken for its value.
    return /^-[^=]*$/.test(words[index - 1] ?? "") ? [] : [usageProblem("unexpected", word, "is not an option")];
  });
}

/** `did you mean ...?` for the nearest of the known words. */
export function suggestion(word: string, known: readonly string[]): string {
  const [best] = known.map((other) => ({ other, cost: distance(word, other) })).sort((a, b) => a.cost - b.cost);
  return best !== undefined && best.cost <= Math.max(1, Math.floor(word.length / 4))
    ? `did you mean ${best.other}?`
    : `known: ${known.join(", ")}`;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
