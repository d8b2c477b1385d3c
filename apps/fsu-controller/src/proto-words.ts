import type { fsuController } from '@levitate/contracts';
import type { Mode } from '@levitate/control';

/** The core's words in the words of the wire. */
export const modeToProto: Readonly<Record<Mode, fsuController.Mode>> = {
  observe: 'MODE_OBSERVE',
  recommend: 'MODE_RECOMMEND',
  enforce: 'MODE_ENFORCE',
};

export const lawToProto: Readonly<Record<'reactive' | 'predictive', fsuController.Law>> = {
  reactive: 'LAW_REACTIVE',
  predictive: 'LAW_PREDICTIVE',
};

/** @param mode validated at the edge, where unspecified is refused */
export function modeFromProto(mode: fsuController.Mode): Mode {
  const modes = Object.keys(modeToProto) as Mode[];
  return modes.find((each) => modeToProto[each] === mode) ?? 'observe';
}
