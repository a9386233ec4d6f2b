// The residual add's look-up tables: per lane a copy of TA and of TB, two banks of 256 entries of 36 bits, all written
// together. Reads answer two cycles later.
module vg_table_memory #(
  parameter LANES = 14 // lanes, R*P
) (
  input  wire                clk_i,
  input  wire                we_a_i,
  input  wire                we_b_i,
  input  wire [8:0]          waddr_i, // {bank, index}
  input  wire [35:0]         wdata_a_i,
  input  wire [35:0]         wdata_b_i,
  input  wire                re_i,
  input  wire                bank_i,
  input  wire [8*LANES-1:0]  index_a_i,
  input  wire [8*LANES-1:0]  index_b_i,
  output wire [36*LANES-1:0] data_a_o,
  output wire [36*LANES-1:0] data_b_o
);
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : g_lane
      vg_ram_sdp #(.SLICE_BITS(36), .SLICES(1), .DEPTH(512), .ADDR_BITS(9)) u_a (
        .clk_i(clk_i), .we_i(we_a_i), .waddr_i(waddr_i), .wdata_i(wdata_a_i),
        .re_i(re_i), .raddr_i({bank_i, index_a_i[8*l +: 8]}), .rdata_o(data_a_o[36*l +: 36])
      );
      vg_ram_sdp #(.SLICE_BITS(36), .SLICES(1), .DEPTH(512), .ADDR_BITS(9)) u_b (
        .clk_i(clk_i), .we_i(we_b_i), .waddr_i(waddr_i), .wdata_i(wdata_b_i),
        .re_i(re_i), .raddr_i({bank_i, index_b_i[8*l +: 8]}), .rdata_o(data_b_o[36*l +: 36])
      );
    end
  endgenerate
endmodule
