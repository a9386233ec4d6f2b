// From banks to pixel lanes: lane p takes bank (rot + stride*p) mod P; lanes outside the map take the zero point.
// Two cycles of latency: rotation and stride, then padding.
module vg_lane_select #(
  parameter G = 8, // bytes a word
  parameter P = 7  // banks and lanes, odd
) (
  input  wire             clk_i,
  input  wire [8*G*P-1:0] bank_data_i,
  input  wire [3:0]       rot_i,
  input  wire             stride2_i,
  input  wire [P-1:0]     lane_valid_i,
  input  wire [7:0]       zero_i,
  output wire [8*G*P-1:0] lane_data_o
);
  localparam [4:0] P5 = P[4:0];
  wire [8*G-1:0] bank [0:P-1];
  wire [8*G-1:0] rotated [0:P-1];
  reg  [8*G-1:0] picked_q [0:P-1];
  reg  [8*G-1:0] lane_q [0:P-1];
  reg  [P-1:0] valid_q;
  reg  [7:0]   zero_q;

  always @(posedge clk_i) begin
    valid_q <= lane_valid_i;
    zero_q <= zero_i;
  end

  genvar k;
  generate
    for (k = 0; k < P; k = k + 1) begin : g_lane
      localparam [4:0] K = k[4:0];
      localparam DOUBLE = (2 * k) % P;
      assign bank[k] = bank_data_i[8*G*k +: 8*G];
      wire [4:0] sum = {1'b0, rot_i} + K;
      wire [4:0] index = (sum >= P5) ? sum - P5 : sum;
      reg [8*G-1:0] word;
      integer j;
      always @* begin
        word = bank[0];
        for (j = 1; j < P; j = j + 1)
          if (index == j[4:0]) word = bank[j];
      end
      assign rotated[k] = word;
      always @(posedge clk_i) begin
        picked_q[k] <= stride2_i ? rotated[DOUBLE] : rotated[k];
        lane_q[k] <= valid_q[k] ? picked_q[k] : {G{zero_q}};
      end
      assign lane_data_o[8*G*k +: 8*G] = lane_q[k];
    end
  endgenerate
endmodule
