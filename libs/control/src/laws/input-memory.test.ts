import { describe, expect, it } from 'vitest';
import { InputMemory } from './input-memory.ts';

describe('InputMemory', () => {
  it('gives back what it was told, less the size, and what was not measured as such', () => {
    const memory = new InputMemory(4);
    memory.push({ nowMs: 5, intervalMs: 100, size: 9, need: 3, announced: true });
    memory.push({ nowMs: 6, intervalMs: 100, size: 9, need: undefined, delayS: 0.5, dropped: 2 });
    expect(memory.at(0)).toEqual({
      nowMs: 5,
      intervalMs: 100,
      need: 3,
      dropped: undefined,
      delayS: undefined,
      announced: true,
    });
    expect(memory.at(1)).toMatchObject({ need: undefined, delayS: 0.5, dropped: 2 });
  });

  it('keeps the newest', () => {
    const memory = new InputMemory(3);
    for (let tick = 0; tick < 8; tick++) {
      memory.push({ nowMs: tick, intervalMs: 100, size: 1, need: tick });
      expect(memory.isFull).toBe(tick >= 2);
    }
    expect([memory.start, memory.end]).toEqual([5, 8]);
    expect([5, 6, 7].map((index) => memory.at(index).need)).toEqual([5, 6, 7]);
  });
});
