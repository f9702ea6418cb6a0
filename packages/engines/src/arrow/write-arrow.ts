// A streamed result as the bytes of an Arrow file (Arrow IPC, also called Feather version 2), a batch at a time. A result
// without rows becomes a file with one batch of no rows: readers exist that can't open one without any batch.
/* oxlint-disable no-underscore-dangle -- so are the methods named through which the library's writer is extended */
import type { Nullable } from '@glovebox/language';
import type { ResultTable } from '../tables.js';
import { arrowLibrary, type Arrow } from './codecs.js';
import { columnBuilder } from './column-builder.js';
import { arrowField } from './column-types.js';

/** How many rows a batch has, but the last. */
const batchRows = 64_000;
/** Stands for the length of a buffer that compression would have made larger. */
const notCompressed = -1n;

/**
 * @yields the file in pieces; nothing before the first rows are there
 * @throws ProblemError `output-value` for a value outside the range or categories of its column
 */
export async function* arrowBytes(table: ResultTable): AsyncGenerator<Uint8Array> {
  const arrow = await arrowLibrary();
  const schema = new arrow.Schema(table.columns.map((column) => arrowField(column, arrow)));
  const builders = table.columns.map((column, at) => columnBuilder(column, schema.fields[at]!, batchRows, arrow));
  const struct = new arrow.Struct(schema.fields);
  const writer = pieces(arrow);
  let [length, batches] = [0, 0];
  const flush = function* (): Generator<Uint8Array> {
    const data = arrow.makeData({ type: struct, length, nullCount: 0, children: builders.map((b) => b.finish()) });
    writer.write(new arrow.RecordBatch(schema, data));
    length = 0;
    batches += 1;
    yield* writer.take();
  };
  for await (const rows of table.rows) {
    for (const row of rows) {
      appendRow(builders, row);
      length += 1;
      if (length === batchRows) yield* flush();
    }
  }
  if (length > 0 || batches === 0) yield* flush();
  writer.finish();
  yield* writer.take();
}

function appendRow(builders: readonly ReturnType<typeof columnBuilder>[], row: readonly Nullable[]): void {
  for (let at = 0; at < builders.length; at++) builders[at]!.append(row[at] ?? null);
}

/** The library's writer, whose pieces are taken away after each batch instead of piling up in a queue of its own. */
function pieces(arrow: Arrow) {
  class PieceWriter extends arrow.RecordBatchFileWriter {
    #pieces: Uint8Array[] = [];
    protected override _write(chunk: ArrayBufferView): this {
      if (chunk.byteLength === 0) return this;
      this.#pieces.push(new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength));
      this._position += chunk.byteLength;
      return this;
    }
    // Before each compressed buffer the format wants its length once decompressed; the library writes the compressed one.
    protected override _compressBodyBuffers(buffers: ArrayBufferView[]) {
      const compressed = super._compressBodyBuffers(buffers);
      for (const [at, { byteLength }] of buffers.entries()) {
        const prefix = compressed.buffers[2 * at]!;
        if (prefix.byteLength === 0) continue;
        const length = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
        if (length.getBigInt64(0, true) !== notCompressed) length.setBigInt64(0, BigInt(byteLength), true);
      }
      return compressed;
    }
    take(): readonly Uint8Array[] {
      const taken = this.#pieces;
      this.#pieces = [];
      return taken;
    }
  }
  return new PieceWriter({ compressionType: arrow.CompressionType.ZSTD });
}
