// The multiply-accumulate array: P pixels x M output channels, each a dot product over G lanes a cycle.
// Accumulators are double-buffered: with last_i the finished sums move to the drain buffer, which holds them until
// the next tile finishes, while the next tile (first_i) accumulates; without first_i the finished sums go on. LATENCY 3
// cycles from the operands to the buffer.
module vg_array #(
  parameter G = 8, // lanes
  parameter M = 8, // output channels
  parameter P = 7, // pixels
  parameter R = 2  // channels read at once from the drain buffer, divides M
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  input  wire               valid_i,
  input  wire               first_i,  // first beat of a tile
  input  wire               last_i,   // last beat of a tile
  input  wire [8*G*P-1:0]   act_i,    // [pixel][lane], int8
  input  wire [8*G*M-1:0]   weight_i, // [channel][lane], int8
  output wire               captured_o, // the drain buffer holds a new tile from this cycle on
  input  wire [7:0]         step_i,   // drain step: channels step*R ..
  output wire [28*R*P-1:0]  sums_o    // [channel of the step][pixel], signed
);
  // Operands are sign-extended once, and sums live in unpacked arrays: the style that simulates fastest.
  reg signed [31:0] act_q [0:G*P-1];
  reg signed [31:0] weight_q [0:G*M-1];
  reg signed [27:0] dot_q [0:M*P-1];
  reg signed [27:0] acc_q [0:M*P-1];
  reg signed [27:0] done_q [0:M*P-1];
  reg valid1_q, first1_q, last1_q, valid2_q, first2_q, last2_q, captured_q;

  genvar i, m, p;
  generate
    for (i = 0; i < G*P; i = i + 1) begin : g_act
      always @(posedge clk_i) if (valid_i) act_q[i] <= {{24{act_i[8*i+7]}}, act_i[8*i +: 8]};
    end
    for (i = 0; i < G*M; i = i + 1) begin : g_weight
      always @(posedge clk_i) if (valid_i) weight_q[i] <= {{24{weight_i[8*i+7]}}, weight_i[8*i +: 8]};
    end
    for (m = 0; m < M; m = m + 1) begin : g_channel
      for (p = 0; p < P; p = p + 1) begin : g_pixel
        reg signed [31:0] dot;
        reg signed [27:0] next;
        integer g;
        always @(posedge clk_i) begin
          if (valid1_q) begin
            dot = 0;
            for (g = 0; g < G; g = g + 1) dot = dot + act_q[p*G+g] * weight_q[m*G+g];
            dot_q[m*P+p] <= dot[27:0];
          end
          if (valid2_q) begin
            next = dot_q[m*P+p] + (first2_q ? 28'sd0 : acc_q[m*P+p]);
            acc_q[m*P+p] <= next;
            if (last2_q) done_q[m*P+p] <= next;
          end
        end
      end
    end
  endgenerate

  always @(posedge clk_i) begin
    first1_q <= first_i;
    last1_q <= last_i;
    first2_q <= first1_q;
    last2_q <= last1_q;
    if (!rst_ni) begin
      valid1_q <= 1'b0;
      valid2_q <= 1'b0;
      captured_q <= 1'b0;
    end else begin
      valid1_q <= valid_i;
      valid2_q <= valid1_q;
      captured_q <= valid2_q & last2_q;
    end
  end
  assign captured_o = captured_q;

  genvar c;
  generate
    for (c = 0; c < R*P; c = c + 1) begin : g_out
      localparam CHANNEL = c / P;
      localparam PIXEL = c % P;
      reg [27:0] sum;
      integer j;
      always @* begin
        sum = done_q[CHANNEL*P + PIXEL];
        for (j = 1; j < M / R; j = j + 1)
          if (step_i == j[7:0]) sum = done_q[(j*R + CHANNEL)*P + PIXEL];
      end
      assign sums_o[28*c +: 28] = sum;
    end
  endgenerate
endmodule
