/** A number in hexadecimal with leading zeros, without prefix. */
export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** A sized Verilog constant, e.g. `12'h014`. */
export function verilogHex(value: number, bits: number): string {
  return `${bits}'h${hex(value, Math.ceil(bits / 4))}`;
}

/** A Verilog range, e.g. `[31:12]`. */
export function verilogRange(high: number, low: number): string {
  return `[${high}:${low}]`;
}

/** `groupWidth` as `GROUP_WIDTH`. */
export function upperSnake(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
