import { z } from 'zod';
import { ModelError } from '../model-error.ts';

/** One layer of a Keras model, as its architecture says. */
export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A Keras model that is a chain of layers. */
export interface KerasChain {
  /** `Sequential` or `Functional`. */
  readonly className: string;
  readonly name: string;
  readonly layers: readonly KerasLayer[];
}

const config = z.record(z.string(), z.unknown());
const layer = z.looseObject({
  class_name: z.string(),
  name: z.string().optional(),
  config,
  inbound_nodes: z.array(z.unknown()).optional(),
});
const modelSchema = z.looseObject({
  class_name: z.enum(['Sequential', 'Functional', 'Model']),
  config: z.union([
    // Keras before 2.1 has the layers of a Sequential alone.
    z.array(layer).max(256),
    z.looseObject({ name: z.string().optional(), layers: z.array(layer).max(256) }),
  ]),
});

/**
 * The layers of a model in the order they are computed in, from the JSON that Keras stores.
 * @param where names the file in errors
 * @throws {ModelError} `malformed` for what is no architecture, `shape` where layers branch
 */
export function kerasChain(json: string, where: string): KerasChain {
  const parsed = modelSchema.safeParse(parse(json, where));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.') ?? '';
    throw problem('malformed', `${where}: model_config ${place}: ${issue?.message ?? 'unknown'}`);
  }
  const { class_name: className, config: model } = parsed.data;
  const found = Array.isArray(model) ? model : model.layers;
  const name = Array.isArray(model) ? 'sequential' : (model.name ?? 'model');
  const layers = found.map((each) => ({
    className: each.class_name,
    name: nameOf(each),
    config: each.config,
  }));
  if (className !== 'Sequential') checkChain(found, where);
  return { className: className === 'Model' ? 'Functional' : className, name, layers };
}

function nameOf(each: z.output<typeof layer>): string {
  return each.name ?? (typeof each.config.name === 'string' ? each.config.name : each.class_name);
}

/** Each layer of a functional model has to take what the one before it gives, and that alone. */
function checkChain(layers: readonly z.output<typeof layer>[], where: string): void {
  for (const [index, each] of layers.entries()) {
    const inputs = inputNames(each.inbound_nodes ?? []);
    const before = layers[index - 1];
    const want = before === undefined ? [] : [nameOf(before)];
    if (inputs.join() === want.join()) continue;
    const takes = inputs.length === 0 ? 'nothing' : inputs.join(' and ');
    const why = `layer ${nameOf(each)} takes ${takes}, and only a chain of layers can be imported`;
    throw problem('shape', `${where}: ${why}`);
  }
}

/**
 * Names of the layers that a node takes. Keras 2: `[[["lstm", 0, 0, {}]]]`; Keras 3: tensors with
 * `keras_history: ["lstm", 0, 0]` anywhere in the arguments.
 */
function inputNames(node: unknown): string[] {
  if (Array.isArray(node)) {
    const [name, index, tensor] = node;
    const isReference = typeof name === 'string' && Number.isInteger(index);
    if (isReference && Number.isInteger(tensor)) return [name];
    return node.flatMap(inputNames);
  }
  if (node === null || typeof node !== 'object') return [];
  return Object.values(node).flatMap(inputNames);
}

function parse(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw problem('malformed', `${where}: model_config is not JSON`, cause);
  }
}

function problem(code: 'malformed' | 'shape', message: string, cause?: unknown): ModelError {
  const nextStep = 'import a Sequential model, or a functional one without branches';
  return new ModelError({ code, message, nextStep, cause });
}
