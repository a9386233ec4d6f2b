import type { Geometry } from "../geometry.ts";
import type { Operation } from "./operation.ts";

/**
 * An operation that sums up whole maps of no more columns than the array has pixel lanes, with the columns summed up by the
 * drain: it takes a beat for each row instead of one for each pixel. Others stay as they are.
 */
export function summingColumns(geometry: Geometry, operation: Operation): Operation {
  const { weightHold, inputShape, outputShape, kernel, padding, passes, residual, tables, drain } = operation;
  const { height, width } = inputShape;
  const wholeMap = kernel.height === height && kernel.width === width && padding.top === 0 && padding.left === 0;
  const single = outputShape.height === 1 && outputShape.width === 1 && passes.length === 1;
  const plain = residual === undefined && tables === undefined && drain === "store";
  if (!(weightHold && wholeMap && single && plain) || width === 1 || width > geometry.banks) return operation;
  const [{ xZero, constants, ...pass }] = passes;
  // Lanes beyond the map see padding.
  const padded = -xZero * (geometry.banks - width) * height;
  const summing = {
    ...pass,
    kernel: { height, width: 1 },
    columns: true,
    xZero,
    constants: { ...constants, bias: constants.bias.map((bias) => bias + padded) },
  };
  return { ...operation, kernel: summing.kernel, passes: [summing] };
}
