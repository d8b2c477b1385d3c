/** What a training is run with. */
export interface TrainingContext {
  /** Draws everything that is drawn: split, first weights, order, dropout. */
  seed: number;
  /** Processes that share the work; part of what a result is reproduced with. */
  workers: number;
  /** Ends within a minute or so: to see that it works, not to ship. */
  quick: boolean;
  /** Folder laid out like the data that the model card names, `traces/KIND/FILE`, or a dataset. */
  dataDirectory: string;
  /** Folder that receives the weights and the manifest; it exists. */
  modelDirectory: string;
  /** Folder that receives the report and its plots; it exists. */
  reportDirectory: string;
  /** Folder for checkpoints, of this training and seed alone; it exists. */
  checkpointDirectory: string;
  /** Aborted by SIGINT and SIGTERM: leave a checkpoint and throw the signal's reason. */
  signal: AbortSignal;
  progress: (progress: TrainingProgress) => void;
  /** One line for a person who waits. */
  say: (line: string) => void;
}

/** How far a training is. */
export interface TrainingProgress {
  /** What is being trained, a few words; a training may have several stages. */
  stage: string;
  epoch: number;
  epochs: number;
  step: number;
  steps: number;
  /** Of the training part, running. */
  loss: number;
  /** Of the validation part after the newest epoch. */
  validation?: number | undefined;
  /** Of this stage, if no early stop comes. */
  etaSeconds: number;
}

/** A training: `levitate train NAME`. */
export interface Training {
  name: string;
  summary: string;
  /** It learns from the output of `levitate dataset` too; the others refuse such a folder. */
  readsDatasets?: boolean;
  /**
   * Train, choose on the validation part, score on the test part once, and write weights, manifest
   * and report.
   * @returns paths of the files written
   * @throws TrainingDataError where the data folder lacks what it needs
   */
  run(context: TrainingContext): Promise<readonly string[]>;
}

/** The data folder lacks what a training needs; the text says what and where. */
export class TrainingDataError extends Error {
  override readonly name = 'TrainingDataError';
}
