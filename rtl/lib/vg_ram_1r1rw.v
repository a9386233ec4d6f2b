// On-chip memory with one read port (a) and one read/write port (b) with byte enables, both read after two cycles.
// Port b either writes or reads in a cycle. A word read on one port while the other writes it is undefined: the
// command stream's waits keep such reads from mattering.
module vg_ram_1r1rw #(
  parameter BYTES = 8,      // bytes a word, >= 1
  parameter DEPTH = 4096,   // words, >= 2
  parameter ADDR_BITS = 12  // $clog2(DEPTH)
) (
  input  wire                 clk_i,
  input  wire                 a_en_i,
  input  wire [ADDR_BITS-1:0] a_addr_i,
  output wire [8*BYTES-1:0]   a_data_o,
  input  wire                 b_en_i,
  input  wire [BYTES-1:0]     b_we_i,     // byte enables; all zero: read
  input  wire [ADDR_BITS-1:0] b_addr_i,
  input  wire [8*BYTES-1:0]   b_data_i,
  output wire [8*BYTES-1:0]   b_data_o
);
  reg [8*BYTES-1:0] mem [0:DEPTH-1];
  reg [8*BYTES-1:0] a_read_q, a_out_q, b_read_q, b_out_q;

  always @(posedge clk_i) begin
    if (a_en_i) a_read_q <= mem[a_addr_i];
    a_out_q <= a_read_q;
  end

  integer i;
  always @(posedge clk_i) begin
    if (b_en_i) begin
      for (i = 0; i < BYTES; i = i + 1)
        if (b_we_i[i]) mem[b_addr_i][8*i +: 8] <= b_data_i[8*i +: 8];
      if (b_we_i == {BYTES{1'b0}}) b_read_q <= mem[b_addr_i];
    end
    b_out_q <= b_read_q;
  end

  assign a_data_o = a_out_q;
  assign b_data_o = b_out_q;
endmodule
