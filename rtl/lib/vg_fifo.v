// Synchronous FIFO; the oldest entry is visible at rd_data_o while rd_valid_o (registers or LUT RAM, read combinationally).
// A write and a read may happen in the same cycle; a full FIFO takes nothing, even while it is read.
module vg_fifo #(
  parameter WIDTH = 8, // bits of an entry, >= 1
  parameter DEPTH = 4  // entries, >= 1, any number
) (
  input  wire                         clk_i,
  input  wire                         rst_ni,
  input  wire                         clear_i,    // forget everything
  input  wire                         wr_valid_i,
  output wire                         wr_ready_o,
  input  wire [WIDTH-1:0]             wr_data_i,
  output wire                         rd_valid_o,
  input  wire                         rd_ready_i,
  output wire [WIDTH-1:0]             rd_data_o,
  output wire [$clog2(DEPTH+1)-1:0]   count_o     // entries held
);
  localparam PTR_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
  localparam COUNT_BITS = $clog2(DEPTH + 1);
  localparam [31:0] LAST = DEPTH - 1;
  localparam [31:0] ENTRIES = DEPTH;
  localparam [COUNT_BITS-1:0] FULL = ENTRIES[COUNT_BITS-1:0];
  localparam [COUNT_BITS-1:0] COUNT_ONE = 1;
  localparam [PTR_BITS-1:0] PTR_ONE = 1;

  generate
    if (WIDTH < 1 || DEPTH < 1) begin : g_refuse
      vg_fifo_needs_width_and_depth_of_1_or_more u_refused ();
    end
  endgenerate

  reg [WIDTH-1:0] mem [0:DEPTH-1];
  reg [PTR_BITS-1:0] wr_ptr_q, rd_ptr_q;
  reg [COUNT_BITS-1:0] count_q;
  reg ready_q, valid_q; // count_q != FULL, count_q != 0

  wire push = wr_valid_i & ready_q;
  wire pop = rd_ready_i & valid_q;

  always @(posedge clk_i) begin
    if (push) mem[wr_ptr_q] <= wr_data_i;
    if (!rst_ni || clear_i) begin
      wr_ptr_q <= {PTR_BITS{1'b0}};
      rd_ptr_q <= {PTR_BITS{1'b0}};
      count_q <= {COUNT_BITS{1'b0}};
      ready_q <= 1'b1;
      valid_q <= 1'b0;
    end else begin
      if (push) wr_ptr_q <= (wr_ptr_q == LAST[PTR_BITS-1:0]) ? {PTR_BITS{1'b0}} : wr_ptr_q + PTR_ONE;
      if (pop) rd_ptr_q <= (rd_ptr_q == LAST[PTR_BITS-1:0]) ? {PTR_BITS{1'b0}} : rd_ptr_q + PTR_ONE;
      if (push & ~pop) begin
        count_q <= count_q + COUNT_ONE;
        ready_q <= (count_q != FULL - COUNT_ONE);
        valid_q <= 1'b1;
      end else if (pop & ~push) begin
        count_q <= count_q - COUNT_ONE;
        ready_q <= 1'b1;
        valid_q <= (count_q != COUNT_ONE);
      end
    end
  end

  assign wr_ready_o = ready_q;
  assign rd_valid_o = valid_q;
  assign rd_data_o = mem[rd_ptr_q];
  assign count_o = count_q;
endmodule
