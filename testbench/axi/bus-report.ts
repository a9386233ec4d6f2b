import type { PortSource } from "../engine/index.ts";
import type { AxiMemory } from "./axi-memory.ts";

/** What is outstanding on `m_axi` and the valid/ready levels of its channels, for error messages. */
export function busReport(ports: PortSource, memory: AxiMemory): string {
  const level = (name: string) => ports.port(`m_axi_${name}`).get();
  const fromDesign = ["ar", "aw", "w"].map((name) => `${name} ${level(`${name}valid_o`)}/${level(`${name}ready_i`)}`);
  const toDesign = ["r", "b"].map((name) => `${name} ${level(`${name}valid_i`)}/${level(`${name}ready_o`)}`);
  const { reads, writes } = memory.outstanding;
  return `${reads} reads and ${writes} writes outstanding, valid/ready: ${[...fromDesign, ...toDesign].join(", ")}`;
}
