import type { Mark } from "vega";
import type { WorkKind } from "../../models/networks/index.ts";
import { font, ink } from "./style.ts";

/** Kinds of layers by colour, in one line; the scale `kind` gives the colours. */
export function legend(kinds: readonly WorkKind[]): Mark & { readonly type: "group" } {
  let x = 0;
  const entries = kinds.map((kind) => {
    const entry = { kind, x };
    x += 38 + kind.length * 6.4;
    return entry;
  });
  return {
    type: "group",
    data: [{ name: "kinds", values: entries }],
    marks: [
      {
        type: "symbol",
        from: { data: "kinds" },
        encode: {
          enter: {
            x: { field: "x", offset: 6 },
            size: { value: 90 },
            fill: { scale: "kind", field: "kind" },
          },
        },
      },
      {
        type: "text",
        from: { data: "kinds" },
        encode: {
          enter: {
            x: { field: "x", offset: 17 },
            text: { field: "kind" },
            baseline: { value: "middle" },
            font: { value: font },
            fontSize: { value: 12.5 },
            fill: { value: ink },
          },
        },
      },
    ],
  };
}
