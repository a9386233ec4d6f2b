import type { NetworkOptions } from "../options.ts";

/** One row of a table as the paper prints it, and the network that it is about. */
export interface PublishedRow {
  /** Name for `networkGraph`. */
  readonly network: string;
  readonly options: NetworkOptions;
  /** As printed, such as `55M`; absent where the table has none or cannot be read. */
  readonly madds?: string;
  readonly params?: string;
}

/** A table of the paper, as far as it counts MAdds or parameters. */
export interface PublishedTable {
  /** Number and part, such as `3a`. */
  readonly table: string;
  readonly title: string;
  readonly rows: readonly PublishedRow[];
  /** Parameters count the global pooling as a depthwise convolution, see `countParameters`. */
  readonly depthwisePool?: boolean;
  /** A multiplication and an addition count as two in this table's MAdds. */
  readonly countedTwice?: boolean;
  /** What of its networks the paper leaves open, and what we chose. */
  readonly note?: string;
}

/** Scale, MAdds, parameters; `-`: cannot be read. */
type Entry = readonly [scale: number, madds: string, params: string];

function row(network: string, options: NetworkOptions, madds: string, params = "-"): PublishedRow {
  return { network, options, ...(madds === "-" ? {} : { madds }), ...(params === "-" ? {} : { params }) };
}

function scaled(network: string, group: number | undefined, entries: readonly Entry[]): readonly PublishedRow[] {
  const size = group === undefined ? {} : { group };
  return entries.map(([scale, madds, params]) => row(network, { ...size, scale }, madds, params));
}

const quarters = (network: string, group: number, madds: readonly string[], params: readonly string[]) =>
  scaled(
    network,
    group,
    [0.25, 0.5, 0.75, 1].map((scale, i) => [scale, madds[i], params[i]] as const),
  );

const unetNote =
  "Fig. 3b is lost. Ours: a decoder that mirrors the encoder, in the backbone's own blocks; for VarGNet a sixth level " +
  "of stride 64. Inputs 384 x 1280 (KITTI's are about 375 x 1242, the paper names no size). The published figures " +
  "are halved: stereo costs ResNet 2.0 G more than depth, and its stem's 9408 further weights make 1.02 G MAdds at " +
  "188 x 621 positions, so a multiplication and an addition seem to count as two.";

const cityNote =
  "Fig. 3a is lost. Ours: encoder and decoder of the U-Net up to stride 4, and for each task one block and a 1x1 " +
  "convolution.";

/** Not every network has a scale: at 1 it is left out. */
const atScale = (scale: number): NetworkOptions => (scale === 1 ? {} : { scale });

/** Depth and stereo: name, scale, MAdds of Table 8, MAdds of Table 9, parameters of either. */
const unets: readonly (readonly [string, number, string, string, string, string])[] = [
  ["mobilenet-v2", 1, "36.8G", "37.0G", "7.6M", "7.6M"],
  ["mobilenet-v2", 0.5, "10.0G", "10.1G", "1.9M", "1.9M"],
  ["mobilenet-v2", 0.25, "2.9G", "2.9G", "539.2K", "539.5K"],
  ["resnet-18", 1, "203.4G", "205.4G", "30.6M", "30.6M"],
  ["resnet-50", 1, "247.5G", "249.5G", "46.7M", "46.7M"],
  ["vargnet-v1", 1, "36.0G", "36.1G", "13.2M", "13.2M"],
  ["vargnet-v1", 0.5, "12.8G", "12.9G", "3.8M", "3.8M"],
  ["vargnet-v1", 0.25, "5.1G", "5.1G", "1.2M", "1.2M"],
  ["vargnet-v2", 1, "20.0G", "20.7G", "7.4M", "7.4M"],
  ["vargnet-v2", 0.5, "7.7G", "8.0G", "2.2M", "2.2M"],
  ["vargnet-v2", 0.25, "3.3G", "3.4G", "788.1K", "790.2K"],
];

