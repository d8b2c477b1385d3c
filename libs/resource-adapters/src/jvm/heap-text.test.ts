import { describe, expect, it } from 'vitest';
import { parseFlags, parseHeapInfo } from './heap-text.ts';

const metaspace = ' Metaspace       used 134K, committed 384K, reserved 1114112K\n';
const kib = 1024;
const mib = 1024 * kib;

describe('GC.heap_info', () => {
  it.each([
    [
      'ZGC',
      ` ZHeap           used 48M, capacity 230M, max capacity 512M\n${metaspace}`,
      { collector: 'z', usedBytes: 48 * mib, committedBytes: 230 * mib },
    ],
    [
      'Shenandoah',
      `Shenandoah Heap\n 512M max, 512M soft max, 147M committed, 40238K used\n${metaspace}`,
      { collector: 'shenandoah', usedBytes: 40_238 * kib, committedBytes: 147 * mib },
    ],
    [
      'G1',
      ` garbage-first heap   total 67584K, used 45836K [0x0, 0x1)\n  region size 1024K, 30 young\n`,
      { collector: 'g1', usedBytes: 45_836 * kib, committedBytes: 67_584 * kib },
    ],
    [
      'G1 of JDK 24',
      ' garbage-first heap   total reserved 512000K, committed 65536K, used 1000K [0x0, 0x1)\n',
      { collector: 'g1', usedBytes: 1_000 * kib, committedBytes: 65_536 * kib },
    ],
    [
      'Parallel, as the sum of its generations',
      ' PSYoungGen      total 136704K, used 48248K [0x0, 0x1, 0x2)\n' +
        '  eden space 130048K, 31% used [0x0,0x1,0x2)\n' +
        ` ParOldGen       total 44032K, used 11625K [0x0, 0x1, 0x2)\n${metaspace}`,
      { collector: 'parallel', usedBytes: 59_873 * kib, committedBytes: 180_736 * kib },
    ],
    [
      'Serial',
      ' def new generation   total 19648K, used 5487K [0x0, 0x1, 0x2)\n' +
        ' tenured generation   total 43712K, used 17818K [0x0, 0x1, 0x2)\n',
      { collector: 'serial', usedBytes: 23_305 * kib, committedBytes: 63_360 * kib },
    ],
  ])('of %s is read', (_, text, expected) => {
    expect(parseHeapInfo(text)).toEqual(expected);
  });

  it.each(['', 'Epsilon Heap\n used 1M', ' ZHeap used much', 'x'.repeat(5_000)])(
    'of nobody is garbage: %.20s',
    (text) => {
      expect(() => parseHeapInfo(text)).toThrowError(expect.objectContaining({ code: 'garbage' }));
    },
  );
});

describe('VM.flags', () => {
  it('is read in its short form and in its long one', () => {
    expect(
      parseFlags('-XX:MaxHeapSize=536870912 -XX:SoftMaxHeapSize=104857600 -XX:+UseZGC'),
    ).toEqual({ maxBytes: 536_870_912, flags: { SoftMaxHeapSize: 104_857_600 } });
    const long =
      '  uintx MaxHeapFreeRatio                         = 70          {manageable} {default}\n' +
      ' size_t MaxHeapSize                              = 536870912      {product} {ergonomic}\n' +
      '  uintx MinHeapFreeRatio                         = 40          {manageable} {default}\n';
    expect(parseFlags(long)).toEqual({
      maxBytes: 536_870_912,
      flags: { MinHeapFreeRatio: 40, MaxHeapFreeRatio: 70 },
    });
  });
});
