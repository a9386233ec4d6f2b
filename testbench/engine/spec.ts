import { readFileSync } from "node:fs";
import path from "node:path";

/** One Verilog file: its name (which Verilator's messages quote) and its text. */
export interface VerilogSource {
  readonly name: string;
  readonly text: string;
}

/** Value of a top-level parameter: an integer of any size, or a string. */
export type ParameterValue = number | bigint | string;

/**
 * How much the compiler optimises: `fast` is -O2 for long simulations, `quick` is -O1 with a precompiled header
 * for unit tests, where compiling costs more than simulating.
 */
export type Optimization = "fast" | "quick";

/** Everything that determines a compiled model; equal specs give the same cached WebAssembly module. */
export interface ModelSpec {
  /** Name of the top module. */
  readonly top: string;
  /** All files of the design, top included; order does not matter unless macros cross files. */
  readonly sources: readonly VerilogSource[];
  /** Top-level parameters to override. Default: none. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** Clock input toggled by `tick()`. Default `clk_i`, if the top has such an input. */
  readonly clock?: string;
  /** Default `fast`. */
  readonly optimize?: Optimization;
  /** Build the variant that can write VCD (slower). Default false. */
  readonly trace?: boolean;
  /**
   * Value of registers and memories before their first write: `zero`, or `random` from the seed given to
   * `instantiate`, which shows missing resets. Default `zero`.
   */
  readonly initial?: "zero" | "random";
  /** Build the variant that can replay recorded inputs by itself (see `Model.replay`). Default false. */
  readonly replay?: boolean;
}

/** Reads Verilog files from disk. @param files paths; the source's name is the path's last part */
export function sourcesFromFiles(files: readonly string[]): VerilogSource[] {
  return files.map((file) => ({ name: path.basename(file), text: readFileSync(file, "utf8") }));
}
