// One residual-add lane: q = clamp(roundf((ta + tb) * 2^-25) + z, lo, hi), LATENCY 3 cycles.
// ta and tb are the table entries of the two operands (ONNX Runtime's QLinearAdd, expanded by the compiler).
// z, lo, hi arrive 2 cycles after ta, tb.
module vg_residual (
  input  wire        clk_i,
  input  wire        en_i, // ta, tb are there; stages without a value keep still
  input  wire [35:0] ta_i, // signed
  input  wire [35:0] tb_i, // signed
  input  wire [7:0]  z_i,
  input  wire [7:0]  lo_i,
  input  wire [7:0]  hi_i,
  output reg  [7:0]  q_o
);
  reg [36:0] sum_q;
  reg [2:1] en_q;
  wire [9:0] k;
  wire [7:0] clamped;
  vg_round #(.INT_BITS(12), .FRAC(25)) u_round (
    .clk_i(clk_i), .en_i(en_q[1]), .int_i(sum_q[36:25]), .frac_i(sum_q[24:0]), .k_o(k));
  vg_clamp u_clamp (.k_i(k), .z_i(z_i), .lo_i(lo_i), .hi_i(hi_i), .q_o(clamped));
  always @(posedge clk_i) begin
    en_q <= {en_q[1], en_i};
    if (en_i) sum_q <= {ta_i[35], ta_i} + {tb_i[35], tb_i};
    if (en_q[2]) q_o <= clamped;
  end
endmodule
