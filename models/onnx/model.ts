import { VargenError } from "../errors.ts";
import { toNumber } from "./constant.ts";
import { decodeModel, type Graph, type Model, type Node } from "./proto.ts";

const hint = "check that the file is ONNX and complete";

/** A decoded file. */
export interface DecodedGraph {
  readonly graph: Graph;
  /** Version of ONNX's own operator set; 0 where the file imports none. */
  readonly opset: number;
}

/** Decodes an ONNX file. @throws VargenError if it is damaged, holds no nodes, or uses operator sets it does not import */
export function decodeGraph(bytes: Uint8Array, fileName: string): DecodedGraph {
  const model = decode(bytes, fileName);
  const { graph } = model;
  if (!graph || (graph.node ?? []).length === 0) throw damaged(fileName, "it holds no ONNX graph");
  const imported = new Set((model.opsetImport ?? []).map(({ domain }) => canonicalDomain(domain)));
  const missing = new Set(
    (graph.node ?? []).map(({ domain }) => canonicalDomain(domain)).filter((d) => !imported.has(d)),
  );
  const names = [...missing].map((domain) => `'${domain}'`).join(", ");
  if (missing.size > 0)
    throw damaged(fileName, `it imports no operator set for the domain ${names} that its nodes use`);
  const own = (model.opsetImport ?? []).find(({ domain }) => canonicalDomain(domain) === "");
  return { graph, opset: toNumber(own?.version ?? 0) };
}

/** `Operator`, or `domain.Operator` outside ONNX's own domain. */
export function operatorKey(node: Node): string {
  const domain = canonicalDomain(node.domain);
  return domain === "" ? `${node.opType}` : `${domain}.${node.opType}`;
}

function canonicalDomain(domain: string | null | undefined): string {
  return domain === undefined || domain === null || domain === "ai.onnx" ? "" : domain;
}

function decode(bytes: Uint8Array, fileName: string): Model {
  try {
    return decodeModel(bytes);
  } catch (error) {
    throw damaged(fileName, `it cannot be decoded as ONNX: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function damaged(fileName: string, message: string): VargenError {
  return new VargenError([{ code: "onnx/damaged", path: fileName, message, hint }]);
}
