/** A heartbeat as examples/ecg reports it: WIT's `record beat { at: u32, interval: u16, height: s16 }`. */
export interface Beat {
  /** Index of the sample at the R peak. */
  readonly at: number;
  /** Samples since the beat before; 0 for the first. */
  readonly interval: number;
  /** Height after the filter, in ADC counts. */
  readonly height: number;
}

const BEAT_BYTE_LENGTH = 8;

/** Beats from their canonical layout, as a host's sink receives them or a raw file holds them. */
export function decodeBeats(bytes: Uint8Array): Beat[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / BEAT_BYTE_LENGTH }, (_, index) => {
    const offset = index * BEAT_BYTE_LENGTH;
    return {
      at: view.getUint32(offset, true),
      interval: view.getUint16(offset + 4, true),
      height: view.getInt16(offset + 6, true),
    };
  });
}
