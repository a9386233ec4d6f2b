import { defaultPreset } from "../../hdl-gen/index.ts";
import { testedPresets } from "../../testbench/properties/targets.ts";
import { commands } from "../commands/index.ts";
import { presetRows } from "../commands/presets.ts";
import { exitCodeDocs } from "../exit-codes.ts";
import { optionReference } from "../options/document.ts";
import { areaTable } from "./area.ts";
import { modelError, networkTable, pairTable } from "./networks.ts";

/** Parts of the documentation that follow from the code, by the name in their markers. */
export const sections: Readonly<Record<string, () => string>> = {
  presets: presetTable,
  commands: commandTable,
  options: () => optionReference(commands),
  "exit-codes": exitCodeTable,
  networks: () => networkTable(),
  "network-pairs": () => pairTable(),
  "model-error": () => modelError(),
  area: () => areaTable(),
};

/** Replaces what is between `<!-- NAME -->` and `<!-- /NAME -->` for every section that a text has. */
export function fillSections(text: string): string {
  let result = text;
  for (const [name, make] of Object.entries(sections)) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [start, end] = [result.indexOf(open), result.indexOf(close)];
    if (start < 0 || end < start) continue;
    result = `${result.slice(0, start + open.length)}\n${make()}\n${result.slice(end)}`;
  }
  return result;
}

const kib = (bytes: number): string => `${bytes / 1024} KiB`;

function presetTable(): string {
  const rows = presetRows().map((row) => {
    const name = row.name === defaultPreset ? `**\`${row.name}\`** (default)` : `\`${row.name}\``;
    const buffers = [row.featureBytes, row.weightBytes, row.parameterBytes].map(kib).join(" / ");
    const campaign = testedPresets.includes(row.name) ? "`npm test`, `validate`" : "`validate`";
    return `| ${name} | ${row.macs} | ${buffers} | ${row.bram36} | ${row.axiDataBits} | Verilator, Yosys | ${campaign} |`;
  });
  return [
    "| preset | MACs a cycle | features / weights / parameters | BRAM36 (estimate) | AXI bits | linted by `npm test` | random campaign |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function commandTable(): string {
  const rows = commands.map(({ name, summary }) => `| \`vargen ${name}\` | ${summary} |`);
  return ["| command | does |", "|---|---|", ...rows].join("\n");
}

function exitCodeTable(): string {
  const rows = exitCodeDocs.map(({ code, doc }) => `| ${code} | ${doc} |`);
  return ["| exit code | meaning |", "|---|---|", ...rows].join("\n");
}
