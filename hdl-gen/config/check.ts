import type { z } from "zod";
import { type Problem, VargenError } from "../../models/errors.ts";
import { crossChecks } from "./cross-checks.ts";
import { type ConfigKey, configFields, configKeys, configSchema, type HwConfig } from "./schema.ts";

const isKey = (key: unknown): key is ConfigKey => typeof key === "string" && key in configFields;

function issueProblems(issue: z.core.$ZodIssue, given: object): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const hint = `known fields: ${configKeys.join(", ")}`;
    return issue.keys.map((key) => ({ code: "config/unknown-field", path: key, message: "unknown field", hint }));
  }
  const key = issue.path[0];
  if (!isKey(key)) return [{ code: "config/not-an-object", path: "configuration", message: "must be an object" }];
  if (!Object.hasOwn(given, key)) {
    return [{ code: "config/missing-field", path: key, message: "is missing", hint: issue.message }];
  }
  const value = JSON.stringify((given as Record<string, unknown>)[key]);
  return [{ code: "config/out-of-range", path: key, message: `${value}: ${issue.message}` }];
}

/** One problem a field: a value that breaks several limits is reported once. */
function firstPerField(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path }) => !seen.has(path) && seen.add(path));
}

/** All problems of a would-be configuration: every field, then every cross-check whose fields are valid. */
export function configProblems(value: unknown): Problem[] {
  const parsed = configSchema.safeParse(value);
  const given = typeof value === "object" && value !== null ? value : {};
  const issues = parsed.success ? [] : parsed.error.issues;
  const problems = firstPerField(issues.flatMap((issue) => issueProblems(issue, given)));
  const bad = new Set(problems.map(({ path }) => path));
  if (bad.has("configuration")) return problems;
  const config = given as HwConfig;
  for (const { keys, check } of crossChecks) {
    const message = keys.some((key) => bad.has(key)) ? undefined : check(config);
    if (message !== undefined) problems.push({ code: "config/cross-check", path: keys[0], message });
  }
  return problems;
}

/**
 * Checks a would-be configuration.
 * @throws VargenError listing every problem at once, each naming its field.
 */
export function checkConfig(value: unknown): HwConfig {
  const problems = configProblems(value);
  if (problems.length > 0) throw new VargenError(problems);
  return configSchema.parse(value);
}
