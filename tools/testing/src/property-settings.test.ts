import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertySettings } from './property-settings.ts';

describe('propertySettings', () => {
  it('has a fixed seed, one that is named, or another each time', () => {
    const seedOf = (text?: string, draw?: () => number) =>
      propertySettings({ LEVITATE_PROPERTY_SEED: text }, draw).seed;
    expect(seedOf()).toBe(1);
    expect(seedOf('')).toBe(1);
    expect(seedOf('77')).toBe(77);
    expect(seedOf('random', () => 0.5)).toBe(0x3fff_ffff);
  });

  it.each(['soon', '-1', '1.5', '4294967296'])('refuses %s', (text) => {
    const settings = () => propertySettings({ LEVITATE_PROPERTY_SEED: text });
    expect(settings).toThrow(/LEVITATE_PROPERTY_SEED=.*"random" or a whole number/);
  });

  it('says on failure what fails and how to run it again', () => {
    const settings = propertySettings({ LEVITATE_PROPERTY_SEED: '5' });
    const failing = () =>
      fc.assert(
        fc.property(fc.nat(), (n) => n < 3),
        settings as object,
      );
    expect(failing).toThrow(/Counterexample: \[3\][\s\S]*LEVITATE_PROPERTY_SEED=5 npm test/);
  });
});

describe('a test file with properties', () => {
  it('draws the same values in every run', () => {
    const drawn: number[] = [];
    fc.assert(
      fc.property(fc.integer(), (value) => {
        drawn.push(value);
      }),
    );
    expect(fc.readConfigureGlobal()).toMatchObject({ seed: expect.any(Number) });
    const again: number[] = [];
    fc.assert(
      fc.property(fc.integer(), (value) => {
        again.push(value);
      }),
    );
    expect(again).toEqual(drawn);
  });
});
