// Full-throughput register slice: both directions are registered, one transfer a cycle, one cycle of latency.
module vg_skid #(
  parameter WIDTH = 8 // bits of the payload, >= 1
) (
  input  wire             clk_i,
  input  wire             rst_ni,
  input  wire             s_valid_i,
  output wire             s_ready_o,
  input  wire [WIDTH-1:0] s_data_i,
  output wire             m_valid_o,
  input  wire             m_ready_i,
  output wire [WIDTH-1:0] m_data_o
);
  reg valid_q, spare_valid_q;
  reg [WIDTH-1:0] data_q, spare_q; // the spare holds what arrived in the cycle in which the output stalled

  wire advance = m_ready_i | ~valid_q;
  wire take = s_valid_i & ~spare_valid_q;

  always @(posedge clk_i) begin
    if (advance) data_q <= spare_valid_q ? spare_q : s_data_i;
    if (take) spare_q <= s_data_i;
    if (!rst_ni) begin
      valid_q <= 1'b0;
      spare_valid_q <= 1'b0;
    end else if (advance) begin
      valid_q <= spare_valid_q | take;
      spare_valid_q <= 1'b0;
    end else if (take) begin
      spare_valid_q <= 1'b1;
    end
  end

  assign s_ready_o = ~spare_valid_q;
  assign m_valid_o = valid_q;
  assign m_data_o = data_q;
endmodule
