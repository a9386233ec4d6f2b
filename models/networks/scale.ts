import type { Problem } from "../errors.ts";
import type { BackboneName } from "./backbone.ts";
import { optionProblem } from "./options.ts";
import { shufflenetV1Step, shufflenetV2Channels } from "./shufflenet.ts";

/** What is wrong with a backbone's scale. */
export function scaleProblems(name: BackboneName, scale: number): readonly Problem[] {
  const rule = scaleRule(name);
  if (scale > 0 && rule.holds(scale)) return [];
  return [optionProblem("scale", `scale ${scale} is none of ${name}'s: it must be ${rule.words}`)];
}

function scaleRule(name: BackboneName): { readonly words: string; readonly holds: (scale: number) => boolean } {
  switch (name) {
    case "vargnet-v1":
    case "vargnet-v2":
      return { words: "a positive multiple of 1/32", holds: (scale) => Number.isInteger(32 * scale) };
    case "mobilenet-v1":
    case "mobilenet-v2":
      return { words: "at least 1/32", holds: (scale) => scale >= 1 / 32 };
    case "shufflenet-v1":
      return { words: `a multiple of ${shufflenetV1Step}`, holds: (scale) => isWhole(scale / shufflenetV1Step) };
    case "shufflenet-v2":
      return {
        words: `one of ${[...shufflenetV2Channels.keys()].join(", ")}`,
        holds: (scale) => shufflenetV2Channels.has(scale),
      };
    case "resnet-18":
    case "resnet-50":
      return { words: "1", holds: (scale) => scale === 1 };
  }
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-9;
}
