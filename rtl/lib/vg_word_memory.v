// Weight and parameter memory: words assembled from whole bus beats (slices), read whole after two cycles.
module vg_word_memory #(
  parameter AXI_BITS = 128,  // bits of a slice, the bus width
  parameter WORD_BITS = 512, // bits of a word, a multiple of AXI_BITS
  parameter DEPTH = 4096     // words, 2..65536
) (
  input  wire                 clk_i,
  input  wire                 we_i,
  input  wire [15:0]          waddr_i,
  input  wire [7:0]           wslice_i, // which slice of the word
  input  wire [AXI_BITS-1:0]  wdata_i,
  input  wire                 re_i,
  input  wire [15:0]          raddr_i,
  output wire [WORD_BITS-1:0] rdata_o
);
  localparam SLICES = WORD_BITS / AXI_BITS;
  localparam AB = $clog2(DEPTH);
  reg [SLICES-1:0] enable;
  integer i;
  always @* begin
    enable = {SLICES{1'b0}};
    for (i = 0; i < SLICES; i = i + 1)
      if (wslice_i == i[7:0]) enable[i] = we_i;
  end
  vg_ram_sdp #(.SLICE_BITS(AXI_BITS), .SLICES(SLICES), .DEPTH(DEPTH), .ADDR_BITS(AB)) u_ram (
    .clk_i(clk_i), .we_i(enable), .waddr_i(waddr_i[AB-1:0]), .wdata_i(wdata_i),
    .re_i(re_i), .raddr_i(raddr_i[AB-1:0]), .rdata_o(rdata_o)
  );
  // Ranges are checked where addresses are made.
  wire unused_ok = &{1'b0, waddr_i, raddr_i};
endmodule
