/**
 * One 64 bit counter of a per-CPU value, all processors together.
 * @param at.value where the value of the first processor begins, and how many bytes all take
 * @param at.offset of the counter within the value of one processor
 */
export function sumOverCpus(
  bytes: Buffer,
  at: { value: { start: number; bytes: number }; strideBytes: number; offset: number },
): number {
  const { value, strideBytes, offset } = at;
  let total = 0;
  for (let cpu = value.start; cpu < value.start + value.bytes; cpu += strideBytes) {
    total += Number(bytes.readBigUInt64LE(cpu + offset));
  }
  return total;
}
