// Walks the beats of a weight, parameter or table load: words back to back, a fixed number of beats (slices) a word. Each
// step puts the next beat's place into the output registers, where it stays until the next step.
module vg_word_walker (
  input  wire        clk_i,
  input  wire        start_i,       // the first beat is next
  input  wire        step_i,        // output the next beat
  output wire        final_o,       // the next beat is the last
  input  wire [31:0] beats_i,       // 1..2^24
  input  wire [15:0] first_i,       // first word
  input  wire [7:0]  last_slice_i,  // beats per word, less 1; must hold until the last step
  output wire [15:0] word_o,
  output wire [7:0]  slice_o,
  output wire        last_o         // last beat
);
  reg [23:0] left_q; // beats left after this one
  reg [15:0] word_q;
  reg [7:0] slice_q;
  wire word_end = (slice_q == last_slice_i);

  always @(posedge clk_i) begin
    if (start_i) begin
      left_q <= beats_i[23:0] - 24'd1;
      word_q <= first_i;
      slice_q <= 8'd0;
    end else if (step_i) begin
      left_q <= left_q - 24'd1;
      slice_q <= word_end ? 8'd0 : slice_q + 8'd1;
      if (word_end) word_q <= word_q + 16'd1;
    end
  end

  assign final_o = (left_q == 24'd0);

  reg [15:0] out_word_q;
  reg [7:0] out_slice_q;
  reg out_last_q;
  always @(posedge clk_i) begin
    if (step_i) begin
      out_word_q <= word_q;
      out_slice_q <= slice_q;
      out_last_q <= final_o;
    end
  end

  assign word_o = out_word_q;
  assign slice_o = out_slice_q;
  assign last_o = out_last_q;

  wire unused_ok = &{1'b0, beats_i[31:24]};
endmodule
