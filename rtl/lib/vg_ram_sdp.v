// Simple dual-port memory: one write port with slice enables, one read port with two cycles of latency.
module vg_ram_sdp #(
  parameter SLICE_BITS = 128, // bits of one slice
  parameter SLICES = 4,       // slices a word, >= 1
  parameter DEPTH = 512,      // words, >= 2
  parameter ADDR_BITS = 9     // $clog2(DEPTH)
) (
  input  wire                         clk_i,
  input  wire [SLICES-1:0]            we_i,
  input  wire [ADDR_BITS-1:0]         waddr_i,
  input  wire [SLICE_BITS-1:0]        wdata_i, // the same data for every enabled slice
  input  wire                         re_i,
  input  wire [ADDR_BITS-1:0]         raddr_i,
  output wire [SLICES*SLICE_BITS-1:0] rdata_o
);
  genvar s;
  generate
    for (s = 0; s < SLICES; s = s + 1) begin : g_slice
      reg [SLICE_BITS-1:0] mem [0:DEPTH-1];
      reg [SLICE_BITS-1:0] read_q, out_q;
      always @(posedge clk_i) if (we_i[s]) mem[waddr_i] <= wdata_i;
      always @(posedge clk_i) begin
        if (re_i) read_q <= mem[raddr_i];
        out_q <= read_q;
      end
      assign rdata_o[s*SLICE_BITS +: SLICE_BITS] = out_q;
    end
  endgenerate
endmodule
