import { configHash } from "../config/hash.ts";
import type { HwConfig } from "../config/schema.ts";
import { type RegisterName, registers } from "./map.ts";
import type { Register, RegisterField } from "./types.ts";

/** The register called `name`. */
export function registerByName(name: RegisterName): Register {
  const found = registers.find((register) => register.name === name);
  if (found === undefined) throw new Error(`no register ${name}`);
  return found;
}

/** Byte offset of a register on the AXI4-Lite port. */
export function registerOffset(name: RegisterName): number {
  return registerByName(name).offset;
}

/** The bits of a field, in place: an unsigned 32-bit number. */
export function fieldMask({ lsb, bits }: RegisterField): number {
  return Number(((1n << BigInt(bits)) - 1n) << BigInt(lsb));
}

/** The bits of a register that any field covers. */
export function registerMask(register: Register): number {
  return register.fields.reduce((mask, field) => (mask | fieldMask(field)) >>> 0, 0);
}

/** Splits a register's value (unsigned 32 bits) into its fields by name, each unsigned. */
export function decodeRegister(name: RegisterName, value: number): Readonly<Record<string, number>> {
  const entries = registerByName(name).fields.map((field) => [field.name, (value & fieldMask(field)) >>> field.lsb]);
  return Object.fromEntries(entries);
}

/**
 * Puts field values together into a register's value (unsigned 32 bits); fields left out are 0.
 * @throws Error for a field that the register lacks or a value that does not fit it.
 */
export function encodeRegister(name: RegisterName, values: Readonly<Record<string, number>>): number {
  const { fields } = registerByName(name);
  let result = 0;
  for (const [key, value] of Object.entries(values)) {
    const field = fields.find((candidate) => candidate.name === key);
    if (field === undefined) throw new Error(`register ${name} has no field ${key}`);
    const fits = Number.isInteger(value) && value >= 0 && value < 2 ** field.bits;
    if (!fits) throw new Error(`${value} does not fit ${name}.${key} of ${field.bits} bits`);
    result = (result | (value << field.lsb)) >>> 0;
  }
  return result;
}

/** Value of the CAPABILITY register for a configuration. */
export function capability(config: HwConfig): number {
  return encodeRegister("CAPABILITY", {
    group_width: config.groupWidth,
    output_channels: config.outputChannels,
    pixel_lanes: config.pixelLanes,
    drain_channels: config.drainChannels,
  });
}

/** Value of a register after reset in a given configuration. */
export function resetValue(register: Register, config: HwConfig): number {
  if (register.reset !== "configuration") return register.reset;
  return register.name === "CONFIG_HASH" ? configHash(config) : capability(config);
}
