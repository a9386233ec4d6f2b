import { createColors } from "picocolors";
import { configHash, defaultPreset, deriveFigures, presetNames, presets } from "../../hdl-gen/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { defineCommand } from "../command.ts";
import { formatTable } from "../table.ts";

/** `vargen presets`: what each named configuration amounts to. */
export const presetsCommand = defineCommand({
  name: "presets",
  summary: "List the named hardware configurations with their MACs, buffers, block RAM and bus.",
  options: ["json"],
  examples: ["vargen presets", "vargen presets --json"],
  run: async ({ json }, io) => {
    const rows = presetRows();
    if (json) io.out(`${JSON.stringify({ default: defaultPreset, presets: rows }, null, 2)}\n`);
    else {
      const heading = ["preset", "G", "M", "P", "R", "MACs", "features", "weights", "parameters", "BRAM36", "AXI bits"];
      const cells = rows.map((row) => [
        row.name === defaultPreset ? `${row.name}*` : row.name,
        ...[row.groupWidth, row.outputChannels, row.pixelLanes, row.drainChannels, row.macs].map(String),
        ...[row.featureBytes, row.weightBytes, row.parameterBytes].map(kibibytes),
        ...[row.bram36, row.axiDataBits].map(String),
      ]);
      const [first, ...rest] = formatTable(
        [heading, ...cells],
        heading.map((_, column) => column > 0),
      ).split("\n");
      const { bold, dim } = createColors(io.colors);
      io.out(`${bold(first)}\n${rest.join("\n")}`);
      io.out(dim("* default. MACs a cycle; on-chip buffers in KiB; BRAM36 is an estimate for them.\n"));
    }
    return ExitCode.ok;
  },
});

/** Every preset with its derived figures, smallest array first. */
export function presetRows() {
  return presetNames.map((name) => ({
    ...presets[name],
    configHash: configHash(presets[name]),
    ...deriveFigures(presets[name]),
  }));
}

const kibibytes = (bytes: number): string => `${bytes / 1024}`;
