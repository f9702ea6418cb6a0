// The types of lz4js, which brings none: the one function that is used.
declare module 'lz4js' {
  const lz4: { decompress(frame: Uint8Array): Uint8Array };
  export default lz4;
}
