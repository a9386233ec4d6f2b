import type { Problem } from "../errors.ts";
import type { Graph, Tensor } from "./proto.ts";

/** What every reader of a graph shares: its constants and all problems found. Nothing throws. */
export class ReadScope {
  readonly problems: Problem[] = [];
  readonly #constants: Map<string, Tensor>;
  protected readonly file: string;
  readonly #lost = new Set<string>();

  constructor(file: string, graph: Graph) {
    this.file = file;
    this.#constants = new Map((graph.initializer ?? []).map((tensor) => [tensor.name ?? "", tensor]));
  }

  get constants(): ReadonlyMap<string, Tensor> {
    return this.#constants;
  }

  /** Adds a constant that a node makes. */
  protected addConstant(name: string, tensor: Tensor): void {
    this.#constants.set(name, tensor);
  }

  /** Notes a problem; its path is the file and the node or tensor. */
  report(where: string, code: string, message: string, hint?: string): void {
    const path = where === "" ? this.file : `${this.file}: ${where}`;
    this.problems.push({ code: `onnx/${code}`, path, message, ...(hint === undefined ? {} : { hint }) });
  }

  /** Notes that tensors are missing because their node could not be read, which was reported there. */
  lose(names: readonly string[]): void {
    for (const name of names) this.#lost.add(name);
  }

  /** Whether a tensor is missing for a reason that was reported before. */
  isLost(name: string): boolean {
    return this.#lost.has(name);
  }
}
