import { configHash } from "../config/hash.ts";
import { type ConfigKey, configDocs, configKeys, type HwConfig } from "../config/schema.ts";
import { errorCodes } from "../registers/errors.ts";
import { fieldMask } from "../registers/fields.ts";
import { registers } from "../registers/map.ts";
import type { Register, RegisterField } from "../registers/types.ts";
import type { View } from "../render/view.ts";
import { hex, upperSnake, verilogHex } from "./format.ts";
import { topModule } from "./top.ts";

const all: readonly Register[] = registers;

const numericKeys = configKeys.filter((key): key is Exclude<ConfigKey, "name"> => key !== "name");

const fieldsOf = (toView: (name: string, field: RegisterField) => View): View[] =>
  all.flatMap((register) =>
    register.fields.map((field) => toView(`${register.name}_${field.name.toUpperCase()}`, field)),
  );

/** View of the Verilog header with the constants that an integrator's own modules and test benches need. */
export function constantsView(config: HwConfig): View {
  return {
    guard: `${topModule(config).toUpperCase()}_CONSTANTS_VH`,
    configuration: numericKeys.map((key) => ({ name: upperSnake(key), value: config[key] })),
    hash: verilogHex(configHash(config), 32),
    registers: all.map(({ name, offset }) => ({ name, offset: verilogHex(offset, 12) })),
    fields: fieldsOf((name, { lsb, bits }) => ({ name, lsb, bits })),
    errors: errorCodes.map(({ name, code }) => ({ name, code: verilogHex(code, 8) })),
  };
}

/** View of the C header. */
export function headerView(config: HwConfig): View {
  const units = new Map(configDocs().map(({ key, unit }) => [key, unit]));
  return {
    guard: `${topModule(config).toUpperCase()}_H`,
    configuration: numericKeys.map((key) => ({
      name: upperSnake(key),
      value: config[key],
      unit: units.get(key) ?? "",
    })),
    hash: `0x${hex(configHash(config), 8)}`,
    registers: all.map(({ name, offset, access, doc }) => ({ name, offset: `0x${hex(offset, 3)}`, access, doc })),
    fields: fieldsOf((name, field) => ({
      name,
      lsb: field.lsb,
      mask: `0x${hex(fieldMask(field), 8)}`,
      doc: field.doc,
    })),
    errors: errorCodes.map(({ name, code, doc }) => ({ name, code, doc })),
  };
}
