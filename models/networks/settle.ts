import { type Problem, VargenError } from "../errors.ts";
import type { BackboneName } from "./backbone.ts";
import { type NetworkOptions, optionProblem, type SettledOptions } from "./options.ts";
import { scaleProblems } from "./scale.ts";

/**
 * Fills in defaults and checks.
 *
 * @param stride what the input's extents must be multiples of
 * @throws VargenError listing every option out of range
 */
export function settle(
  name: BackboneName,
  options: NetworkOptions,
  defaults: Omit<SettledOptions, "scale" | "group">,
  stride = 1,
): SettledOptions {
  const { scale = 1, group = 8, inputSize } = options;
  const problems: Problem[] = [...scaleProblems(name, scale)];
  const integer = (path: keyof NetworkOptions, fallback: number, multiple = 1): number => {
    const value = options[path] ?? fallback;
    if (!(Number.isInteger(value) && value >= 1))
      problems.push(optionProblem(path, `${path} is ${value}, not a positive integer`));
    else if (value % multiple !== 0)
      problems.push(optionProblem(path, `${path} is ${value}, not a multiple of ${multiple}: pad the image`));
    return value;
  };
  const size = inputSize === undefined ? undefined : integer("inputSize", inputSize, stride);
  const extent = (path: "inputHeight" | "inputWidth"): number =>
    size !== undefined && options[path] === undefined ? size : integer(path, defaults[path], stride);
  const settled = {
    scale,
    group,
    inputHeight: extent("inputHeight"),
    inputWidth: extent("inputWidth"),
    inputChannels: integer("inputChannels", defaults.inputChannels),
    classes: integer("classes", defaults.classes),
  };
  if (![4, 8, 16].includes(group)) problems.push(optionProblem("group", `G is ${group}, not 4, 8 or 16`));
  if (problems.length > 0) throw new VargenError(problems);
  return settled;
}
