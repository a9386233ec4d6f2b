import { parse, type Spec, View } from "vega";
import type { IntensityAnalysis, LayerKind } from "../../models/networks/index.ts";
import { layoutOf } from "./layout.ts";
import { legend } from "./legend.ts";
import { headingRoom, labelRoom, panel, panelHeight } from "./panel.ts";
import { colors, paper, title, width } from "./style.ts";

/**
 * A picture of networks' computational intensity, one panel each over one logarithmic scale: a dot for each layer, a band
 * from each block's idlest layer to its busiest with their ratio.
 *
 * @returns SVG
 */
export async function intensityPlot(analyses: readonly IntensityAnalysis[]): Promise<string> {
  const view = new View(parse(specOf(analyses)), { renderer: "none" });
  return view.toSVG();
}

function specOf(analyses: readonly IntensityAnalysis[]): Spec {
  const layouts = analyses.map(layoutOf);
  const values = layouts.flatMap(({ dots }) => dots.map(({ intensity }) => intensity));
  const domain = [Math.min(3, ...values) * 0.8, Math.max(1000, ...values) * 1.9];
  const slots = Math.max(...layouts.map((layout) => layout.width));
  const dotSize = Math.max(16, Math.min(64, ((0.55 * width) / slots) ** 2));
  const tops: number[] = [];
  let bottom = 18;
  for (const layout of layouts) {
    tops.push(bottom + headingRoom);
    bottom += headingRoom + panelHeight + labelRoom(layout);
  }
  const kinds = (Object.keys(colors) as LayerKind[]).filter((kind) =>
    layouts.some(({ dots }) => dots.some((dot) => dot.kind === kind)),
  );
  return {
    width,
    height: bottom,
    // Without a browser text has no exact width to fit to.
    autosize: "none",
    padding: { left: 64, right: 28, top: 104, bottom: 10 },
    background: paper,
    title: title(
      "How evenly is the work spread inside a block?",
      [
        "Dots: computational intensity of each layer, MAdds for each value of its feature map, from input to output.",
        "Bands: blocks, from the idlest layer to the busiest; above them, how many times busier that one is.",
      ],
      18,
    ),
    scales: [
      { name: "y", type: "log", domain, range: [panelHeight, 0], zero: false },
      { name: "kind", type: "ordinal", domain: kinds, range: kinds.map((kind) => colors[kind]) },
    ],
    marks: [legend(kinds), ...analyses.map((analysis, i) => panel(analysis, layouts[i], tops[i], dotSize))],
  };
}
