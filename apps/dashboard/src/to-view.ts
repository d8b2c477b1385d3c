import {
  type ebpfAgent,
  type fsuController,
  linkActuator,
  missesLease,
  type predictor,
  type telemetry,
} from '@levitate/contracts';
import { abstainWords } from '@levitate/forecast';
import { knownWord, modes } from './known-word.ts';
import type {
  CapabilityView,
  ControlView,
  CountersView,
  DecisionView,
  ForecastView,
  HostLinkView,
  LaneSample,
  LevelView,
  ProgramView,
} from './view.ts';

const laws = ['reactive', 'predictive', 'static'] as const;

/** A sample, and what was forecast with it, as the page shows it. */
export function laneSample(
  sample: telemetry.Sample,
  forecast: predictor.BurstForecast | null = null,
): LaneSample | undefined {
  if (sample.timeUnixMs === undefined) return undefined;
  const high = sample.queueHighWaterBytes ?? sample.queueBytes;
  const drain = sample.drainBytesPerSecond;
  return {
    timeUnixMs: sample.timeUnixMs,
    throughputBytesPerSecond: sample.throughputBytesPerSecond ?? null,
    queueHighWaterBytes: high ?? null,
    limitBytes: sample.limitBytes ?? null,
    drainBytesPerSecond: drain ?? null,
    droppedPackets: sample.droppedPackets ?? null,
    delaySeconds: high !== undefined && drain ? high / drain : null,
    ahead: forecast && secondAhead(forecast),
  };
}

/** The newest forecast as the page draws it. */
export function forecastView(forecast: predictor.BurstForecast): ForecastView {
  const { madeUnixMs, model, abstained } = forecast;
  return {
    madeUnixMs,
    model,
    abstained: abstained.map(abstainWords),
    levelBytesPerSecond: forecast.levelBytesPerSecond.map(({ q50, q99 }) => ({ q50, q99 })),
    burst: forecast.burstPredicted
      ? {
          onsetUnixMs: madeUnixMs + forecast.timeToBurstSeconds * 1_000,
          onsetSdSeconds: forecast.timeSdSeconds,
          confidence: forecast.confidence,
          durationSeconds: forecast.durationSeconds?.q50 ?? 0,
          peakBytesPerSecondQ50: forecast.peakBytesPerSecond?.q50 ?? 0,
          peakBytesPerSecondQ90: forecast.peakBytesPerSecond?.q90 ?? 0,
        }
      : null,
  };
}

/** How a target is controlled. */
export function controlView(target: fsuController.Target): ControlView {
  return {
    mode: knownWord(target.mode, modes),
    law: knownWord(target.law, laws),
    isPaused: target.paused,
    isBreakerOpen: target.breaker === 'BREAKER_STATE_OPEN',
    isLeaseMissed: missesLease(target),
    forecastUnusedReason: target.forecastUnusedReason,
    latencyBudgetMs: target.latencyBudgetMs,
    changes: target.changes,
    refusedChanges: target.refusedChanges,
  };
}

/** The agent's counters of a link. */
export function countersView(link: ebpfAgent.Link): CountersView {
  return {
    droppedPackets: link.droppedPackets,
    sentPackets: link.sentPackets,
    sentBytes: link.sentBytes,
    backlogBytes: link.backlogBytes,
    limitBytes: link.limitBytes,
    originalLimitBytes: link.originalLimitBytes,
    drainBytesPerSecond: link.drainBytesPerSecond,
  };
}

/** What drives a link. */
export function hostLinkView(link: ebpfAgent.Link): HostLinkView {
  const { kind, target, reason, unavailable } = linkActuator(link);
  return {
    ...{ link: link.link, interface: link.interface, actuator: kind, target, reason },
    unavailable: unavailable.map((one) => ({ actuator: one.kind, reason: one.reason })),
  };
}

/** A capability that is missing. */
export function capabilityView({ name, detail, fix }: ebpfAgent.Capability): CapabilityView {
  return { name, detail, fix };
}

/** A program at one place. */
export function programView(program: ebpfAgent.Program): ProgramView {
  const { name, link, hook, detail, xdpMode, runCount, runTimeNs } = program;
  return {
    ...{ name, link, detail },
    hook: xdpMode === '' ? hook : `${hook} ${xdpMode}`,
    nanosecondsPerRun: runCount > 0 ? runTimeNs / runCount : null,
  };
}

/** A decision with its reasons. */
export function decisionView(decision: fsuController.Decision): DecisionView {
  const { id, target, timeUnixMs, beforeBytes, afterBytes, allowedBytes } = decision;
  const { applied, reasons, text } = decision;
  return {
    ...{ id, target, timeUnixMs, beforeBytes, afterBytes, allowedBytes, reasons, text },
    law: knownWord(decision.law, laws),
    isApplied: applied,
  };
}

/**
 * The band one second ahead: the level outside bursts, lifted to the burst's peak where that
 * second lies between its onset, less one standard deviation, and its end.
 */
function secondAhead(forecast: predictor.BurstForecast): LevelView | null {
  const [level] = forecast.levelBytesPerSecond;
  const { timeToBurstSeconds: onset, timeSdSeconds: sd } = forecast;
  const end = onset + (forecast.durationSeconds?.q50 ?? 0);
  const peak = forecast.burstPredicted && end >= 1 ? forecast.peakBytesPerSecond : null;
  if (level === undefined && !peak) return null;
  return {
    q50: Math.max(level?.q50 ?? 0, peak && onset <= 1 ? peak.q50 : 0),
    q99: Math.max(level?.q99 ?? 0, peak && onset - sd <= 1 ? peak.q90 : 0),
  };
}
