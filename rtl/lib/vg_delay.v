// Delays a value by STAGES clock cycles (no reset, so that it maps to shift-register look-up tables).
module vg_delay #(
  parameter WIDTH = 1,  // bits, >= 1
  parameter STAGES = 1  // cycles, >= 1
) (
  input  wire             clk_i,
  input  wire [WIDTH-1:0] d_i,
  output wire [WIDTH-1:0] q_o
);
  reg [WIDTH-1:0] stage_q [0:STAGES-1];
  integer i;
  always @(posedge clk_i) begin
    for (i = STAGES - 1; i > 0; i = i - 1) stage_q[i] <= stage_q[i-1];
    stage_q[0] <= d_i;
  end
  assign q_o = stage_q[STAGES-1];
endmodule
