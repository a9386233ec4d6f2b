import type { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import { wordsPerBlock } from "../lower/pieces.ts";
import { inputColumns, inputRows, type Role, type Split, type StripPlan, splitGroups } from "./strips.ts";

/** Cycles that a transfer takes besides those of its data. */
const COMMAND_CYCLES = 14;

/** An estimate of the cycles that an operation takes as planned; without its weights, which all plans load. */
export function stripCost(geometry: Geometry, operation: Operation, plan: StripPlan): number {
  return plan.splits.reduce((sum, split) => sum + splitCost(geometry, operation, plan, split), 0);
}

function splitCost(geometry: Geometry, operation: Operation, plan: StripPlan, split: Split): number {
  const { rows, columns, buffers } = plan;
  const { height, width } = operation.outputShape;
  const [down, across] = [Math.ceil(height / rows), Math.ceil(width / columns)];
  const strips = down * across;
  const computing = rowCycles(geometry, operation, split) * across * geometry.lineWords(columns);
  const moving = (Object.keys(buffers) as Role[]).reduce((sum, role) => {
    const repeated = role === "input" ? passes(geometry, operation, split) : 1;
    return sum + repeated * strips * transferCost(geometry, operation, plan, split, role);
  }, 0);
  const together = Object.values(buffers).every((copies) => copies.length > 1);
  if (!together) return computing + moving;
  return Math.max(computing, moving) + Math.min(computing, moving) / strips;
}

/** Cycles in which the array computes all rows of a tile's columns. */
function rowCycles(geometry: Geometry, { passes }: Operation, { segments }: Split): number {
  return passes.reduce((sum, { kernel, rows }) => {
    const tile = (groups: number): number => Math.max(kernel.height * kernel.width * groups, geometry.tileMinimum);
    const blocks = segments.reduce((all, { blocks, channelGroups }) => all + blocks * tile(channelGroups), 0);
    return sum + blocks * (rows[1] - rows[0]);
  }, 0);
}

/** Times that the strips run over a split: more than once if its weights do not fit together. */
function passes(geometry: Geometry, operation: Operation, split: Split): number {
  const { weightDepth } = geometry.config;
  const words = split.segments.reduce((sum, segment) => sum + segment.blocks * wordsPerBlock(operation, segment), 0);
  return words <= weightDepth ? 1 : Math.ceil(words / (weightDepth / 2));
}

function transferCost(
  geometry: Geometry,
  operation: Operation,
  { rows, columns }: StripPlan,
  split: Split,
  role: Role,
): number {
  const input = role === "input";
  const lines = input ? inputRows(operation, rows) : rows;
  const groups = input ? split.endGroup - split.firstGroup : splitGroups(geometry, split);
  const length = geometry.lineBytes(input ? inputColumns(geometry, operation, columns) : columns) / geometry.beatBytes;
  const whole = columns >= operation.outputShape.width;
  const commands = whole ? lines : lines * groups;
  return lines * groups * length + commands * COMMAND_CYCLES;
}
