/**
 * Bugs of the controller that hide, and the seed of a sequence that found each before. Only the
 * order of the search: where such a sequence finds its bug no longer, all others follow.
 */
export const controllerFinders: Readonly<Record<string, number>> = {
  'a change goes on after its time is over': 2264,
  'the mode is looked at only at the start of a change': 39,
  'a pause or a lost lease is noticed only by the next tick': 57,
  'a stop lets a change through that is on its way': 155,
  'nothing is put back when the mode is no longer to enforce': 41,
  'nothing is put back while paused': 117,
  'nothing is put back when the breaker opens': 238,
  'a restore that failed is not tried again': 56,
  'a lease that is lost in the middle of a restore is not noticed': 754,
  'a controller that lost the lease believes its old original': 457,
  'a controller that starts again believes its old original': 24,
  'a controller that changed nothing forgets the original of another': 30,
  'the original is forgotten before it is read back': 249,
  'what was put back is not read back': 249,
  'what a dead process noted is taken for durable': 23,
  'an answer of the store is believed that comes after a change of rule': 24,
  'a removal that failed counts as not made': 2041,
  'the file is written in its place': 144,
  'a need that is no number is believed': 123,
  'the mode bars nothing': 585,
  'the maximum does not bind': 26,
  'changes are not charged': 29,
  'urgent changes borrow without end': 29,
};
