/**
 * Synthesises configurations with npm's Yosys and writes what they take to host/explore/area.json, which the resource
 * model is held to: `npx tsx scripts/measure-area.ts [NAME...]` measures those of the file that are named, or all (minutes
 * each); a NAME that is a JSON file joins them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type HwConfig, lintPreset, loadConfig, repositoryRoot } from "../hdl-gen/index.ts";
import { cellResources, type MeasuredArea } from "../host/explore/index.ts";

const file = join(repositoryRoot(), "host/explore/area.json");
const areas: MeasuredArea[] = JSON.parse(readFileSync(file, "utf8"));
const names = process.argv.slice(2);
for (const name of names.filter((word) => word.endsWith(".json"))) areas.push(await measure(loadConfig(name)));
for (const [index, { config }] of areas.entries())
  if (names.length === 0 || names.includes(config.name)) areas[index] = await measure(config);

async function measure(config: HwConfig): Promise<MeasuredArea> {
  const { checks } = await lintPreset(config, { synthesis: "full" });
  const figures = checks.find((check) => check.figures !== undefined)?.figures;
  if (figures === undefined) throw new Error(`${config.name}: not synthesised: ${JSON.stringify(checks)}`);
  const measured = cellResources(figures);
  process.stdout.write(`${config.name}: ${JSON.stringify(measured)}\n`);
  return { config, measured };
}

writeFileSync(file, `${JSON.stringify(areas, null, 2)}\n`);
