import koffi from 'koffi';

const CLOCK_REALTIME = 0;
const timespec = new BigInt64Array(new SharedArrayBuffer(16));
const clockGettime = koffi.load(null).func('int clock_gettime(int clock, void *timespec)');

/**
 * The clock that the kernel stamps arrivals with, Unix milliseconds with all its digits (`Date`
 * has whole milliseconds, `performance` runs on a clock that is not slewed).
 */
export function unixMs(): number {
  clockGettime(CLOCK_REALTIME, timespec);
  return Number(timespec[0]) * 1e3 + Number(timespec[1]) / 1e6;
}
