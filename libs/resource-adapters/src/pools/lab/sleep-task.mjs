// Plain JavaScript, so that a worker starts in half the time.
const nobodyWakesIt = new Int32Array(new SharedArrayBuffer(4));

/**
 * Keeps its worker for so long, and uses no processor.
 * @param {number} ms
 */
export default function sleep(ms) {
  Atomics.wait(nobodyWakesIt, 0, 0, ms);
  return ms;
}
