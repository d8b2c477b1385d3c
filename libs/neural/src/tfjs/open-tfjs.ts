import { createRequire } from 'node:module';
import { openTfjsNode, tfjsNodeMissing } from '@levitate/tfjs-node';
import type { Tfjs, TfjsEngine, TfjsEngineName } from './tfjs-module.ts';

const require = createRequire(import.meta.url);

/** Names of the engines in tfjs itself. */
const backends = { 'tfjs-node': 'tensorflow', 'tfjs-wasm': 'wasm', 'tfjs-cpu': 'cpu' } as const;

/**
 * Opens tfjs: `auto` takes tfjs-node where `npm run tfjs-node` built it, else plain tfjs on its
 * WebAssembly. Plain tfjs comes as the parts of which `@tensorflow/tfjs` is the sum (core, layers
 * and two engines, 95 MB; the whole is 294 MB with what browsers need).
 *
 * @throws RangeError where that engine cannot be had, with the next step
 */
export async function openTfjs(name: TfjsEngineName | 'auto'): Promise<TfjsEngine> {
  if (name === 'auto') return openTfjs(tfjsNodeMissing() === undefined ? 'tfjs-node' : 'tfjs-wasm');
  const tf = name === 'tfjs-node' ? (openTfjsNode() as Tfjs) : openPlainTfjs();
  const backend = backends[name];
  if (!(await tf.setBackend(backend))) throw new RangeError(`tfjs cannot run on ${backend} here`);
  await tf.ready();
  return {
    name,
    tf,
    run: (work) => {
      // A promise by its signature only: an engine that was ready once is set at once.
      if (tf.getBackend() !== backend) void tf.setBackend(backend);
      // Typed for containers of tensors; plain values pass through as they are.
      return tf.tidy(work as () => never);
    },
  };
}

let plain: Tfjs | undefined;

function openPlainTfjs(): Tfjs {
  if (plain !== undefined) return plain;
  try {
    const core = require('@tensorflow/tfjs-core') as typeof import('@tensorflow/tfjs-core');
    const layers = require('@tensorflow/tfjs-layers') as typeof import('@tensorflow/tfjs-layers');
    require('@tensorflow/tfjs-backend-cpu');
    const wasm = require('@tensorflow/tfjs-backend-wasm') as { setThreadsCount(n: number): void };
    // Threads of tfjs outlive what started them, and one core each is how engines are compared.
    wasm.setThreadsCount(1);
    // Otherwise its plain engine advertises tfjs-node on the first use.
    core.enableProdMode();
    const { sequential, initializers } = layers;
    plain = { ...core, sequential, initializers, layers: layers.layers };
    return plain;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    const next = 'npm ci brings it, unless it is told to omit dev dependencies';
    throw new RangeError(`tfjs is not installed (${why}); ${next}`, { cause });
  }
}
