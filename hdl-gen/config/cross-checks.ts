import { type ConfigKey, type HwConfig, PARAMETER_BITS } from "./schema.ts";

/** A rule over several fields; it runs once each of `keys` is valid on its own. */
export interface CrossCheck {
  /** The first key is the one a problem is reported at. */
  readonly keys: readonly [ConfigKey, ...ConfigKey[]];
  /** The rule in words, for the docs. */
  readonly rule: string;
  /** The message when the rule is broken, else undefined. */
  readonly check: (config: HwConfig) => string | undefined;
}

const divides = (a: number, b: number): boolean => b % a === 0;
const axiBytes = (config: HwConfig): number => config.axiDataBits / 8;

/**
 * Every rule between fields, in the order of the docs. What the ranges imply is not repeated: G and M are powers of
 * two, so one divides the other; a command of 64 bytes is whole beats; 64 beats of 64 bytes are a legal 4 KiB burst.
 */
export const crossChecks: readonly CrossCheck[] = [
  {
    keys: ["drainChannels", "outputChannels"],
    rule: "R divides M",
    check: ({ drainChannels: r, outputChannels: m }) =>
      divides(r, m) ? undefined : `R = ${r} does not divide M = ${m}`,
  },
  {
    keys: ["drainChannels", "groupWidth"],
    rule: "a drain step stays within one feature word: R is at most G",
    check: ({ drainChannels: r, groupWidth: g }) => (r <= g ? undefined : `R = ${r} is more than G = ${g}`),
  },
  {
    keys: ["drainChannels", "groupWidth", "outputChannels"],
    rule: "residual words arrive before they are needed: with R = G, M is at most 4 * G",
    check: ({ drainChannels: r, groupWidth: g, outputChannels: m }) =>
      r < g || m <= 4 * g ? undefined : `R = G = ${g} with M = ${m}, more than ${4 * g}`,
  },
  {
    keys: ["axiDataBits", "groupWidth"],
    rule: "a bus beat holds a whole number of feature words: bus bytes is a multiple of G",
    check: (config) =>
      divides(config.groupWidth, axiBytes(config))
        ? undefined
        : `a beat of ${axiBytes(config)} bytes is not a multiple of a feature word of G = ${config.groupWidth} bytes`,
  },
  {
    keys: ["axiDataBits", "groupWidth", "pixelLanes"],
    rule: "the feature words of one beat go to different banks: bus bytes / G is at most P",
    check: (config) => {
      const words = axiBytes(config) / config.groupWidth;
      return words <= config.pixelLanes
        ? undefined
        : `a beat carries ${words} feature words, more than the P = ${config.pixelLanes} banks that take one each`;
    },
  },
  {
    keys: ["axiDataBits", "outputChannels", "groupWidth"],
    rule: "a weight word is assembled from whole beats: bus bytes divides M * G",
    check: (config) => {
      const word = config.outputChannels * config.groupWidth;
      return divides(axiBytes(config), word)
        ? undefined
        : `a weight word of M * G = ${word} bytes is not a whole number of ${axiBytes(config)}-byte beats`;
    },
  },
  {
    keys: ["axiDataBits", "drainChannels"],
    rule: "a parameter word is assembled from whole beats: bus bytes divides R * 16",
    check: (config) => {
      const word = (config.drainChannels * PARAMETER_BITS) / 8;
      return divides(axiBytes(config), word)
        ? undefined
        : `a parameter word of R * 16 = ${word} bytes is not a whole number of ${axiBytes(config)}-byte beats`;
    },
  },
];
