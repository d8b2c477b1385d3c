// A task for each way in which one can go; only the last two are as they should be.

/** @param {{ kind: string, ms?: number, value?: unknown }} input */
export default async function odd({ kind, value }) {
  switch (kind) {
    case 'throws':
      throw new RangeError('no such thing');
    case 'throws nothing':
      throw undefined;
    case 'returns a function':
      return () => {};
    case 'exits':
      return process.exit(3);
    case 'fails later':
      setImmediate(() => {
        throw new Error('nobody caught this');
      });
      return await new Promise(() => {});
    case 'spins':
      for (;;) Math.random();
    case 'hangs':
      return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    case 'waits for word':
      Atomics.wait(/** @type {Int32Array} */ (value), 0, 0);
      return 'was told';
    default:
      return value;
  }
}
