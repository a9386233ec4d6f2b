import type { ExitCode } from "../models/errors.ts";
import type { Io } from "./io.ts";
import type { OptionName, OptionValues } from "./options/table.ts";

/** One command of `vargen`. */
export interface CommandSpec {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly options: readonly OptionName[];
  /** The option that a bare first word stands for, as in `vargen analyze vargnet-v1`. */
  readonly argument?: OptionName;
  /** Complete command lines, shown by --help. */
  readonly examples: readonly string[];
  /** Does the work. @throws VargenError for bad input */
  readonly run: (values: Partial<OptionValues>, io: Io) => Promise<ExitCode>;
}

/** A command whose `run` sees exactly the options that it lists. */
export function defineCommand<const N extends OptionName>(
  spec: Omit<CommandSpec, "options" | "argument" | "run"> & {
    readonly options: readonly N[];
    readonly argument?: N;
    readonly run: (values: Pick<OptionValues, N>, io: Io) => Promise<ExitCode>;
  },
): CommandSpec {
  // `main` fills in each option that the command lists before it calls `run`.
  return spec as unknown as CommandSpec;
}
