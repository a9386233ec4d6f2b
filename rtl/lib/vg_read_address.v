// From a beat's pointers to one feature word address per bank (t2), and to the lane selection that fits them (t4).
// Every word of a column that exists is checked (t1), and so is the start of a line of which no column does.
// Bank b serves lane p with (rot + stride*p) mod P = b; its word is lane 0's plus the number of times rot + stride*p
// passes P, a function of b and rot alone because the stride is invertible modulo an odd P.
module vg_read_address #(
  parameter P = 7,        // banks and lanes, odd
  parameter DEPTH = 4096  // words a bank
) (
  input  wire            clk_i,
  input  wire            beat1_i,   // there was a beat in the cycle before
  input  wire [15:0]     row_i,
  input  wire            row_valid_i,
  input  wire [15:0]     offset_i,
  input  wire [15:0]     column_i,  // signed
  input  wire [15:0]     word_i,    // signed
  input  wire [3:0]      rot_i,
  input  wire            stride2_i,
  input  wire [15:0]     width_i,   // columns of the map, < 32768
  input  wire [7:0]      zero_i,
  output reg  [16*P-1:0] bank_addr_o,  // t2
  output wire [P-1:0]    lane_valid_o, // t4
  output wire [3:0]      rot_o,        // t4
  output wire            stride2_o,    // t4
  output wire [7:0]      zero_o,       // t4
  output wire            error_o,      // t1: an existing row's line starts or goes on outside the memory
  output wire [16:0]     error_addr_o  // its start, or its first word outside that the beat reads
);
  localparam [16:0] END = DEPTH[16:0];
  localparam [4:0] P5 = P[4:0];
  wire [15:0] line = row_i + offset_i;

  // Lane 0's word, signed; the others' are up to two further.
  reg [17:0] word1_q;
  reg [15:0] line1_q;
  reg row_valid1_q;
  reg [3:0] rot1_q;
  reg stride1_q;
  reg [7:0] zero1_q;
  reg [P-1:0] valid1_q;
  always @(posedge clk_i) begin
    word1_q <= {2'd0, line} + {{2{word_i[15]}}, word_i};
    line1_q <= line;
    row_valid1_q <= row_valid_i;
    rot1_q <= rot_i;
    stride1_q <= stride2_i;
    zero1_q <= zero_i;
  end

  wire line_bad = row_valid1_q & ({1'b0, line1_q} >= END);
  wire word_bad = ~word1_q[17] & (word1_q[16:0] >= END);
  wire next_bad = ~word1_q[17] & (word1_q[16:0] >= END - 17'd1);
  wire after_bad = ~word1_q[17] & (word1_q[16:0] >= END - 17'd2);
  wire [P-1:0] lane_bad;
  assign error_o = beat1_i & (line_bad | (lane_bad != {P{1'b0}}));
  assign error_addr_o = line_bad ? {1'b0, line1_q} : (word_bad ? word1_q[16:0] : END);

  genvar i;
  generate
    for (i = 0; i < P; i = i + 1) begin : g_each
      localparam [4:0] BANK = i[4:0];
      localparam [15:0] ONE = i[15:0];
      // Lane i's column; a negative one is a large unsigned number.
      wire [15:0] column = column_i + (stride2_i ? {ONE[14:0], 1'b0} : ONE);
      always @(posedge clk_i) valid1_q[i] <= row_valid_i & (column < width_i);
      // How far its word is from lane 0's.
      wire [5:0] place = {2'd0, rot1_q} + (stride1_q ? {ONE[4:0], 1'b0} : ONE[5:0]);
      assign lane_bad[i] = valid1_q[i] & ((place < {1'b0, P5}) ? word_bad : (place < {P5, 1'b0}) ? next_bad : after_bad);
      // Bank i's distance from lane 0's bank; odd distances are reached after one more turn at stride 2.
      wire behind = (BANK < {1'b0, rot1_q});
      wire [4:0] distance = BANK - {1'b0, rot1_q} + (behind ? P5 : 5'd0);
      wire [1:0] turns = {1'b0, behind} + {1'b0, stride1_q & distance[0]};
      wire unused_ok = &{1'b0, distance};
      always @(posedge clk_i) bank_addr_o[16*i +: 16] <= word1_q[15:0] + {14'd0, turns};
    end
  endgenerate

  vg_delay #(.WIDTH(P + 13), .STAGES(3)) u_align (
    .clk_i(clk_i), .d_i({valid1_q, rot1_q, stride1_q, zero1_q}), .q_o({lane_valid_o, rot_o, stride2_o, zero_o}));
endmodule
