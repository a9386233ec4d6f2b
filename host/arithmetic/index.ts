export { type AddOperation, type AddTables, buildAddTables } from "./add-tables.ts";
export { type AverageFactor, averageFactor } from "./average.ts";
export { type AccumulatorRange, accumulatorRange, RAW_BITS } from "./bounds.ts";
export { expandScale } from "./expand-scale.ts";
export {
  ACCUMULATOR_LIMIT,
  hardwareRequantize,
  hardwareResidual,
  requantizer,
  SCALE_BITS,
  SCALE_FRACTION_BITS,
  TABLE_BITS,
  TABLE_FRACTION_BITS,
} from "./hardware.ts";
