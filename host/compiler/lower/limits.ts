import { type Problem, VargenError } from "../../../models/errors.ts";
import type { Geometry } from "../geometry.ts";
import type { LogicalOperation, Operation } from "./operation.ts";

/** Widths of command fields that an operation's shape exceeds. */
export function limitProblems(operation: LogicalOperation): readonly Problem[] {
  const { name, kernel, padding, inputShape, outputShape } = operation;
  const limits: readonly (readonly [string, number, number])[] = [
    ["kernel height", kernel.height, 255],
    ["kernel width", kernel.width, 255],
    ["padding at the top", padding.top, 32767],
    ["padding at the left", padding.left, 128],
    ["input width", inputShape.width, 32767],
    ["input height", inputShape.height, 32767],
    ["output width", outputShape.width, 32767],
    ["output height", outputShape.height, 32767],
  ];
  return limits
    .filter(([, value, limit]) => value > limit)
    .map(([what, value, limit]) => limitProblem(name, `${what} is ${value}, more than the hardware's ${limit}`));
}

/**
 * Checks operations against the limits of a configuration.
 * @throws VargenError naming all operations that it cannot run
 */
export function checkOperations(geometry: Geometry, operations: readonly Operation[]): void {
  const problems = operations.flatMap((operation) => columnProblems(geometry, operation));
  if (problems.length > 0) throw new VargenError(problems);
}

/** Columns before the map are given in tiles of P, down to -8. */
function columnProblems({ banks }: Geometry, { name, padding }: Operation): readonly Problem[] {
  if (padding.left <= 8 * banks) return [];
  return [limitProblem(name, `padding at the left is ${padding.left}, more than 8 * P = ${8 * banks}`)];
}

function limitProblem(path: string, message: string): Problem {
  return { code: "compile/limit", path, message };
}
