// Walks the beats of a feature transfer: lines of columns, W words a beat, the last beat of a line partly filled. Each step
// puts the next beat's bank, word address and word count into the output registers, where they stay until the next step.
// The command's fields must hold from start_i to the last step.
module vg_line_walker #(
  parameter P = 7, // banks, odd, 1..15
  parameter W = 2, // words per beat, power of two, 1..P
  parameter DEPTH = 4096 // words a bank, <= 65536
) (
  input  wire        clk_i,
  input  wire        start_i,          // the first beat is next
  input  wire        step_i,           // output the next beat
  output wire        final_o,          // the next beat is the last
  input  wire [15:0] lines_i,          // >= 1
  input  wire [15:0] columns_i,        // words per line, >= 1
  input  wire [15:0] base_i,           // word address
  input  wire [15:0] line_stride_i,    // words
  input  wire [15:0] lines_per_row_i,  // >= 1
  input  wire [15:0] row_stride_i,     // words
  input  wire [3:0]  first_bank_i,     // 0..P-1
  output wire [3:0]  bank_o,           // bank of the beat's first word
  output wire [16:0] addr_o,           // its address; words after bank P-1 are one further
  output wire [3:0]  count_o,          // words, 1..W
  output wire        outside_o,        // some word is outside of the memory
  output wire        last_o            // last beat
);
  localparam [31:0] P_INT = P;
  localparam [31:0] W_INT = W;
  localparam [4:0] BANKS = P_INT[4:0];
  localparam [4:0] WORDS = W_INT[4:0];
  localparam [31:0] DEPTH_INT = DEPTH;
  localparam [16:0] END_ADDR = DEPTH_INT[16:0];
  localparam [16:0] LAST_ADDR = END_ADDR - 17'd1;
  localparam [15:0] IN_BEAT = W_INT[15:0] - 16'd1;

  generate
    if (P < 1 || P > 15 || (P & 1) == 0) begin : g_refuse_p
      vg_p_must_be_odd_and_1_to_15 u_refused ();
    end
    if (W < 1 || W > P || (W & (W - 1)) != 0) begin : g_refuse_w
      vg_words_per_beat_must_be_a_power_of_two_and_1_to_p u_refused ();
    end
    if (DEPTH < 1 || DEPTH > 65536) begin : g_refuse_depth
      vg_feature_depth_must_be_1_to_65536 u_refused ();
    end
  endgenerate

  reg [15:0] line_q, row_q;         // starts of the current line and row
  reg [15:0] lines_q, in_row_q;     // lines left after this one, in all and in this row
  reg [15:0] columns_q;             // words left in the line, less 1
  reg [16:0] addr_q;
  reg [3:0] bank_q;

  wire line_end = ((columns_q & ~IN_BEAT) == 16'd0);
  wire row_end = (in_row_q == 16'd0);
  wire [3:0] count = line_end ? (columns_q[3:0] & IN_BEAT[3:0]) + 4'd1 : WORDS[3:0];
  wire [4:0] bank_sum = {1'b0, bank_q} + WORDS;
  wire bank_wrap = (bank_sum >= BANKS);
  wire [4:0] bank_next = bank_wrap ? bank_sum - BANKS : bank_sum;
  wire [15:0] line_next = (row_end ? row_q : line_q) + (row_end ? row_stride_i : line_stride_i);

  always @(posedge clk_i) begin
    if (start_i) begin
      lines_q <= lines_i - 16'd1;
      in_row_q <= lines_per_row_i - 16'd1;
      line_q <= base_i;
      row_q <= base_i;
    end else if (step_i & line_end) begin
      lines_q <= lines_q - 16'd1;
      in_row_q <= (row_end ? lines_per_row_i : in_row_q) - 16'd1;
      line_q <= line_next;
      if (row_end) row_q <= line_next;
    end
    if (start_i | (step_i & line_end)) begin
      columns_q <= columns_i - 16'd1;
      bank_q <= first_bank_i;
      addr_q <= {1'b0, start_i ? base_i : line_next};
    end else if (step_i) begin
      columns_q <= columns_q - (IN_BEAT + 16'd1);
      bank_q <= bank_next[3:0];
      addr_q <= addr_q + {16'd0, bank_wrap};
    end
  end

  assign final_o = line_end & (lines_q == 16'd0);

  reg [3:0] out_bank_q, out_count_q;
  reg [16:0] out_addr_q;
  reg out_last_q, beyond_q, edge_q; // the address is outside; it is the last one inside
  wire [4:0] end_bank = {1'b0, out_bank_q} + {1'b0, out_count_q};
  always @(posedge clk_i) begin
    if (step_i) begin
      out_bank_q <= bank_q;
      out_addr_q <= addr_q;
      out_count_q <= count;
      out_last_q <= final_o;
      beyond_q <= (addr_q >= END_ADDR);
      edge_q <= (addr_q == LAST_ADDR);
    end
  end

  assign bank_o = out_bank_q;
  assign addr_o = out_addr_q;
  assign count_o = out_count_q;
  assign outside_o = beyond_q | (edge_q & (end_bank > BANKS));
  assign last_o = out_last_q;

  wire unused_ok = &{1'b0, bank_next[4], WORDS[4]};
endmodule
