import { describe, expect, it } from 'vitest';
import { WasmMemory } from './wasm-memory.ts';
import { wasmModule } from './wasm-module.ts';
import { webAssembly } from './web-assembly.ts';

describe('WasmMemory', () => {
  it('gives zeros on cache lines that never overlap', () => {
    const memory = new WasmMemory();
    const arrays = [3, 0, 17, 1].map((length) => memory.allocate(length));
    for (const [index, array] of arrays.entries()) {
      expect(array.byteOffset % 64).toBe(0);
      expect(array.every((value) => value === 0)).toBe(true);
      array.fill(index + 1);
    }
    expect(arrays.map((array) => array.join())).toEqual([
      ...['1,1,1', '', Array(17).fill(3).join(), '4'],
    ]);
  });

  it('is laid out around what the modules keep in it', async () => {
    for (const variant of ['simd', 'relaxed-simd'] as const) {
      const memory = new WasmMemory();
      const module = await wasmModule(variant);
      const abort = () => {};
      new webAssembly.Instance(module, { env: { memory: memory.memory, abort } });
      const from = memory.allocate(1).byteOffset;
      const bytes = new Uint8Array(memory.memory.buffer);
      expect(bytes.subarray(64, from).some((value) => value !== 0)).toBe(true);
      expect(bytes.subarray(from).every((value) => value === 0)).toBe(true);
    }
  });

  it('arrays stay what they are when the memory grows', () => {
    const memory = new WasmMemory();
    const first = memory.allocate(4).fill(7);
    const large = memory.allocate(3_000_000);
    expect(large.length).toBe(3_000_000);
    expect([...first]).toEqual([7, 7, 7, 7]);
    const seen = new Float32Array(memory.memory.buffer, memory.address(first), 4);
    first[2] = 8;
    expect([...seen]).toEqual([7, 7, 8, 7]);
  });

  it('has no address for an array of somebody else', () => {
    expect(() => new WasmMemory().address(new Float32Array(4))).toThrow(/did not allocate/);
    expect(() => new WasmMemory().address(new WasmMemory().allocate(4))).toThrow(/allocate/);
  });

  it('refuses more than its bound, in words', () => {
    expect(() => new WasmMemory().allocate(2 ** 29)).toThrow(/32768 pages of 64 KiB \(2 GiB\)/);
  });
});
