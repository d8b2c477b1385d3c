import { erf } from './erf.ts';
import { sigmoid } from './sigmoid.ts';

/** Activations of the layers before the heads, by the names of the reference package. */
export const backboneActivations = [
  'lecun_tanh',
  'tanh',
  'relu',
  'silu',
  'gelu',
  'sigmoid',
  'linear',
] as const;

/** @see backboneActivations */
export type BackboneActivation = (typeof backboneActivations)[number];

/** A function and its slope at the same point. */
export interface ActivationFunction {
  value(u: number): number;
  slope(u: number): number;
}

/** LeCun et al. 1998, "Efficient BackProp", as the reference package rounds its constants. */
const LECUN_SCALE = 1.7159;
const LECUN_STEEPNESS = 0.666;

/** The functions. GELU is the exact one (Hendrycks and Gimpel 2016), not the tanh approximation. */
export const activationOf: Readonly<Record<BackboneActivation, ActivationFunction>> = {
  lecun_tanh: {
    value: (u) => LECUN_SCALE * Math.tanh(LECUN_STEEPNESS * u),
    slope: (u) => LECUN_SCALE * LECUN_STEEPNESS * (1 - Math.tanh(LECUN_STEEPNESS * u) ** 2),
  },
  tanh: { value: Math.tanh, slope: (u) => 1 - Math.tanh(u) ** 2 },
  relu: { value: (u) => Math.max(0, u), slope: (u) => (u > 0 ? 1 : 0) },
  silu: {
    value: (u) => u * sigmoid(u),
    slope: (u) => sigmoid(u) * (1 + u * (1 - sigmoid(u))),
  },
  gelu: {
    value: (u) => u * normalBelow(u),
    slope: (u) => normalBelow(u) + (u * Math.exp(-0.5 * u * u)) / Math.sqrt(2 * Math.PI),
  },
  sigmoid: { value: sigmoid, slope: (u) => sigmoid(u) * (1 - sigmoid(u)) },
  linear: { value: (u) => u, slope: () => 1 },
};

function normalBelow(u: number): number {
  return 0.5 * (1 + erf(u / Math.SQRT2));
}
