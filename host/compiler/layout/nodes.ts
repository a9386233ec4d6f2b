import type { FeatureShape } from "../../../models/ir/network.ts";
import type { Geometry } from "../geometry.ts";
import type { Part, Storage } from "./storage.ts";

/** What an operation writes, to become a part of a storage. */
export interface Leaf {
  readonly kind: "leaf";
  readonly tensor: string;
  /** The concatenation whose storage it is a part of. */
  parent: Join | undefined;
  /** Physical channel within the part of each channel; undefined until the layout has chosen them. */
  positions: Int32Array | undefined;
  /** Words that the operation writes of each line in each bank: more than the line has if it upsamples. */
  pitch: number;
}

/** A concatenation: its storage has those of its children one after another. */
export interface Join {
  readonly kind: "join";
  readonly tensor: string;
  readonly children: LayoutNode[];
  parent: Join | undefined;
}

export type LayoutNode = Leaf | Join;

/** A tensor's channels while parts have no place yet: which leaf each is in, and where. */
export interface LooseView {
  readonly leaves: readonly Leaf[];
  readonly positions: Int32Array;
}

/** A leaf that is in no storage yet. */
export function newLeaf(tensor: string): Leaf {
  return { kind: "leaf", tensor, parent: undefined, positions: undefined, pitch: 0 };
}

/** All leaves below a node, in the order of their storage. */
export function leavesOf(node: LayoutNode): readonly Leaf[] {
  return node.kind === "leaf" ? [node] : node.children.flatMap(leavesOf);
}

/** The node whose storage a node lies in. */
export function rootOf(node: LayoutNode): LayoutNode {
  return node.parent === undefined ? node : rootOf(node.parent);
}

/** Physical channels of a leaf, from the first to the last one in use. */
function extentOf(leaf: Leaf): number {
  if (leaf.positions === undefined) throw new Error(`tensor '${leaf.tensor}' is not laid out yet`);
  return leaf.positions.reduce((most, position) => Math.max(most, position + 1), 0);
}

/** Channel groups that a leaf takes on chip. */
export function leafGroups(geometry: Geometry, leaf: Leaf): number {
  return geometry.chipChannelGroups(extentOf(leaf));
}

/** The storage of a root, all of whose leaves are laid out, for maps of `shape`. */
export function storageOf(geometry: Geometry, root: LayoutNode, { height, width }: FeatureShape): Storage {
  const parts: Part[] = [];
  let firstGroup = 0;
  for (const leaf of leavesOf(root)) {
    const channels = extentOf(leaf);
    const chipGroups = leafGroups(geometry, leaf);
    const groups = geometry.channelGroups(channels);
    parts.push({ tensor: leaf.tensor, channels, firstGroup, groups, chipGroups });
    firstGroup += chipGroups;
  }
  const pitch = Math.max(geometry.lineWords(width), ...leavesOf(root).map((leaf) => leaf.pitch));
  return { name: root.tensor, height, width, pitch, groups: firstGroup, parts };
}
