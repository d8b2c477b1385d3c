import type { SeededRandom } from '@levitate/clock';

/** Starting weights, as Keras makes them; each by its own stream of a seed. */
type Initial = (random: SeededRandom) => Float32Array;

/** The same number everywhere. */
export function constant(length: number, value: number): Initial {
  return () => new Float32Array(length).fill(value);
}

/** Uniform within sqrt(6 / (inputs + outputs)) (Glorot and Bengio, AISTATS 2010). */
export function glorotUniform(inputs: number, outputs: number): Initial {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return (random) =>
    Float32Array.from({ length: inputs * outputs }, () => random.uniform(-limit, limit));
}

/**
 * A random matrix whose rows are orthonormal (Saxe et al., ICLR 2014), by Gram-Schmidt on normal
 * rows. @param columns at least `rows`
 */
export function orthogonalRows(rows: number, columns: number): Initial {
  return (random) => {
    const values = Float64Array.from({ length: rows * columns }, () => random.normal());
    for (let row = 0; row < rows; row++) {
      const own = values.subarray(row * columns, (row + 1) * columns);
      for (let before = 0; before < row; before++) {
        const other = values.subarray(before * columns, (before + 1) * columns);
        const along = dot(own, other);
        for (let i = 0; i < columns; i++) (own[i] as number) -= along * (other[i] as number);
      }
      const norm = Math.sqrt(dot(own, own));
      for (let i = 0; i < columns; i++) (own[i] as number) /= norm;
    }
    return Float32Array.from(values);
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
