import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { VargenError } from "../../models/errors.ts";
import { networkNames } from "../../models/networks/index.ts";
import type { Row } from "./row.ts";

/** Rows of several calls of `vargen compare`, for one configuration and memory. */
export interface ComparisonRecord {
  readonly configuration: string;
  readonly memory: string;
  /** In the order of the built-in networks, then by scale. */
  readonly rows: readonly Row[];
}

/**
 * Puts rows into a record file, which is made where there is none: what it held of the same networks (on whatever input)
 * goes, all else stays. So a long comparison can be done in parts.
 *
 * @throws VargenError for a file that is no record, is one of another configuration or memory, or cannot be written
 */
export function updateRecord(file: string, record: ComparisonRecord): void {
  const old = readRecord(file);
  const { configuration, memory } = record;
  if (old !== undefined && (old.configuration !== configuration || old.memory !== memory))
    throw unusable(file, `it is of ${old.configuration}, memory ${old.memory}, not ${configuration}, ${memory}`);
  const fresh = new Set(record.rows.map(variantOf));
  const rows = [...(old?.rows ?? []).filter((row) => !fresh.has(variantOf(row))), ...record.rows];
  const place = ({ name }: Row): number =>
    (networkNames.indexOf(name) + networkNames.length + 1) % (networkNames.length + 1);
  rows.sort((a, b) => place(a) - place(b) || a.scale - b.scale);
  const part = `${file}.part`;
  try {
    const head = JSON.stringify({ configuration, memory }).slice(0, -1);
    const lines = rows.map((row) => `\n${JSON.stringify(row)}`).join(",");
    writeFileSync(part, `${head},"rows":[${lines}\n]}\n`);
    renameSync(part, file);
  } catch (error) {
    throw unusable(file, `it cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A record file; undefined if there is none. @throws VargenError if it is no record */
export function readRecord(file: string): ComparisonRecord | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    const record: unknown = JSON.parse(text);
    if (isRecord(record)) return record;
  } catch {
    // Not JSON: refused like other JSON.
  }
  throw unusable(file, "it is no record of vargen compare");
}

function isRecord(value: unknown): value is ComparisonRecord {
  return typeof value === "object" && value !== null && "rows" in value && Array.isArray(value.rows);
}

/** The network without its input. */
function variantOf({ network }: Row): string {
  return network.split(":")[0];
}

function unusable(path: string, message: string): VargenError {
  return new VargenError([{ code: "compare/record", path, message, hint: "name another file" }]);
}
