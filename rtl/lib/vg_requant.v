// One requantisation lane: float32-exact scaling of an accumulator to int8, one result a cycle, LATENCY 7 cycles.
//   a = acc + bias;  v = float32(a) * S * 2^-47;  q = clamp(roundf(v) + z, lo, hi)
// Requires |a| <= 2^26 - 3 (the compiler proves it). z, lo, hi arrive LATENCY-1 cycles after acc, with k.
// Stages without a value keep still.
module vg_requant (
  input  wire        clk_i,
  input  wire        en_i,   // acc, bias, scale are there
  input  wire [27:0] acc_i,  // signed
  input  wire [27:0] bias_i, // signed
  input  wire [50:0] scale_i, // S, unsigned
  input  wire [7:0]  z_i,
  input  wire [7:0]  lo_i,
  input  wire [7:0]  hi_i,
  output reg  [7:0]  q_o
);
  // 1: bias. 2: round to 24 significant bits (only matters beyond 2^24). 3-5: 28 x 51 multiply in 17-bit slices.
  reg signed [27:0] sum_q, a_q;
  reg [50:0] scale1_q, scale2_q;
  reg signed [45:0] p0_q, p1_q, p2_q, t1_q, p2b_q, t2_q;
  reg [16:0] low0_q;
  reg [33:0] low_q;

  wire beyond24 = (sum_q[27:24] != {4{sum_q[27]}});
  wire beyond25 = (sum_q[27:25] != {3{sum_q[27]}});
  wire [26:0] round1 = sum_q[27:1] + {26'd0, sum_q[0] & sum_q[1]};
  wire [25:0] round2 = sum_q[27:2] + {25'd0, sum_q[1] & (sum_q[0] | sum_q[2])};

  wire signed [45:0] a_wide = {{18{a_q[27]}}, a_q};
  wire signed [45:0] s0 = {29'd0, scale2_q[16:0]};
  wire signed [45:0] s1 = {29'd0, scale2_q[33:17]};
  wire signed [45:0] s2 = {29'd0, scale2_q[50:34]};

  reg [6:1] en_q;
  wire [7:0] clamped;
  always @(posedge clk_i) begin
    en_q <= {en_q[5:1], en_i};
    if (en_i) begin
      sum_q <= acc_i + bias_i;
      scale1_q <= scale_i;
    end
    if (en_q[1]) begin
      a_q <= beyond25 ? {round2, 2'b00} : (beyond24 ? {round1, 1'b0} : sum_q);
      scale2_q <= scale1_q;
    end
    if (en_q[2]) begin
      p0_q <= a_wide * s0;
      p1_q <= a_wide * s1;
      p2_q <= a_wide * s2;
    end
    if (en_q[3]) begin
      t1_q <= p1_q + (p0_q >>> 17);
      low0_q <= p0_q[16:0];
      p2b_q <= p2_q;
    end
    if (en_q[4]) begin
      t2_q <= p2b_q + (t1_q >>> 17);
      low_q <= {t1_q[16:0], low0_q};
    end
    if (en_q[6]) q_o <= clamped;
  end

  // 6: rounding. The product is {t2, low} with 47 fraction bits: 13 of t2, 34 of low.
  wire [9:0] k;
  vg_round #(.INT_BITS(33), .FRAC(47)) u_round (
    .clk_i(clk_i), .en_i(en_q[5]), .int_i(t2_q[45:13]), .frac_i({t2_q[12:0], low_q}), .k_o(k));

  // 7: zero point and clamp.
  vg_clamp u_clamp (.k_i(k), .z_i(z_i), .lo_i(lo_i), .hi_i(hi_i), .q_o(clamped));
endmodule
