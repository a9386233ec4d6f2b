export { type AddTerms, addTable, addTerms, addValue, leadingOperand } from "./add.ts";
export { addRounded32, fma32, roundHalfEven } from "./float32.ts";
export { poolScale } from "./pool.ts";
export { dequantizeValue, quantizeValue } from "./quantize.ts";
export { type IntegerRange, rangeOf } from "./range.ts";
export { effectiveScale, requantize } from "./requantize.ts";
export { requantizeTable } from "./requantize-table.ts";
