import { measuredAreas, resourceKinds, resourcesOf } from "../../host/explore/index.ts";
import { group } from "../report-text.ts";

/** What the resource model says of each configuration beside what Yosys counted. */
export function areaTable(): string {
  const rows = measuredAreas().map(({ config, measured }) => {
    const model = resourcesOf(config);
    const cells = resourceKinds.map((kind) => `${group(model[kind])} / ${group(measured[kind])}`);
    const errors = (["lut", "ff"] as const).map((kind) => {
      const error = 100 * (model[kind] / measured[kind] - 1);
      return `${error < 0 ? "" : "+"}${error.toFixed(1)} %`;
    });
    return `| \`${config.name}\` | ${[...cells, ...errors].join(" | ")} |`;
  });
  const heading = ["configuration", "LUT: model / Yosys", "FF", "DSP", "BRAM36", "error, LUT", "error, FF"];
  return [`| ${heading.join(" | ")} |`, `|${heading.map(() => "---|").join("")}`, ...rows].join("\n");
}
