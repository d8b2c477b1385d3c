import { describe, expect, it } from 'vitest';
import { autoNcp, type Wiring } from './auto-ncp.ts';

const OPTIONS = { inputs: 3, units: 19, outputs: 3, sparsity: 0.4, seed: 7 };

/** Synapses into each of `targets`, row by row. */
function into(matrix: Int8Array, target: number, { units }: Wiring): number {
  return matrix.reduce((sum, sign, index) => {
    return sum + (index % units === target ? Math.abs(sign) : 0);
  }, 0);
}

describe('autoNcp', () => {
  it('divides 19 neurons into 10 inter, 6 command and 3 motor as the reference does', () => {
    const { layers } = autoNcp(OPTIONS);
    expect(layers.map(({ length }) => length)).toEqual([10, 6, 3]);
    expect(layers[2]).toEqual([0, 1, 2]);
  });

  it('leaves no neuron without a synapse that reaches it, at any sparsity', () => {
    for (const sparsity of [0.1, 0.4, 0.9]) {
      const wiring = autoNcp({ ...OPTIONS, sparsity });
      const [inter = [], command = [], motor = []] = wiring.layers;
      for (const neuron of inter) expect(into(wiring.sensory, neuron, wiring)).toBeGreaterThan(0);
      for (const neuron of [...command, ...motor]) {
        expect(into(wiring.adjacency, neuron, wiring)).toBeGreaterThan(0);
      }
    }
  });

  it('connects inputs to inter, inter to command, command to command and motor only', () => {
    const { adjacency, sensory, layers, units } = autoNcp(OPTIONS);
    const layerOf = (neuron: number) => layers.findIndex((layer) => layer.includes(neuron));
    const allowed = ['0>1', '1>1', '1>2'];
    adjacency.forEach((sign, index) => {
      if (sign === 0) return;
      const way = `${layerOf(Math.floor(index / units))}>${layerOf(index % units)}`;
      expect(allowed).toContain(way);
    });
    sensory.forEach((sign, index) => {
      if (sign !== 0) expect(layerOf(index % units)).toBe(0);
    });
  });

  it('has fewer synapses the higher the sparsity', () => {
    const synapses = (sparsity: number) => {
      const { adjacency, sensory } = autoNcp({ ...OPTIONS, units: 40, sparsity });
      return [...adjacency, ...sensory].filter((sign) => sign !== 0).length;
    };
    expect(synapses(0.2)).toBeGreaterThan(synapses(0.5));
    expect(synapses(0.5)).toBeGreaterThan(synapses(0.8));
  });

  it('is the same for the same seed and another for another', () => {
    expect(autoNcp(OPTIONS)).toEqual(autoNcp(OPTIONS));
    expect(autoNcp({ ...OPTIONS, seed: 8 }).adjacency).not.toEqual(autoNcp(OPTIONS).adjacency);
  });

  it('refuses a sparsity that leaves nothing, and units that leave no inter neuron', () => {
    expect(() => autoNcp({ ...OPTIONS, sparsity: 0.95 })).toThrow(/0.1..0.9/);
    expect(() => autoNcp({ ...OPTIONS, units: 4 })).toThrow(/no inter neuron/);
  });
});
