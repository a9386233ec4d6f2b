import { shapeOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { productOf, type View } from "./value.ts";

/** How many leading axes hold the channels; undefined where a reshape has mixed channels and pixels. */
export function channelAxes(view: View): number | undefined {
  if (view.channelsLast) return undefined;
  const { channels, height, width } = shapeOf(view);
  for (let axes = view.dims.length; axes >= 0; axes--)
    if (productOf(view.dims.slice(0, axes)) === channels && productOf(view.dims.slice(axes)) === height * width)
      return axes;
  return undefined;
}

/** What a channel number is charged with: lists of them take time as well as memory. */
const bytesPerChannel = 64;

/** Takes memory for channel numbers. */
export function keepOrder(node: ImportNode, count: number): boolean {
  return node.context.spend(node, bytesPerChannel * count);
}
