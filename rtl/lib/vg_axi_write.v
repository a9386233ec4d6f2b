// AXI4 write master. The client asks with (byte offset, beats) and then gives exactly that many beats, which must not depend
// on anything but time: addresses go out ahead of the data. After halt_i nothing new is announced; the beats still owed to
// announced bursts go out with strobes 0.
module vg_axi_write #(
  parameter AXI_BITS = 128,   // bus width: 64, 128, 256, 512
  parameter WRITE_BURST = 16  // longest burst in beats, power of two, at most 4096 bytes
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  halt_i,
  output wire                  idle_o,              // nothing on the bus
  output wire                  response_wait_o,     // a burst is complete but for its response
  input  wire [39:0]           memory_base_i,
  input  wire [31:0]           memory_size_i,
  // Request; ready is the answer: taken, or refused (outside the window or not aligned) when error.
  input  wire                  req_valid_i,
  output wire                  req_ready_o,
  output wire                  req_error_o,
  input  wire [31:0]           req_offset_i,        // bytes
  input  wire [31:0]           req_beats_i,
  input  wire                  data_valid_i,
  output wire                  data_ready_o,
  input  wire [AXI_BITS-1:0]   data_i,
  input  wire [AXI_BITS/8-1:0] strobe_i,
  // Responses, in order of the requests.
  output wire                  done_o,              // pulse: the last response of a request came, OKAY
  output wire                  error_o,             // pulse: a response was not OKAY
  output wire [1:0]            error_resp_o,
  // AXI
  output wire [39:0]           m_axi_awaddr_o,
  output wire [7:0]            m_axi_awlen_o,
  output wire [2:0]            m_axi_awsize_o,
  output wire [1:0]            m_axi_awburst_o,
  output wire                  m_axi_awvalid_o,
  input  wire                  m_axi_awready_i,
  output wire [AXI_BITS-1:0]   m_axi_wdata_o,
  output wire [AXI_BITS/8-1:0] m_axi_wstrb_o,
  output wire                  m_axi_wlast_o,
  output wire                  m_axi_wvalid_o,
  input  wire                  m_axi_wready_i,
  input  wire [1:0]            m_axi_bresp_i,
  input  wire                  m_axi_bvalid_i,
  output wire                  m_axi_bready_o
);
  localparam [31:0] BEAT_LOG2 = $clog2(AXI_BITS / 8);
  localparam OUTSTANDING = 8; // bursts announced and not answered

  wire burst_valid, burst_last;
  wire [39:0] burst_addr;
  wire [8:0] burst_beats;
  wire issue;
  vg_axi_split #(.AXI_BITS(AXI_BITS), .BURST(WRITE_BURST)) u_split (
    .clk_i(clk_i), .rst_ni(rst_ni), .halt_i(halt_i), .memory_base_i(memory_base_i), .memory_size_i(memory_size_i),
    .req_valid_i(req_valid_i), .req_ready_o(req_ready_o), .req_error_o(req_error_o),
    .req_offset_i(req_offset_i), .req_beats_i(req_beats_i),
    .burst_valid_o(burst_valid), .burst_ready_i(issue), .burst_addr_o(burst_addr),
    .burst_beats_o(burst_beats), .burst_last_o(burst_last)
  );

  // Address channel. A burst is announced when its address is put up; the data follows without waiting for awready.
  reg awvalid_q;
  reg [39:0] awaddr_q;
  reg [7:0] awlen_q;
  wire [8:0] length = burst_beats - 9'd1;
  wire length_ready, owed_ready;
  assign issue = burst_valid & (~awvalid_q | m_axi_awready_i) & length_ready & owed_ready & ~halt_i;

  always @(posedge clk_i) begin
    if (issue) begin
      awaddr_q <= burst_addr;
      awlen_q <= length[7:0];
    end
    if (!rst_ni) awvalid_q <= 1'b0;
    else awvalid_q <= issue | (awvalid_q & ~m_axi_awready_i);
  end

  assign m_axi_awaddr_o = awaddr_q;
  assign m_axi_awlen_o = awlen_q;
  assign m_axi_awsize_o = BEAT_LOG2[2:0];
  assign m_axi_awburst_o = 2'b01;
  assign m_axi_awvalid_o = awvalid_q;

  // Bursts whose data is owed (their lengths), and bursts whose response is owed (whether the request ends with it).
  wire length_valid, length_pop, owed_valid, owed_last, owed_pop;
  wire [7:0] length_head;
  wire [$clog2(OUTSTANDING+1)-1:0] length_count, owed_count;
  vg_fifo #(.WIDTH(8), .DEPTH(OUTSTANDING)) u_lengths (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(1'b0),
    .wr_valid_i(issue), .wr_ready_o(length_ready), .wr_data_i(length[7:0]),
    .rd_valid_o(length_valid), .rd_ready_i(length_pop), .rd_data_o(length_head), .count_o(length_count)
  );
  vg_fifo #(.WIDTH(1), .DEPTH(OUTSTANDING)) u_owed (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(1'b0),
    .wr_valid_i(issue), .wr_ready_o(owed_ready), .wr_data_i(burst_last),
    .rd_valid_o(owed_valid), .rd_ready_i(owed_pop), .rd_data_o(owed_last), .count_o(owed_count)
  );

  // Data channel.
  reg wvalid_q, wlast_q;
  reg [AXI_BITS-1:0] wdata_q;
  reg [AXI_BITS/8-1:0] wstrb_q;
  reg [7:0] position_q; // beat of the burst
  wire put = (~wvalid_q | m_axi_wready_i) & length_valid & (data_valid_i | halt_i);
  wire last = (position_q == length_head);
  assign length_pop = put & last;
  assign data_ready_o = (~wvalid_q | m_axi_wready_i) & length_valid & ~halt_i;

  always @(posedge clk_i) begin
    if (put) begin
      wdata_q <= data_i;
      wstrb_q <= halt_i ? {(AXI_BITS / 8){1'b0}} : strobe_i;
      wlast_q <= last;
    end
    if (!rst_ni) begin
      wvalid_q <= 1'b0;
      position_q <= 8'd0;
    end else begin
      wvalid_q <= put | (wvalid_q & ~m_axi_wready_i);
      if (put) position_q <= last ? 8'd0 : position_q + 8'd1;
    end
  end

  assign m_axi_wdata_o = wdata_q;
  assign m_axi_wstrb_o = wstrb_q;
  assign m_axi_wlast_o = wlast_q;
  assign m_axi_wvalid_o = wvalid_q;

  // Response channel.
  reg done_q, error_q;
  reg [1:0] resp_q;
  assign owed_pop = m_axi_bvalid_i;
  always @(posedge clk_i) begin
    resp_q <= m_axi_bresp_i;
    if (!rst_ni) begin
      done_q <= 1'b0;
      error_q <= 1'b0;
    end else begin
      done_q <= m_axi_bvalid_i & owed_valid & owed_last & (m_axi_bresp_i == 2'b00) & ~halt_i;
      error_q <= m_axi_bvalid_i & owed_valid & (m_axi_bresp_i != 2'b00) & ~halt_i;
    end
  end

  assign m_axi_bready_o = 1'b1;
  assign done_o = done_q;
  assign error_o = error_q;
  assign error_resp_o = resp_q;
  assign response_wait_o = (owed_count != length_count);
  assign idle_o = ~awvalid_q & ~wvalid_q & ~owed_valid;

  wire unused_ok = &{1'b0, length[8]};
endmodule
