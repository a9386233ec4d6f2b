import { group, percent } from "../report-text.ts";

export { group, percent };

/** Bytes in decimal units: `12.4 MB`. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** power).toPrecision(3)} ${units[power]}`;
}

/** Bytes of a memory on chip: `224 KiB`. */
export function kib(bytes: number): string {
  return `${group(Math.round(bytes / 102.4) / 10)} KiB`;
}

/** A count that may have a fraction: thousands separated, rounded. */
export function whole(count: number): string {
  return group(Math.round(count));
}

/** Images a second with three significant digits at least. */
export function rate(value: number): string {
  return value < 100 ? value.toPrecision(3) : group(Math.round(value * 10) / 10);
}
