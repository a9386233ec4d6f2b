import { ExitCode, type Problem, VargenError } from "../../../models/errors.ts";

/** Thrown when a network does not fit a configuration's memories; `compile` adds which preset would do. */
export class FitError extends VargenError {
  constructor(layer: string, what: string, needed: number, available: number) {
    const message = `${what}: ${needed} bytes are needed on chip, ${available} are available`;
    super([{ code: "compile/does-not-fit", path: layer, message }], ExitCode.doesNotFit);
    this.name = "FitError";
  }

  /** The same error with a hint. */
  withHint(hint: string): VargenError {
    return new VargenError(
      this.problems.map((problem): Problem => ({ ...problem, hint })),
      ExitCode.doesNotFit,
    );
  }
}
