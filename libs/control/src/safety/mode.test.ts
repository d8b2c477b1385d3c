import { describe, expect, it } from 'vitest';
import { modePermits } from './mode.ts';

describe('modePermits', () => {
  it('lets only enforce change a target and only observe keep from deciding', () => {
    expect(modePermits('observe')).toEqual({ decide: false, change: false });
    expect(modePermits('recommend')).toEqual({ decide: true, change: false });
    expect(modePermits('enforce')).toEqual({ decide: true, change: true });
  });
});
