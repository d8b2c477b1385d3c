import type { fsuController, predictor } from '@levitate/contracts';

/** What the sentence is about. */
export interface DecisionFacts {
  decision: Pick<
    fsuController.Decision,
    'law' | 'beforeBytes' | 'wishedBytes' | 'allowedBytes' | 'reasons' | 'utilisation' | 'unit'
  >;
  forecast: predictor.BurstForecast | undefined;
  /** On the clock of the samples, which is the forecast's. */
  nowUnixMs: number;
}

/** One sentence for a person: what was done or not, and why. */
export function decisionText(facts: DecisionFacts): string {
  const { decision } = facts;
  const why = whyOf(facts);
  const bounds = decision.reasons.map((reason) => boundWords[reason]).filter(isSaid);
  const held = decision.reasons.filter((reason) => heldWords[reason] !== undefined).map(heldText);
  const tail = [...bounds, ...held];
  return `${moveOf(decision)}: ${[why, ...tail].join('; ')}.`;
}

/** Why a decision was not put in force, in words. */
export function heldText(reason: string): string {
  return `not applied: ${heldWords[reason] ?? reason}`;
}

function moveOf(decision: DecisionFacts['decision']): string {
  const { beforeBytes, allowedBytes, wishedBytes, unit } = decision;
  const [before, allowed] = [sizeText(beforeBytes, unit), sizeText(allowedBytes, unit)];
  if (allowedBytes === beforeBytes) {
    return `Keep ${before} instead of ${sizeText(wishedBytes, unit)}`;
  }
  return `${allowedBytes > beforeBytes ? 'Raise' : 'Lower'} ${before} to ${allowed}`;
}

function whyOf({ decision, forecast, nowUnixMs }: DecisionFacts): string {
  const reason = decision.reasons.find((code) => whyWords[code] !== undefined);
  const percent = `${Math.round(decision.utilisation * 100)} %`;
  const words = reason === undefined ? 'no reason given' : (whyWords[reason] ?? reason);
  if (decision.law !== 'LAW_PREDICTIVE' || forecast === undefined) {
    return `${words} (utilisation ${percent})`;
  }
  const inS = (forecast.madeUnixMs - nowUnixMs) / 1_000 + forecast.timeToBurstSeconds;
  const when = forecast.burstPredicted ? `in ${inS.toFixed(1)} s, ` : '';
  return `${words} (${when}${forecast.model}, confidence ${forecast.confidence.toFixed(2)})`;
}

/**
 * 524,288 bytes -> `512 KB`: the kilobytes of the specification's bounds; 24 -> `24 threads`.
 * @param unit empty: bytes
 */
export function sizeText(size: number, unit = ''): string {
  const isBytes = unit === '' || unit === 'bytes';
  const digits = String(isBytes ? Math.round(size / 1_024) : Math.round(10 * size) / 10);
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${grouped} ${isBytes ? 'KB' : unit}`;
}

function isSaid(words: string | undefined): words is string {
  return words !== undefined;
}

type Words = Readonly<Record<string, string | undefined>>;

/** Reasons of laws and reserves. */
const whyWords: Words = {
  'burst-expected': 'a burst is expected',
  'burst-announced': 'the announced burst is under way',
  'burst-outgrown': 'the announced burst outgrew its forecast',
  'level-forecast': 'the forecast level needs it',
  'onset-force': 'the need is rising fast',
  'release-force': 'the need is falling fast',
  'above-setpoint': 'it is fuller than its setpoint',
  'below-setpoint': 'it needs less than it holds',
  'within-dead-band': 'it is at its setpoint',
  phase: 'its period asks for it',
  full: 'it is full',
  decay: 'nothing asked for more',
  'no-sample': 'no new sample came',
  'not-measured': 'it did not answer',
  implausible: 'what it says cannot be',
  ignored: 'it did not do what it was told',
};

/** What the envelope did to the wish. */
const boundWords: Words = {
  minimum: 'the minimum binds',
  maximum: 'the maximum binds',
  'latency-budget': 'the latency budget binds',
  'wish-not-finite': 'the wish was no number',
  'same-episode': 'counted with the move before it',
  restarted: 'it was restarted',
  renewed: 'what makes up its size is chosen anew',
  borrowed: 'on borrowed change allowance',
};

/** Why it was not put in force. */
const heldWords: Words = {
  'change-rate': 'the change allowance is used up',
  'small-move': 'the move is too small',
  paused: 'the kill switch is thrown',
  'mode-observe': 'the mode is observe',
  'mode-recommend': 'the mode is recommend',
  'breaker-open': 'the circuit breaker is open',
  'lease-not-held': 'the lease is not held',
  'lease-lost': 'the lease was lost',
  'agent-away': 'the agent did not answer',
  'change-failed': 'the change failed',
  superseded: 'a newer decision came first',
  'retry-wait': 'waiting after a failed change',
  'set-by-hand': 'somebody has set it by hand',
  'canary-wait': 'the roll-out has not reached its host',
};
