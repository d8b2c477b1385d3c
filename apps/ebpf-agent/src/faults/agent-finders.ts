/**
 * Bugs of the agent that hide, and the seed of a sequence that found each before. Only the
 * order of the search: where such a sequence finds its bug no longer, all others follow.
 */
export const agentFinders: Readonly<Record<string, number>> = {
  'a record counts as durable before it is written': 143,
  'a failed write of the record is passed over': 26,
  'a note that could not be written stays when somebody sets another limit': 143,
  'a limit set by hand during the write is taken for ours': 196,
  'the lease is not looked at again after the write': 1484,
  'a restore takes the limit from a successor': 68,
  'a restore that failed is not tried again': 97,
  'what an earlier run could not restore is not tried again': 296,
  'a stop leaves a record that could not be written before': 1106,
  'a lease is granted that is not durable': 39,
  'the next start empties the record first': 52,
  'another queue in the place of the first is changed': 82,
  'a lease lasts as long as anybody asks': 51,
  'a queue beyond the latency budget waits for a token': 24,
  'a small step beyond the latency budget is not taken': 171,
  'urgent changes borrow without end': 113,
  'what is borrowed is not charged': 113,
  'a token comes back too early': 21,
  'a recommendation that is not carried out is charged': 506,
  'a success closes an open breaker': 398,
};
