/** @see KeptAnswer */
export interface KeptAnswerOptions<Answer> {
  readonly ask: () => Promise<Answer>;
  /** An answer is told to everybody who asks within this time, ms. */
  readonly keptMs: number;
}

/** What a service said, asked when somebody looks: many who look ask it no oftener than one. */
export class KeptAnswer<Answer> {
  readonly #ask: () => Promise<Answer>;
  readonly #keptMs: number;
  #newest: { readonly atMs: number; readonly answer: Promise<Answer> } | undefined;

  constructor({ ask, keptMs }: KeptAnswerOptions<Answer>) {
    this.#ask = ask;
    this.#keptMs = keptMs;
  }

  /** @param nowMs monotonic */
  get(nowMs: number): Promise<Answer> {
    if (this.#newest === undefined || nowMs - this.#newest.atMs > this.#keptMs) {
      this.#newest = { atMs: nowMs, answer: this.#ask() };
    }
    return this.#newest.answer;
  }
}
