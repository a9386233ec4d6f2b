import { type Concatenation, isConcatenation, type LoweredNetwork } from "../lower/lowered.ts";
import { type Join, type LayoutNode, newLeaf, rootOf } from "./nodes.ts";

/** Name of the copy that a concatenation makes of one of its inputs. */
export function copyName(output: string, index: number): string {
  return `${output} copy ${index}`;
}

/**
 * Decides which tensors share a storage: each input of a concatenation becomes a part of its storage, unless it is one of
 * another's already, or no operation writes it; then a copy becomes the part.
 *
 * @returns the node of each tensor that an operation or concatenation makes, and of the copies
 */
export function joinNodes({ items, choices }: LoweredNetwork): ReadonlyMap<string, LayoutNode> {
  const nodes = new Map<string, LayoutNode>();
  /** The tensor of which a chain of choices takes channels. */
  const source = (tensor: string): string => {
    const choice = choices.get(tensor);
    return choice === undefined ? tensor : source(choice.input);
  };
  const join = ({ inputs, output }: Concatenation): Join => {
    const result: Join = { kind: "join", tensor: output, children: [], parent: undefined };
    const adopt = (node: LayoutNode): void => {
      node.parent = result;
      result.children.push(node);
    };
    inputs.forEach((input) => {
      const node = nodes.get(input);
      if (node !== undefined && node.parent === undefined) adopt(node);
    });
    inputs.forEach((input, index) => {
      const node = nodes.get(source(input));
      if (node !== undefined && rootOf(node) === result) return;
      const copy = newLeaf(copyName(output, index));
      nodes.set(copy.tensor, copy);
      adopt(copy);
    });
    return result;
  };
  for (const item of items) nodes.set(item.output, isConcatenation(item) ? join(item) : newLeaf(item.output));
  return nodes;
}
