import { hyperbolicTangent, sigmoid } from './exponential';
import { loadSome, multiplyAdd, storeSome } from './vector';

/** One step of an LSTM; see `LstmCell` in workspace.ts. */
export function lstmCell(
  gates: usize,
  cellBefore: usize,
  cell: usize,
  cellTanh: usize,
  hidden: usize,
  batch: i32,
  units: i32,
): void {
  const width: usize = units << 2;
  for (let row = 0; row < batch; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const count = units - unit;
      const own: usize = usize(row) * width + (unit << 2);
      const gate: usize = gates + usize(row) * width * 4 + (unit << 2);
      const input = sigmoid(read(gate, count));
      const forget = sigmoid(read(gate + width, count));
      const candidate = hyperbolicTangent(read(gate + 2 * width, count));
      const output = sigmoid(read(gate + 3 * width, count));
      const kept = f32x4.mul(forget, read(cellBefore + own, count));
      const next = multiplyAdd(input, candidate, kept);
      const squashed = hyperbolicTangent(next);
      write(gate, input, count);
      write(gate + width, forget, count);
      write(gate + 2 * width, candidate, count);
      write(gate + 3 * width, output, count);
      write(cell + own, next, count);
      write(cellTanh + own, squashed, count);
      write(hidden + own, f32x4.mul(output, squashed), count);
    }
  }
}

/** Its backward step; see `LstmCellGradient`. */
export function lstmCellBackward(
  gates: usize,
  cellBefore: usize,
  cellTanh: usize,
  hiddenGradient: usize,
  cellGradient: usize,
  batch: i32,
  units: i32,
): void {
  const one = f32x4.splat(1);
  const width: usize = units << 2;
  for (let row = 0; row < batch; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const count = units - unit;
      const own: usize = usize(row) * width + (unit << 2);
      const gate: usize = gates + usize(row) * width * 4 + (unit << 2);
      const input = read(gate, count);
      const forget = read(gate + width, count);
      const candidate = read(gate + 2 * width, count);
      const output = read(gate + 3 * width, count);
      const squashed = read(cellTanh + own, count);
      const hidden = read(hiddenGradient + own, count);
      const bend = f32x4.sub(one, f32x4.mul(squashed, squashed));
      const through = f32x4.mul(f32x4.mul(hidden, output), bend);
      const cell = f32x4.add(read(cellGradient + own, count), through);
      const inputSlope = f32x4.mul(input, f32x4.sub(one, input));
      const forgetSlope = f32x4.mul(forget, f32x4.sub(one, forget));
      const outputSlope = f32x4.mul(output, f32x4.sub(one, output));
      const candidateSlope = f32x4.sub(one, f32x4.mul(candidate, candidate));
      const before = read(cellBefore + own, count);
      write(gate, f32x4.mul(f32x4.mul(cell, candidate), inputSlope), count);
      write(gate + width, f32x4.mul(f32x4.mul(cell, before), forgetSlope), count);
      write(gate + 2 * width, f32x4.mul(f32x4.mul(cell, input), candidateSlope), count);
      write(gate + 3 * width, f32x4.mul(f32x4.mul(hidden, squashed), outputSlope), count);
      write(cellGradient + own, f32x4.mul(cell, forget), count);
    }
  }
}

function read(from: usize, count: i32): v128 {
  return count >= 4 ? v128.load(from) : loadSome(from, count);
}

function write(to: usize, v: v128, count: i32): void {
  if (count >= 4) v128.store(to, v);
  else storeSome(to, v, count);
}
