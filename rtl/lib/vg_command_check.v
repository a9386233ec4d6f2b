// The checks of a command that need nothing but the command: known opcode, every field within its range. Two cycles.
module vg_command_check #(
  parameter G = 8,          // lanes: 4, 8, 16
  parameter M = 8,          // output channels, power of two
  parameter P = 7,          // pixel lanes, odd, 1..15
  parameter R = 2,          // drained channels, divides M
  parameter AXI_BITS = 128  // bus width
) (
  input  wire         clk_i,
  input  wire [511:0] cmd_i,
  // Two cycles after cmd_i:
  output wire         bad_opcode_o,
  output wire         bad_field_o,
  output wire [3:0]   bad_word_o    // the first bad field is in this word W0..W15
);
  localparam [31:0] WEIGHT_MASK = M * G * 8 / AXI_BITS - 1;   // beats of a word, less 1; a power of two
  localparam [31:0] PARAMETER_MASK = R * 128 / AXI_BITS - 1;
  localparam [31:0] TABLE_BEATS = (AXI_BITS == 64) ? 512 : 256;
  localparam [31:0] P_INT = P;
  localparam [4:0] BANKS = P_INT[4:0];

  wire [7:0] opcode = cmd_i[7:0];
  wire load_features = (opcode == 8'd1);
  wire load_weights = (opcode == 8'd2);
  wire load_parameters = (opcode == 8'd3);
  wire load_tables = (opcode == 8'd4);
  wire compute = (opcode == 8'd5);
  wire store_features = (opcode == 8'd6);
  wire finish = (opcode == 8'd7);
  wire lines = load_features | store_features;
  wire residual = cmd_i[9], max = cmd_i[12], upsample = cmd_i[13], accumulate = cmd_i[14], partial = cmd_i[15];
  wire one_tile = accumulate | partial; // blocks, rows, tiles must be 1

  // First step: each test on its own.
  wire [31:0] w3 = cmd_i[127:96];
  reg known_q, lines_q, words_q, compute_q;
  reg flags_q, columns_zero_q, lines_zero_q, row_zero_q, bank_high_q;
  reg beats_zero_q, beats_ragged_q;
  reg size_bad_q, rotation_high_q, kernel_zero_q, blocks_bad_q, tiles_bad_q;
  always @(posedge clk_i) begin
    known_q <= lines | load_weights | load_parameters | load_tables | compute | finish;
    lines_q <= lines;
    words_q <= load_weights | load_parameters | load_tables;
    compute_q <= compute;
    flags_q <= compute ? (upsample & (residual | max)) | (partial & (residual | max | upsample))
                       : (cmd_i[15:8] != 8'd0);
    lines_zero_q <= (w3[15:0] == 16'd0);
    columns_zero_q <= (w3[31:16] == 16'd0);
    row_zero_q <= (cmd_i[175:160] == 16'd0);
    bank_high_q <= ({1'b0, cmd_i[195:192]} >= BANKS);
    beats_zero_q <= (w3 == 32'd0);
    beats_ragged_q <= (load_weights & ((w3 & WEIGHT_MASK) != 32'd0)) |
                      (load_parameters & ((w3 & PARAMETER_MASK) != 32'd0)) | (load_tables & (w3 != TABLE_BEATS));
    size_bad_q <= (cmd_i[175:160] == 16'd0) | (cmd_i[191:176] == 16'd0) | cmd_i[175] | cmd_i[191];
    rotation_high_q <= ({1'b0, cmd_i[219:216]} >= BANKS);
    kernel_zero_q <= (cmd_i[231:224] == 8'd0) | (cmd_i[239:232] == 8'd0) | (cmd_i[255:240] == 16'd0);
    blocks_bad_q <= (cmd_i[271:256] == 16'd0) | (cmd_i[287:272] == 16'd0) |
                    (one_tile & ((cmd_i[271:257] != 15'd0) | (cmd_i[287:273] != 15'd0)));
    tiles_bad_q <= (cmd_i[303:288] == 16'd0) | (cmd_i[311:304] == 8'd0) | (one_tile & (cmd_i[303:289] != 15'd0));
  end

  // Second step: the first of them.
  reg bad_opcode_q, bad_field_q;
  reg [3:0] bad_word_q;
  wire bad_3 = (lines_q & (lines_zero_q | columns_zero_q)) | (words_q & (beats_zero_q | beats_ragged_q));
  wire bad_5 = (lines_q & row_zero_q) | (compute_q & size_bad_q);
  wire bad_6 = (lines_q & bank_high_q) | (compute_q & rotation_high_q);
  wire bad_7 = compute_q & kernel_zero_q;
  wire bad_8 = compute_q & blocks_bad_q;
  wire bad_9 = compute_q & tiles_bad_q;
  always @(posedge clk_i) begin
    bad_opcode_q <= ~known_q;
    bad_field_q <= flags_q | bad_3 | bad_5 | bad_6 | bad_7 | bad_8 | bad_9;
    bad_word_q <= flags_q ? 4'd0 : bad_3 ? 4'd3 : bad_5 ? 4'd5 : bad_6 ? 4'd6 : bad_7 ? 4'd7 : bad_8 ? 4'd8 : 4'd9;
  end

  assign bad_opcode_o = bad_opcode_q;
  assign bad_field_o = bad_field_q;
  assign bad_word_o = bad_word_q;

  wire unused_ok = &{1'b0, cmd_i[511:312], cmd_i[223:220], cmd_i[215:196], cmd_i[159:128], cmd_i[95:16]};
endmodule
