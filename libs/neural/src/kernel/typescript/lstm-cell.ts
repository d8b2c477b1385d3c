import type { LstmCell, LstmCellGradient } from '../workspace.ts';
import { sigmoid } from './activations.ts';

/**
 * One step of the LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 * c = f c' + i g, h = o tanh(c).
 */
export function lstmCell(step: LstmCell): void {
  const { gates, cellBefore, cell, cellTanh, hidden, batch, units } = step;
  for (let row = 0; row < batch; row++) {
    for (let unit = 0; unit < units; unit++) {
      const at = row * units + unit;
      const gate = row * 4 * units + unit;
      const input = sigmoid(gates[gate] as number);
      const forget = sigmoid(gates[gate + units] as number);
      const candidate = Math.tanh(gates[gate + 2 * units] as number);
      const output = sigmoid(gates[gate + 3 * units] as number);
      const next = forget * (cellBefore[at] as number) + input * candidate;
      const squashed = Math.tanh(next);
      gates[gate] = input;
      gates[gate + units] = forget;
      gates[gate + 2 * units] = candidate;
      gates[gate + 3 * units] = output;
      cell[at] = next;
      cellTanh[at] = squashed;
      hidden[at] = output * squashed;
    }
  }
}

/** The backward step: slopes of the logistic s are s (1 - s), of tanh 1 - tanh^2. */
export function lstmCellBackward(step: LstmCellGradient): void {
  const { gates, cellBefore, cellTanh, hiddenGradient, cellGradient, batch, units } = step;
  for (let row = 0; row < batch; row++) {
    for (let unit = 0; unit < units; unit++) {
      const at = row * units + unit;
      const gate = row * 4 * units + unit;
      const input = gates[gate] as number;
      const forget = gates[gate + units] as number;
      const candidate = gates[gate + 2 * units] as number;
      const output = gates[gate + 3 * units] as number;
      const squashed = cellTanh[at] as number;
      const hidden = hiddenGradient[at] as number;
      const cell = (cellGradient[at] as number) + hidden * output * (1 - squashed * squashed);
      gates[gate] = cell * candidate * input * (1 - input);
      gates[gate + units] = cell * (cellBefore[at] as number) * forget * (1 - forget);
      gates[gate + 2 * units] = cell * input * (1 - candidate * candidate);
      gates[gate + 3 * units] = hidden * squashed * output * (1 - output);
      cellGradient[at] = cell * forget;
    }
  }
}
