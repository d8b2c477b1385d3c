import { describe, expect, it } from 'vitest';
import { KillSwitch } from './kill-switch.ts';

describe('KillSwitch', () => {
  it('lasts until resumed where no end was given', () => {
    const kill = new KillSwitch();
    expect(kill.pause({ nowMs: 0, reason: 'incident' })).toBe(true);
    expect(kill.current(1e15)).toEqual({ reason: 'incident', untilMs: undefined });
    kill.resume();
    expect(kill.current(1e15)).toBeUndefined();
  });

  it('ends by itself at its end', () => {
    const kill = new KillSwitch();
    kill.pause({ nowMs: 1_000, durationMs: 500, reason: 'x' });
    expect(kill.current(1_499)).toBeDefined();
    expect(kill.current(1_500)).toBeUndefined();
  });

  it('cuts a pause to one day and a negative one to nothing', () => {
    const kill = new KillSwitch();
    kill.pause({ nowMs: 0, durationMs: 1e12, reason: 'x' });
    expect(kill.current(0)?.untilMs).toBe(86_400_000);
    kill.pause({ nowMs: 0, durationMs: -5, reason: 'x' });
    expect(kill.current(0)).toBeUndefined();
  });

  it('says only the first time that it has just been thrown', () => {
    const kill = new KillSwitch();
    expect(kill.pause({ nowMs: 0, durationMs: 100, reason: 'x' })).toBe(true);
    expect(kill.pause({ nowMs: 50, durationMs: 100, reason: 'y' })).toBe(false);
    expect(kill.current(149)?.reason).toBe('y');
    expect(kill.pause({ nowMs: 150, durationMs: 100, reason: 'z' })).toBe(true);
  });

  it('survives a restart as a value', () => {
    const before = new KillSwitch();
    before.pause({ nowMs: 0, durationMs: 1_000, reason: 'x' });
    const after = new KillSwitch(before.current(10));
    expect(after.current(999)).toEqual(before.current(999));
    expect(after.current(1_000)).toBeUndefined();
  });
});
