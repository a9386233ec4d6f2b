import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Problem, VargenError } from "../models/errors.ts";
import type { Network } from "../models/ir/network.ts";
import { type NetworkOptions, networkNames, networkOptionNames, seededNetwork } from "../models/networks/index.ts";
import { readNetwork } from "../models/onnx/index.ts";
import { shippedFile, shippedNames } from "../models/shipped.ts";
import { usageError, usageProblem } from "./options/parse.ts";
import { longFlag, type OptionValues } from "./options/table.ts";

const examples = "or a network of the paper such as vargnet-v1 or vargnet-v2";

const sizes = ["scale", "group", "inputSize", "classes"] as const;

/** Options that choose the size of a named network. */
export type SizeChoice = Pick<OptionValues, (typeof sizes)[number]>;

/** Options that choose a network. */
export type NetworkChoice = SizeChoice & Pick<OptionValues, "network" | "seed">;

/**
 * The network of --network: an ONNX file, a shipped network, or a network of the paper with seeded weights.
 *
 * @param groupWidth group width of a named network where --group does not say
 * @throws VargenError for a missing or damaged file, or options that do not apply or are out of range
 */
export function chosenNetwork(choice: NetworkChoice, groupWidth: number): Network {
  const { network: name, seed } = choice;
  if (name === undefined) {
    const hint = `an ONNX file, ${examples}`;
    throw usageError([usageProblem("missing", "--network", "name a network", hint)]);
  }
  if (networkNames.includes(name)) return seededNetwork(name, { ...chosenSize(name, choice, groupWidth), seed });
  noSizes(choice);
  if (!shippedNames().includes(name)) return readNetwork(readNetworkFile(name), name);
  const { path, bytes } = shippedFile(name);
  return readNetwork(bytes, path);
}

/** Refuses sizes for a network that has its own. @throws VargenError naming them all */
export function noSizes(choice: SizeChoice): void {
  const misplaced = sizes.filter((key) => choice[key] !== undefined);
  if (misplaced.length > 0) throw usageError(misplaced.map(doesNotApply));
}

/**
 * The size of a named network.
 *
 * @param groupWidth group width where the network has groups and --group does not say
 * @throws VargenError naming all options given that the network does not have
 */
export function chosenSize(name: string, choice: SizeChoice, groupWidth: number): NetworkOptions {
  const known = networkOptionNames(name);
  const foreign = sizes.filter((key) => choice[key] !== undefined && !known.includes(key));
  if (foreign.length > 0) {
    const hint = `it has: ${sizes
      .filter((key) => known.includes(key))
      .map(longFlag)
      .join(", ")}`;
    throw usageError(foreign.map((key) => usageProblem("conflict", longFlag(key), `${name} has none`, hint)));
  }
  const { scale, inputSize, classes, group } = choice;
  const input = inputSize && { inputHeight: inputSize.height, inputWidth: inputSize.width };
  return {
    ...defined({ scale, classes, group: known.includes("group") ? (group ?? groupWidth) : undefined }),
    ...input,
  };
}

function doesNotApply(key: (typeof sizes)[number]): Problem {
  return usageProblem("conflict", longFlag(key), "applies to named networks only, not to a file");
}

/** Writes an ONNX file; it appears when it is whole. @throws VargenError if it cannot be written */
export function writeNetworkFile(path: string, bytes: Uint8Array): void {
  const part = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(part, bytes);
    renameSync(part, path);
  } catch (error) {
    const message = `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new VargenError([{ code: "network/unwritable", path, message, hint: "choose another path" }]);
  }
}

/** Largest ONNX file that is read. */
const maxFileBytes = 2 ** 29;

/** The bytes of an ONNX file. @throws VargenError if it cannot be read */
export function readNetworkFile(path: string): Uint8Array {
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > maxFileBytes) {
    const message = `it has ${size} bytes, more than the ${maxFileBytes} that are read`;
    throw new VargenError([{ code: "network/too-large", path, message }]);
  }

  try {
    return readFileSync(path);
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const hint = `give an ONNX file, ${examples}`;
    throw new VargenError([{ code: "network/unreadable", path, message, hint }]);
  }
}

/** The entries that are not undefined. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
