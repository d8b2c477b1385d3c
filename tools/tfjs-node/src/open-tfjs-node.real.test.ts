import { requireReal } from '@levitate/testing';
import { expect, it } from 'vitest';
import { tfjsNodeMissing } from './install-folder.ts';
import { openTfjsNode } from './open-tfjs-node.ts';

interface Tensor {
  matMul(other: Tensor): Tensor;
  arraySync(): unknown;
}
interface Tfjs {
  getBackend(): string;
  tensor(values: unknown): Tensor;
}

const real = requireReal('tfjs-node', () => tfjsNodeMissing() ?? true);

real.describe('tfjs-node as built here', () => {
  const tf = openTfjsNode() as Tfjs;

  it('computes on libtensorflow, not on plain JavaScript', () => {
    expect(tf.getBackend()).toBe('tensorflow');
    const square = tf.tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(square.matMul(square).arraySync()).toEqual([
      [7, 10],
      [15, 22],
    ]);
  });

  it('carries strings in place (22 bytes) and on the heap (23 and more)', () => {
    const texts = ['', 'a'.repeat(22), 'b'.repeat(23), 'é'.repeat(40)];
    expect(tf.tensor(texts).arraySync()).toEqual(texts);
  });
});

it('says what to do where it is not built', () => {
  expect(() => openTfjsNode('no-such-folder')).toThrow(
    expect.objectContaining({
      code: 'NOT_BUILT',
      next: expect.stringMatching(/npm run tfjs-node/),
    }),
  );
});
