import type { PortInfo } from "./engine/index.ts";

const input = (name: string, width: number): PortInfo => ({ name, direction: "in", width });
const output = (name: string, width: number): PortInfo => ({ name, direction: "out", width });

/** Clock and reset. */
export const commonPorts: readonly PortInfo[] = [input("clk_i", 1), input("rst_ni", 1), output("irq_o", 1)];

/** The AXI4 master port of an accelerator, as its Verilog declares it. @param bits data bus width, 32..512 */
export function axiMasterPorts(bits: number, prefix = "m_axi"): PortInfo[] {
  const address = (name: string) => [
    output(`${prefix}_${name}addr_o`, 40),
    output(`${prefix}_${name}len_o`, 8),
    output(`${prefix}_${name}size_o`, 3),
    output(`${prefix}_${name}burst_o`, 2),
    output(`${prefix}_${name}valid_o`, 1),
    input(`${prefix}_${name}ready_i`, 1),
  ];
  return [
    ...address("ar"),
    input(`${prefix}_rdata_i`, bits),
    input(`${prefix}_rresp_i`, 2),
    input(`${prefix}_rlast_i`, 1),
    input(`${prefix}_rvalid_i`, 1),
    output(`${prefix}_rready_o`, 1),
    ...address("aw"),
    output(`${prefix}_wdata_o`, bits),
    output(`${prefix}_wstrb_o`, bits / 8),
    output(`${prefix}_wlast_o`, 1),
    output(`${prefix}_wvalid_o`, 1),
    input(`${prefix}_wready_i`, 1),
    input(`${prefix}_bresp_i`, 2),
    input(`${prefix}_bvalid_i`, 1),
    output(`${prefix}_bready_o`, 1),
  ];
}

/** The AXI4-Lite slave port of an accelerator. */
export function axiLiteSlavePorts(prefix = "s_axil"): PortInfo[] {
  return [
    input(`${prefix}_awaddr_i`, 12),
    input(`${prefix}_awvalid_i`, 1),
    output(`${prefix}_awready_o`, 1),
    input(`${prefix}_wdata_i`, 32),
    input(`${prefix}_wstrb_i`, 4),
    input(`${prefix}_wvalid_i`, 1),
    output(`${prefix}_wready_o`, 1),
    output(`${prefix}_bresp_o`, 2),
    output(`${prefix}_bvalid_o`, 1),
    input(`${prefix}_bready_i`, 1),
    input(`${prefix}_araddr_i`, 12),
    input(`${prefix}_arvalid_i`, 1),
    output(`${prefix}_arready_o`, 1),
    output(`${prefix}_rdata_o`, 32),
    output(`${prefix}_rresp_o`, 2),
    output(`${prefix}_rvalid_o`, 1),
    input(`${prefix}_rready_i`, 1),
  ];
}
