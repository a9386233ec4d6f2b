// Rounds a fixed-point number as float32 would: first to a 24-bit significand, then half-even to an integer.
// The two roundings differ from plain half-even only if the exact value lies within half a float32 ulp of k + 1/2
// (the tie band); then the answer is the even one of k and k + 1. One register. Right for |value| < 256; beyond,
// the result is some integer of the same sign with magnitude >= 255 (it saturates in the clamp that follows).
module vg_round #(
  parameter INT_BITS = 32, // bits of the signed integer part, 11..48
  parameter FRAC = 47      // fraction bits, 25..48
) (
  input  wire                clk_i,
  input  wire                en_i,   // a value is there; k_o keeps its value without
  input  wire [INT_BITS-1:0] int_i,  // floor of the value, signed
  input  wire [FRAC-1:0]     frac_i, // value - floor, in units of 2^-FRAC
  output reg  [9:0]          k_o     // rounded value, signed, saturated to [-512, 511]
);
  // Widen to at least 26 fraction bits: the narrowest band is 2^-25 (around +-1/2).
  localparam PAD = (FRAC < 26) ? 26 - FRAC : 0;
  localparam F = FRAC + PAD;
  wire [F-1:0] padded;
  generate
    if (PAD > 0) begin : g_pad
      assign padded = {frac_i, {PAD{1'b0}}};
    end else begin : g_nopad
      assign padded = frac_i;
    end
  endgenerate

  // Half an ulp is 2^(j-24) for |value| in [2^j, 2^(j+1)): one-hot over j = -1..7.
  // Around +-1/2 (magnitude 0) the side toward zero lies in the lower binade, with half the band; but there the even
  // one, 0, is the answer within the band and beyond it.
  function [8:0] band_of(input [7:0] magnitude);
    casez (magnitude)
      8'b1???????: band_of = 9'b100000000;
      8'b01??????: band_of = 9'b010000000;
      8'b001?????: band_of = 9'b001000000;
      8'b0001????: band_of = 9'b000100000;
      8'b00001???: band_of = 9'b000010000;
      8'b000001??: band_of = 9'b000001000;
      8'b0000001?: band_of = 9'b000000100;
      8'b00000001: band_of = 9'b000000010;
      default:     band_of = 9'b000000001;
    endcase
  endfunction

  function tie_of(input [F-1:0] frac, input [8:0] band);
    reg [8:0] at_or_above, mid;
    begin
      at_or_above = ~(band - 9'd1);
      mid = frac[F-17:F-25];
      // Above the tie: distance <= half ulp, equality included. Below the tie: the same, by complement.
      if (frac[F-1])
        tie_of = (frac[F-2:F-16] == 15'd0) &&
                 (((mid & at_or_above) == 9'd0) || ((mid == band) && (frac[F-26:0] == {(F-25){1'b0}})));
      else tie_of = (&frac[F-2:F-16]) && ((mid | ~at_or_above) == 9'h1ff);
    end
  endfunction

  function [9:0] round(input [INT_BITS-1:0] value, input [F-1:0] frac);
    reg negative, half, up;
    begin
      negative = value[INT_BITS-1];
      half = frac[F-1];
      // The magnitude is floor(|k + 1/2|) for k = floor(value), |value| < 256.
      up = tie_of(frac, band_of(value[7:0] ^ {8{negative}})) ? value[0] : half;
      if (value[INT_BITS-1:9] == {(INT_BITS-9){negative}})
        round = {negative, value[8:0]} + {9'd0, up & (negative | ~(&value[8:0]))};
      else round = {negative, {9{~negative}}};
    end
  endfunction

  always @(posedge clk_i) if (en_i) k_o <= round(int_i, padded);
endmodule
