import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { KalmanLevel } from './kalman-level.ts';

describe('KalmanLevel', () => {
  it('is nearer to a level than its measurements are, and says how near', () => {
    const random = new SeededRandom('kalman');
    const filter = new KalmanLevel();
    let ours = 0;
    let raw = 0;
    let inside = 0;
    let forecast: { low: number; high: number } | undefined;
    for (let tick = 0; tick < 4_000; tick++) {
      const value = random.normal(100, 5);
      if (forecast !== undefined && value > forecast.low && value < forecast.high) inside++;
      const { level, sd } = filter.learn(value, 0.1);
      forecast = { low: level - 2 * sd, high: level + 2 * sd };
      if (tick < 100) continue;
      ours += (level - 100) ** 2;
      raw += (value - 100) ** 2;
    }
    expect(ours).toBeLessThan(0.7 * raw);
    expect(inside / 4_000).toBeGreaterThan(0.9);
    expect(inside / 4_000).toBeLessThan(0.995);
  });

  it('follows a ramp without lag, its trend known', () => {
    const filter = new KalmanLevel();
    let estimate = filter.learn(0, 0.1);
    for (let tick = 1; tick < 400; tick++) estimate = filter.learn(tick * 0.5, 0.1);
    expect(estimate.trend).toBeCloseTo(5, 1);
    expect(estimate.level).toBeCloseTo(199.5, 0);
  });

  it('takes a jump at once', () => {
    const random = new SeededRandom('jump');
    const filter = new KalmanLevel();
    for (let tick = 0; tick < 100; tick++) filter.learn(random.normal(100, 2), 0.1);
    expect(filter.learn(300, 0.1).level).toBe(300);
  });

  it('is sure of a constant', () => {
    const filter = new KalmanLevel();
    let estimate = filter.learn(42, 0.1);
    for (let tick = 0; tick < 50; tick++) estimate = filter.learn(42, 0.1);
    expect(estimate.level).toBe(42);
    expect(estimate.sd).toBeLessThan(1e-3);
  });
});
