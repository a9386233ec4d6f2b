import { type Problem, VargenError } from "../../models/errors.ts";
import { networkNames, networkOptionNames } from "../../models/networks/index.ts";
import type { SizeChoice } from "../network.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import { parseVariant, type Variant, type VariantDefaults } from "./variant.ts";

/** VarGNet v1 and v2 at all scales, each beside the network of equal MAdds that the paper's Tables 3 and 4 compare. */
const equalMadds = [
  ...pairs("vargnet-v1", [0.25, 0.5, 0.75, 1], "mobilenet-v1", [0.35, 0.6, 0.85, 1.05]),
  ...pairs("vargnet-v2", [0.25, 0.5, 0.75, 1], "shufflenet-v2", [0.25, 0.5, 0.75, 1]),
  ...["mobilenet-v2", "shufflenet-v1", "resnet-18", "resnet-50"],
];

/** Names for many networks at once. */
const networkSets: ReadonlyMap<string, readonly string[]> = new Map([
  ["paper", equalMadds],
  ["all", networkNames],
]);

/**
 * The variants of a list such as `vargnet-v1@x0.5,mobilenet-v1` or `all`, no two alike. What the defaults say of a scale,
 * a group width or classes holds for those networks of a set that have them; a network listed by name must have them.
 *
 * @throws VargenError with the problems of all entries
 */
export function parseNetworks(list: string, defaults: VariantDefaults): readonly Variant[] {
  const variants = new Map<string, Variant>();
  const problems: Problem[] = [];
  let exitCode: VargenError["exitCode"] | undefined;
  for (const word of list.split(",").map((entry) => entry.trim())) {
    const set = networkSets.get(word);
    try {
      if (set !== undefined) checkApplies(word, set, defaults);
      for (const text of set ?? [word]) {
        const variant = parseVariant(text, set === undefined ? defaults : applicable(text, defaults));
        variants.set(variant.label, variant);
      }
    } catch (error) {
      if (!(error instanceof VargenError)) throw error;
      problems.push(...error.problems);
      exitCode ??= error.exitCode;
    }
  }
  if (problems.length > 0) throw new VargenError(problems, exitCode);
  return [...variants.values()];
}

/** The defaults that a network of a set has. */
function applicable(text: string, { seed, groupWidth, inputSize, ...size }: VariantDefaults): VariantDefaults {
  const known = networkOptionNames(text.split("@")[0]);
  const keep = <K extends keyof typeof size>(key: K) => (known.includes(key) ? size[key] : undefined);
  return { seed, groupWidth, inputSize, scale: keep("scale"), group: keep("group"), classes: keep("classes") };
}

/** A set whose networks all come at scales of their own takes none. */
function checkApplies(name: string, set: readonly string[], { scale }: SizeChoice): void {
  if (scale === undefined || !set.some((text) => text.includes("@"))) return;
  const hint = `list networks by name, as in --networks vargnet-v1@x${scale},mobilenet-v1@x${scale}`;
  throw usageError([usageProblem("conflict", "--scale", `the networks of '${name}' have scales of their own`, hint)]);
}

function pairs(
  name: string,
  scales: readonly number[],
  other: string,
  otherScales: readonly number[],
): readonly string[] {
  return scales.flatMap((scale, i) => [`${name}@x${scale}`, `${other}@x${otherScales[i]}`]);
}