/** The tables of the VarGNet paper that count MAdds or parameters, in its order. K is 2^10, M 2^20, G 2^30. */
export const publishedTables: readonly PublishedTable[] = [
  {
    table: "3a",
    title: "VarGNet v1 on ImageNet, G = 4",
    depthwisePool: true,
    rows: quarters("vargnet-v1", 4, ["55M", "157M", "309M", "509M"], ["1.44M", "2.23M", "3.43M", "5.02M"]),
  },
  {
    table: "3b",
    title: "VarGNet v1 on ImageNet, G = 8",
    depthwisePool: true,
    rows: quarters("vargnet-v1", 8, ["75M", "198M", "370M", "590M"], ["1.5M", "2.37M", "-", "5.33M"]),
  },
  {
    table: "3c",
    title: "Comparison: MobileNet v1",
    depthwisePool: true,
    rows: scaled("mobilenet-v1", undefined, [
      [0.35, "72M", "0.7M"],
      [0.6, "201M", "1.7M"],
      [0.85, "394M", "3.1M"],
      [1, "542M", "4.1M"],
      [1.05, "594M", "4.4M"],
      [1.3, "903M", "6.4M"],
      [1.5, "1.17G", "8.3M"],
    ]),
  },
  {
    table: "4a",
    title: "VarGNet v2 on ImageNet, G = 4",
    depthwisePool: true,
    rows: quarters("vargnet-v2", 4, ["35M", "92M", "173M", "278M"], ["1.27M", "1.72M", "2.35M", "3.19M"]),
  },
  {
    table: "4b",
    title: "VarGNet v2 on ImageNet, G = 8",
    depthwisePool: true,
    rows: quarters("vargnet-v2", 8, ["51M", "124M", "222M", "343M"], ["1.35M", "-", "2.58M", "3.49M"]),
  },
  {
    table: "4c",
    title: "Comparison: ShuffleNet v2",
    depthwisePool: true,
    rows: scaled("shufflenet-v2", undefined, [
      [0.25, "51M", "1.47M"],
      [0.5, "123M", "2.1M"],
      [0.75, "223M", "2.92M"],
      [1, "342M", "3.87M"],
      [1.25, "494M", "6.63M"],
      [1.5, "666M", "8.06M"],
      [1.75, "863M", "9.68M"],
    ]),
  },
  {
    table: "5",
    title: "Object detection on COCO, FPN-based Faster R-CNN",
    note:
      "The paper gives no details of its FPN. Ours: 128 channels, dense 3x3 smoothing, 1x1 proposals; no box head. " +
      "Inputs 800 x 1344 (800 x 1333 padded to a multiple of 32). ShuffleNet v2 with its own paper's 116 channels.",
    rows: [
      row("mobilenet-v1-detection", {}, "24.15G"),
      row("mobilenet-v2-detection", {}, "18.71G"),
      row("shufflenet-v1-detection", {}, "15.31G"),
      row("shufflenet-v2-detection", {}, "15.55G"),
      row("vargnet-v1-detection", {}, "24.91G"),
      row("vargnet-v2-detection", { scale: 0.5 }, "14.98G"),
      row("vargnet-v2-detection", {}, "19.61G"),
    ],
  },
  {
    table: "6",
    title: "Segmentation of 640 x 360 images (Cityscapes)",
    note: `${cityNote} Inputs 384 x 640 (360 padded to a multiple of 64).`,
    rows: [
      row("mobilenet-v2-segmentation", {}, "6.82G", "7.64M"),
      row("vargnet-v1-segmentation", {}, "6.16G", "13.23M"),
      row("vargnet-v2-segmentation", {}, "2.76G", "7.41M"),
    ],
  },
  {
    table: "7c",
    title: "Panoptic segmentation of 2048 x 1024 images (Cityscapes)",
    countedTwice: true,
    note: `${cityNote} The published figures are halved, as in Tables 8 and 9.`,
    rows: [row("vargnet-v1-panoptic", {}, "104G"), row("vargnet-v2-panoptic", {}, "68G")],
  },
  {
    table: "7d",
    title: "Panoptic segmentation and depth of 2048 x 1024 images (Cityscapes)",
    countedTwice: true,
    note: "As in Table 7c, with a third head.",
    rows: [row("vargnet-v1-parsing", {}, "109G"), row("vargnet-v2-parsing", {}, "70G")],
  },
  {
    table: "8",
    title: "Depth from one image (KITTI)",
    countedTwice: true,
    note: unetNote,
    rows: unets.map(([name, scale, depth, , params]) => row(`${name}-depth`, atScale(scale), depth, params)),
  },
  {
    table: "9",
    title: "Stereo (KITTI)",
    countedTwice: true,
    note: "As in Table 8, with both images' channels at the input.",
    rows: unets.map(([name, scale, , stereo, , params]) => row(`${name}-stereo`, atScale(scale), stereo, params)),
  },
  {
    table: "10",
    title: "Face recognition, 112 x 112",
    rows: [
      row("mobilenet-v1-face", {}, "554M"),
      row("mobilenet-v2-face", {}, "313M"),
      row("vargnet-v1-face", {}, "603M"),
      row("vargnet-v2-face", {}, "355M"),
    ],
  },
];
