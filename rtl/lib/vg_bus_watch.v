// Notices a bus that does not answer: for more than timeout_i cycles something is owed by the other side and nothing moves.
module vg_bus_watch (
  input  wire        clk_i,
  input  wire        rst_ni,
  input  wire        clear_i,
  input  wire [31:0] timeout_i,   // cycles; 0 waits for ever
  input  wire        waiting_i,   // the other side owes something
  input  wire        progress_i,  // a transfer happens
  output wire        expired_o    // until progress, clear or reset
);
  reg [31:0] count_q;
  reg over_q, enabled_q;
  always @(posedge clk_i) begin
    enabled_q <= (timeout_i != 32'd0);
    if (!rst_ni || clear_i || progress_i || !waiting_i) begin
      count_q <= 32'd0;
      over_q <= 1'b0;
    end else begin
      if (!over_q) count_q <= count_q + 32'd1;
      over_q <= over_q | (enabled_q & (count_q >= timeout_i));
    end
  end
  assign expired_o = over_q;
endmodule
