import { describe, expect, it } from 'vitest';
import { ProgressDisplay, progressBar, progressText } from './progress-display.ts';
import type { TrainingProgress } from './training.ts';

const progress: TrainingProgress = {
  stage: 'bandwidth',
  epoch: 3,
  epochs: 4,
  step: 50,
  steps: 100,
  loss: 0.41234,
  validation: 0.5,
  etaSeconds: 125.4,
};

function displayed(isTerminal: boolean) {
  const written: string[] = [];
  const time = { ms: 0 };
  const sink = { isTerminal, columns: 200, write: (text: string) => void written.push(text) };
  return { written, time, display: new ProgressDisplay({ sink, nowMs: () => time.ms }) };
}

describe('ProgressDisplay', () => {
  it('says epoch, step, loss, validation and time left', () => {
    expect(progressText(progress)).toBe(
      'bandwidth: epoch 3/4, step 50/100, loss 0.4123, validation 0.5000, 2 min 5 s left',
    );
  });

  it('fills the bar by the steps of all epochs', () => {
    expect(progressBar(progress)).toBe(`[${'#'.repeat(15)}${'.'.repeat(9)}]`);
    expect(progressBar({ ...progress, epoch: 9 })).toBe(`[${'#'.repeat(24)}]`);
  });

  it('redraws one line on a terminal and ends it before a line of its own', () => {
    const { written, time, display } = displayed(true);
    display.show(progress);
    time.ms = 50;
    display.show({ ...progress, step: 51 });
    time.ms = 150;
    display.show({ ...progress, step: 52 });
    display.say('done');
    expect(written.map((text) => text.slice(0, 5))).toEqual([
      '\r\x1b[K[',
      '\r\x1b[K[',
      '\n',
      'done\n',
    ]);
  });

  it('writes a line every ten seconds and for every epoch where there is no terminal', () => {
    const { written, time, display } = displayed(false);
    for (const [ms, epoch] of [
      [0, 1],
      [5000, 1],
      [9000, 2],
      [12_000, 2],
      [19_500, 2],
    ] as const) {
      time.ms = ms;
      display.show({ ...progress, epoch });
    }
    expect(written.map((text) => /epoch \d/.exec(text)?.[0])).toEqual([
      'epoch 1',
      'epoch 2',
      'epoch 2',
    ]);
  });
});
