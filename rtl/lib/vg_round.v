// Rounds a fixed-point number as float32 would: first to a 24-bit significand, then half-even to an integer.
// The two roundings differ from plain half-even only if the exact value lies within half a float32 ulp of k + 1/2
// (the tie band); then the answer is the even one of k and k + 1. Combinational. Right for |value| < 256; beyond,
// the result is some integer of the same sign with magnitude >= 255 (it saturates in the clamp that follows).
module vg_round #(
  parameter INT_BITS = 32, // bits of the signed integer part, 11..48
  parameter FRAC = 47      // fraction bits, 25..48
) (
  input  wire [INT_BITS-1:0] int_i,  // floor of the value, signed
  input  wire [FRAC-1:0]     frac_i, // value - floor, in units of 2^-FRAC
  output wire [9:0]          k_o     // rounded value, signed, saturated to [-512, 511]
);
  // Widen to at least 26 fraction bits: the narrowest band is 2^-26 (just inside +-1/2).
  localparam PAD = (FRAC < 27) ? 27 - FRAC : 0;
  localparam F = FRAC + PAD;
  wire [F-1:0] frac;
  generate
    if (PAD > 0) begin : g_pad
      assign frac = {frac_i, {PAD{1'b0}}};
    end else begin : g_nopad
      assign frac = frac_i;
    end
  endgenerate

  wire negative = int_i[INT_BITS-1];
  wire in_range = (int_i[INT_BITS-1:9] == {(INT_BITS-9){negative}});
  wire [8:0] k = int_i[8:0];
  wire [7:0] magnitude = k[7:0] ^ {8{negative}}; // floor(|k + 1/2|), for values below 256
  wire half = frac[F-1];

  // Half an ulp is 2^(j-24) for |value| in [2^j, 2^(j+1)): one-hot over j = -2..7.
  // Around +-1/2 (magnitude 0) the side toward zero lies in the lower binade.
  wire toward_zero = negative ? half : ~half;
  reg [9:0] band;
  always @* begin
    casez (magnitude)
      8'b1???????: band = 10'b1000000000;
      8'b01??????: band = 10'b0100000000;
      8'b001?????: band = 10'b0010000000;
      8'b0001????: band = 10'b0001000000;
      8'b00001???: band = 10'b0000100000;
      8'b000001??: band = 10'b0000010000;
      8'b0000001?: band = 10'b0000001000;
      8'b00000001: band = 10'b0000000100;
      default:     band = toward_zero ? 10'b0000000001 : 10'b0000000010;
    endcase
  end
  wire [9:0] at_or_above = ~(band - 10'd1);

  wire [14:0] top = frac[F-2:F-16];
  wire [9:0]  mid = frac[F-17:F-26];
  wire        low_zero = (frac[F-27:0] == {(F-26){1'b0}});
  // Above the tie: distance <= half ulp, including equality. Below the tie: the same, by complement.
  wire near_above = (top == 15'd0) && (((mid & at_or_above) == 10'd0) || ((mid == band) && low_zero));
  wire near_below = (&top) && ((mid | ~at_or_above) == 10'h3ff);
  wire tie = half ? near_above : near_below;
  wire up = tie ? k[0] : half;

  assign k_o = in_range ? ({negative, k} + {9'd0, up & ~(~negative & (&k))}) : {negative, {9{~negative}}};
endmodule
