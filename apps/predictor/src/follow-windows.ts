import type { Clock } from '@levitate/clock';
import { type FeatureWindows, keepFollowing } from '@levitate/feature-windows';
import type { Sample } from '@levitate/series';
import type { Logger } from '@levitate/service-kit';
import type { ForecastBook, Learnt } from './forecast-book.ts';
import { inTurns } from './in-turns.ts';
import type { PredictorMetrics } from './metrics.ts';

/**
 * Feeds the book from the windows, their backlog first, until the signal aborts. A follower that
 * fails is opened again; its backlog fills the hole.
 */
export function followWindows(options: {
  windows: FeatureWindows;
  book: ForecastBook;
  metrics: PredictorMetrics;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { windows, book, metrics, clock, logger, signal } = options;
  let isFull = false;
  return keepFollowing({
    signal,
    open: (opened) => windows.follow({ backlog: true, signal: opened }),
    async take({ samples, lost }) {
      const outcome: Learnt = { learnt: 0, refused: 0, malformed: 0 };
      const learn = (sample: Sample) => {
        const { learnt, refused, malformed } = book.learn([sample], clock.monotonicMs());
        outcome.learnt += learnt;
        outcome.refused += refused;
        outcome.malformed += malformed;
      };
      await inTurns(samples, learn, { clock, signal });
      metrics.learnt({ ...outcome, lost });
      if (outcome.refused > 0 && !isFull) {
        logger.warn({ links: book.size }, 'limits.links_max links are followed, more are refused');
      }
      isFull = outcome.refused > 0;
    },
    onDown: (error) => logger.error({ err: error }, 'following the windows failed'),
  });
}
