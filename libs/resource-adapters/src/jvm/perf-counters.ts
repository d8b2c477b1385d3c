import { JvmError } from './jvm-error.ts';

const magic = 0xcafec0c0;
const headerBytes = 32;
const entryBytes = 20;
/** A JVM has about 250; more than this is no such file. */
const countersMax = 10_000;

/**
 * The counters that HotSpot keeps in `hsperfdata_<user>/<pid>`, format 2.0 (`perfMemory.hpp` and
 * `PerfDataBuffer.java` of OpenJDK): what `jstat` shows, for the price of reading 32 KiB.
 * @returns numbers and texts by name
 * @throws {JvmError} `garbage`
 */
export function parsePerfCounters(file: Buffer): Map<string, number | string> {
  if (file.length < headerBytes || file.readUInt32BE(0) !== magic) {
    throw new JvmError('garbage', 'not a file of performance counters of HotSpot');
  }
  const isLittle = file[4] === 1;
  const int = (at: number) => (isLittle ? file.readInt32LE(at) : file.readInt32BE(at));
  const long = (at: number) => (isLittle ? file.readBigInt64LE(at) : file.readBigInt64BE(at));
  const counters = new Map<string, number | string>();
  try {
    const count = Math.min(int(28), countersMax);
    let at = int(24);
    for (let n = 0; n < count; n++) {
      const length = int(at);
      // The JVM may be adding one at this moment: what is not whole yet comes with the next look.
      if (length < entryBytes) break;
      const name = textAt(file, at + int(at + 4));
      const vectorLength = int(at + 8);
      const type = String.fromCharCode(file[at + 12] ?? 0);
      const dataAt = at + int(at + 16);
      if (type === 'J' && vectorLength === 0) counters.set(name, Number(long(dataAt)));
      if (type === 'B' && vectorLength > 0) {
        counters.set(name, textAt(file.subarray(0, dataAt + vectorLength), dataAt));
      }
      at += length;
    }
  } catch (cause) {
    const text = 'a file of performance counters ends in the middle of one';
    throw new JvmError('garbage', text, { cause });
  }
  return counters;
}

function textAt(file: Buffer, from: number): string {
  const end = file.indexOf(0, from);
  return file.toString('utf8', from, end < 0 ? file.length : end);
}
