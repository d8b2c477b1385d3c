import { requireReal } from '@levitate/testing';
import { tfjsNodeMissing } from '@levitate/tfjs-node';
import { beforeAll, expect, it } from 'vitest';
import { openTfjs } from './open-tfjs.ts';
import { describeParity } from './testing/parity.ts';
import type { TfjsEngine } from './tfjs-module.ts';

const real = requireReal('tfjs-node', () => tfjsNodeMissing() ?? true);

real.describe('parity with tfjs-node', () => {
  let engine: TfjsEngine;
  beforeAll(async () => {
    engine = await openTfjs('auto');
  });

  it('is what "auto" opens where it is built', () => {
    expect(engine.name).toBe('tfjs-node');
    expect(engine.tf.getBackend()).toBe('tensorflow');
  });

  describeParity(() => engine);
});
