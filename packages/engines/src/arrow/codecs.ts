// The Arrow library with both compressions of the format. Loaded when the first Arrow file is met and not before: it is
// large, and most commands have no use for it.
import type * as Library from 'apache-arrow';

export type Arrow = typeof Library;

/** As fast as writing plain bytes, and within a few percent of the slower levels for columns of numbers. */
const zstdLevel = 1;

let loading: Promise<Arrow> | undefined;

export function arrowLibrary(): Promise<Arrow> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Arrow> {
  const [arrow, zstd, lz4] = await Promise.all([import('apache-arrow'), import('@bokuweb/zstd-wasm'), import('lz4js')]);
  await zstd.init();
  const { compressionRegistry, CompressionType } = arrow;
  compressionRegistry.set(CompressionType.ZSTD, {
    encode: (bytes) => zstd.compress(bytes, zstdLevel),
    decode: (bytes) => zstd.decompress(bytes),
  });
  // Never written here; it is what R writes by default.
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (bytes) => lz4.default.decompress(bytes) });
  return arrow;
}
