// AXI4 read master with two clients, command fetch before load. A client asks for (byte offset, beats) and gets its beats
// in order; bursts of both may be in flight together. After halt_i nothing new is issued and what still comes is discarded.
module vg_axi_read #(
  parameter AXI_BITS = 128,        // bus width: 64, 128, 256, 512
  parameter READ_BURST = 16,       // longest burst in beats, power of two, at most 4096 bytes
  parameter READ_OUTSTANDING = 16  // bursts in flight, >= 1
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire                halt_i,
  output wire                idle_o,             // nothing on the bus
  input  wire [39:0]         memory_base_i,
  input  wire [31:0]         memory_size_i,
  // Requests; ready is the answer: taken, or refused (outside the window or not aligned) when error.
  input  wire                fetch_req_valid_i,
  output wire                fetch_req_ready_o,
  output wire                fetch_req_error_o,
  input  wire [31:0]         fetch_req_offset_i, // bytes
  input  wire [31:0]         fetch_req_beats_i,
  input  wire                load_req_valid_i,
  output wire                load_req_ready_o,
  output wire                load_req_error_o,
  input  wire [31:0]         load_req_offset_i,
  input  wire [31:0]         load_req_beats_i,
  // Beats; data and error are shared.
  output wire                fetch_valid_o,
  input  wire                fetch_ready_i,
  output wire                load_valid_o,
  input  wire                load_ready_i,
  output wire [AXI_BITS-1:0] data_o,
  output wire                data_error_o,       // the response was not OKAY
  output wire [1:0]          data_resp_o,
  // AXI
  output wire [39:0]         m_axi_araddr_o,
  output wire [7:0]          m_axi_arlen_o,
  output wire [2:0]          m_axi_arsize_o,
  output wire [1:0]          m_axi_arburst_o,
  output wire                m_axi_arvalid_o,
  input  wire                m_axi_arready_i,
  input  wire [AXI_BITS-1:0] m_axi_rdata_i,
  input  wire [1:0]          m_axi_rresp_i,
  input  wire                m_axi_rlast_i,
  input  wire                m_axi_rvalid_i,
  output wire                m_axi_rready_o
);
  localparam [31:0] BEAT_LOG2 = $clog2(AXI_BITS / 8);
  localparam FETCH = 1'b0, LOAD = 1'b1;

  wire fetch_burst_valid, load_burst_valid, fetch_burst_ready, load_burst_ready;
  wire [39:0] fetch_addr, load_addr;
  wire [8:0] fetch_beats, load_beats;
  wire fetch_burst_last, load_burst_last;

  vg_axi_split #(.AXI_BITS(AXI_BITS), .BURST(READ_BURST)) u_fetch_split (
    .clk_i(clk_i), .rst_ni(rst_ni), .halt_i(halt_i), .memory_base_i(memory_base_i), .memory_size_i(memory_size_i),
    .req_valid_i(fetch_req_valid_i), .req_ready_o(fetch_req_ready_o), .req_error_o(fetch_req_error_o),
    .req_offset_i(fetch_req_offset_i), .req_beats_i(fetch_req_beats_i),
    .burst_valid_o(fetch_burst_valid), .burst_ready_i(fetch_burst_ready), .burst_addr_o(fetch_addr),
    .burst_beats_o(fetch_beats), .burst_last_o(fetch_burst_last)
  );
  vg_axi_split #(.AXI_BITS(AXI_BITS), .BURST(READ_BURST)) u_load_split (
    .clk_i(clk_i), .rst_ni(rst_ni), .halt_i(halt_i), .memory_base_i(memory_base_i), .memory_size_i(memory_size_i),
    .req_valid_i(load_req_valid_i), .req_ready_o(load_req_ready_o), .req_error_o(load_req_error_o),
    .req_offset_i(load_req_offset_i), .req_beats_i(load_req_beats_i),
    .burst_valid_o(load_burst_valid), .burst_ready_i(load_burst_ready), .burst_addr_o(load_addr),
    .burst_beats_o(load_beats), .burst_last_o(load_burst_last)
  );

  // Address channel, and whose burst comes back when.
  reg arvalid_q;
  reg [39:0] araddr_q;
  reg [7:0] arlen_q;
  wire tag_ready, tag_valid, tag, tag_pop;
  wire can_issue = (~arvalid_q | m_axi_arready_i) & tag_ready & ~halt_i;
  assign fetch_burst_ready = can_issue;
  assign load_burst_ready = can_issue & ~fetch_burst_valid;
  wire issue = can_issue & (fetch_burst_valid | load_burst_valid);
  wire [8:0] beats = fetch_burst_valid ? fetch_beats : load_beats;
  wire [8:0] length = beats - 9'd1;

  always @(posedge clk_i) begin
    if (issue) begin
      araddr_q <= fetch_burst_valid ? fetch_addr : load_addr;
      arlen_q <= length[7:0];
    end
    if (!rst_ni) arvalid_q <= 1'b0;
    else arvalid_q <= issue | (arvalid_q & ~m_axi_arready_i);
  end

  assign m_axi_araddr_o = araddr_q;
  assign m_axi_arlen_o = arlen_q;
  assign m_axi_arsize_o = BEAT_LOG2[2:0];
  assign m_axi_arburst_o = 2'b01;
  assign m_axi_arvalid_o = arvalid_q;

  wire [$clog2(READ_OUTSTANDING+1)-1:0] tag_count;
  vg_fifo #(.WIDTH(1), .DEPTH(READ_OUTSTANDING)) u_tags (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(1'b0),
    .wr_valid_i(issue), .wr_ready_o(tag_ready), .wr_data_i(fetch_burst_valid ? FETCH : LOAD),
    .rd_valid_o(tag_valid), .rd_ready_i(tag_pop), .rd_data_o(tag), .count_o(tag_count)
  );

  // Data channel.
  wire beat_valid, beat_last;
  wire [1:0] beat_resp;
  wire beat_ready = halt_i | ~tag_valid | ((tag == LOAD) ? load_ready_i : fetch_ready_i);
  vg_skid #(.WIDTH(AXI_BITS + 3)) u_data (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .s_valid_i(m_axi_rvalid_i), .s_ready_o(m_axi_rready_o), .s_data_i({m_axi_rlast_i, m_axi_rresp_i, m_axi_rdata_i}),
    .m_valid_o(beat_valid), .m_ready_i(beat_ready), .m_data_o({beat_last, beat_resp, data_o})
  );
  assign tag_pop = beat_valid & beat_ready & beat_last;
  assign fetch_valid_o = beat_valid & tag_valid & (tag == FETCH) & ~halt_i;
  assign load_valid_o = beat_valid & tag_valid & (tag == LOAD) & ~halt_i;
  assign data_error_o = (beat_resp != 2'b00);
  assign data_resp_o = beat_resp;

  assign idle_o = ~arvalid_q & ~tag_valid;

  wire unused_ok = &{1'b0, fetch_burst_last, load_burst_last, tag_count, length[8]};
endmodule
