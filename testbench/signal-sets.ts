import type { PortInfo } from "./engine/index.ts";

const input = (name: string, width: number): PortInfo => ({ name, direction: "in", width });
const output = (name: string, width: number): PortInfo => ({ name, direction: "out", width });

/** Clock and reset. */
export const commonPorts: readonly PortInfo[] = [input("clk_i", 1), input("rst_ni", 1), output("irq_o", 1)];

/** The AXI4 master port of an accelerator, as its Verilog declares it. @param bits data bus width, 32..512 */
export function axiMasterPorts(bits: number): PortInfo[] {
  const address = (name: string) => [
    output(`m_axi_${name}addr_o`, 40),
    output(`m_axi_${name}len_o`, 8),
    output(`m_axi_${name}size_o`, 3),
    output(`m_axi_${name}burst_o`, 2),
    output(`m_axi_${name}valid_o`, 1),
    input(`m_axi_${name}ready_i`, 1),
  ];
  return [
    ...address("ar"),
    input("m_axi_rdata_i", bits),
    input("m_axi_rresp_i", 2),
    input("m_axi_rlast_i", 1),
    input("m_axi_rvalid_i", 1),
    output("m_axi_rready_o", 1),
    ...address("aw"),
    output("m_axi_wdata_o", bits),
    output("m_axi_wstrb_o", bits / 8),
    output("m_axi_wlast_o", 1),
    output("m_axi_wvalid_o", 1),
    input("m_axi_wready_i", 1),
    input("m_axi_bresp_i", 2),
    input("m_axi_bvalid_i", 1),
    output("m_axi_bready_o", 1),
  ];
}

/** The AXI4-Lite slave port of an accelerator. */
export function axiLiteSlavePorts(): PortInfo[] {
  return [
    input("s_axil_awaddr_i", 12),
    input("s_axil_awvalid_i", 1),
    output("s_axil_awready_o", 1),
    input("s_axil_wdata_i", 32),
    input("s_axil_wstrb_i", 4),
    input("s_axil_wvalid_i", 1),
    output("s_axil_wready_o", 1),
    output("s_axil_bresp_o", 2),
    output("s_axil_bvalid_o", 1),
    input("s_axil_bready_i", 1),
    input("s_axil_araddr_i", 12),
    input("s_axil_arvalid_i", 1),
    output("s_axil_arready_o", 1),
    output("s_axil_rdata_o", 32),
    output("s_axil_rresp_o", 2),
    output("s_axil_rvalid_o", 1),
    input("s_axil_rready_i", 1),
  ];
}
