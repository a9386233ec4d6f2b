import { crossChecks } from "../config/cross-checks.ts";
import { deriveFigures } from "../config/derived.ts";
import { configDocs, type HwConfig } from "../config/schema.ts";
import { errorCodes } from "../registers/errors.ts";
import { resetValue } from "../registers/fields.ts";
import { registers } from "../registers/map.ts";
import type { Register } from "../registers/types.ts";
import type { View } from "../render/view.ts";
import { hex } from "./format.ts";
import { topModule } from "./top.ts";

const all: readonly Register[] = registers;

const kibibytes = (bytes: number): string => `${bytes / 1024} KiB`;

function figures(config: HwConfig): View[] {
  const derived = deriveFigures(config);
  return [
    { name: "Multiply-accumulates per cycle (G * M * P)", value: derived.macs },
    { name: "Requantisation lanes (R * P)", value: derived.drainLanes },
    { name: "Bytes of a bus beat", value: derived.axiBytes },
    { name: "Feature memory", value: kibibytes(derived.featureBytes) },
    { name: "Weight memory", value: kibibytes(derived.weightBytes) },
    { name: "Parameter memory", value: kibibytes(derived.parameterBytes) },
    { name: "Residual tables", value: kibibytes(derived.tableBytes) },
    { name: "BRAM36 of these memories (estimate)", value: derived.bram36 },
  ];
}

const bitRange = (lsb: number, bits: number): string => (bits === 1 ? `${lsb}` : `${lsb + bits - 1}:${lsb}`);

/** View of the Markdown page on a configuration and its registers. */
export function documentView(config: HwConfig): View {
  return {
    module: topModule(config),
    figures: figures(config),
    configuration: configDocs().map(({ key, unit, range, doc }) => ({ key, value: config[key], unit, range, doc })),
    rules: crossChecks.map(({ rule }) => rule).join("; "),
    registers: all.map((register) => ({
      offset: `0x${hex(register.offset, 3)}`,
      name: register.name,
      access: register.access,
      reset: `0x${hex(resetValue(register, config), 8)}`,
      locked: register.lockedWhileBusy === true ? "yes" : "",
      doc: register.doc,
    })),
    fields: all.flatMap((register) =>
      register.fields.map(({ name, lsb, bits, doc }) => ({
        register: register.name,
        bits: bitRange(lsb, bits),
        field: name,
        doc,
      })),
    ),
    errors: errorCodes.map(({ code, name, doc, info }) => ({ code, name, doc, info })),
  };
}
