import type { LayerSpec, NetworkSpec } from './network-spec.ts';

/** The most units, heads or steps that one number of a spec may ask for. */
const sizeMax = 4096;

/** @throws RangeError for a spec that describes no network, with the number and the limit */
export function checkSpec({ steps, features, layers }: NetworkSpec): void {
  checkSize('steps', steps);
  checkSize('features', features);
  if (layers.length === 0 || layers.length > 64) {
    throw new RangeError(`a network has 1 to 64 layers, not ${layers.length}`);
  }
  for (const [index, layer] of layers.entries()) checkLayer(layer, `layer ${index}`);
}

/** @throws RangeError where one of the first `length` values is NaN or infinite */
export function checkFinite(values: Float32Array, length: number, what: string): void {
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`number ${i} of the ${what} is ${values[i]}, not a finite number`);
    }
  }
}

function checkLayer(layer: LayerSpec, where: string): void {
  if ('units' in layer) checkSize(`${where}: units`, layer.units);
  if ('heads' in layer) {
    checkSize(`${where}: heads`, layer.heads);
    checkSize(`${where}: feedForward`, layer.feedForward);
    checkRate(`${where}: dropout`, layer.dropout);
  }
  if ('rate' in layer) checkRate(`${where}: rate`, layer.rate);
}

function checkSize(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1 || value > sizeMax) {
    throw new RangeError(`${what} is ${value}, not a whole number from 1 to ${sizeMax}`);
  }
}

function checkRate(what: string, value: number): void {
  if (!(value >= 0 && value <= 0.99)) throw new RangeError(`${what} is ${value}, not 0 to 0.99`);
}
