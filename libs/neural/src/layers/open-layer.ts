import type { LayerSpec } from '../network-spec.ts';
import { EncoderBlock } from '../transformer/encoder-block.ts';
import { Positions } from '../transformer/positions.ts';
import { Dense } from './dense.ts';
import { Dropout } from './dropout.ts';
import { LastStep } from './last-step.ts';
import type { Layer, LayerContext } from './layer.ts';
import { LayerNorm } from './layer-norm.ts';
import { Lstm } from './lstm.ts';
import { MeanOfSteps } from './mean-of-steps.ts';

type Kind = LayerSpec['kind'];
type Open<K extends Kind> = (context: LayerContext, spec: Extract<LayerSpec, { kind: K }>) => Layer;

/** Every kind of layer there is. A new kind is a member of `LayerSpec` and a line here. */
const kinds: { [K in Kind]: Open<K> } = {
  lstm: (context, spec) => new Lstm(context, spec),
  dense: (context, spec) => new Dense(context, spec),
  dropout: (context, spec) => new Dropout(context, spec),
  layerNorm: (context) => new LayerNorm(context),
  encoder: (context, spec) => new EncoderBlock(context, spec),
  positions: (context) => new Positions(context),
  lastStep: (context) => new LastStep(context),
  meanOfSteps: (context) => new MeanOfSteps(context),
};

/** Makes the layer that `spec` describes. @throws RangeError for a kind that is not known */
export function openLayer(context: LayerContext, spec: LayerSpec): Layer {
  const open = kinds[spec.kind] as Open<Kind> | undefined;
  if (open === undefined) {
    const known = Object.keys(kinds).join(', ');
    throw new RangeError(`${context.name}: no layer of kind ${spec.kind}; there are: ${known}`);
  }
  return open(context, spec as never);
}
