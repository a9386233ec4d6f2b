// q = clamp(k + z, lo, hi), all signed; lo <= hi. Combinational.
module vg_clamp (
  input  wire [9:0] k_i,
  input  wire [7:0] z_i,
  input  wire [7:0] lo_i,
  input  wire [7:0] hi_i,
  output wire [7:0] q_o
);
  wire signed [10:0] y = {k_i[9], k_i} + {{3{z_i[7]}}, z_i};
  wire signed [10:0] lo = {{3{lo_i[7]}}, lo_i};
  wire signed [10:0] hi = {{3{hi_i[7]}}, hi_i};
  assign q_o = (y < lo) ? lo_i : ((y > hi) ? hi_i : y[7:0]);
endmodule
