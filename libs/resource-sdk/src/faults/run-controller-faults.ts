/**
 * `node src/faults/run-controller-faults.ts`: fault sequences through the shipped controller;
 * `--bugs`: the kill table of bugs planted in it; `--seed N`: one sequence, step by step.
 */
import { diskSubstitutes, runFaults } from '@levitate/testing/faults';
import { plantedBugs } from './controller-bugs.ts';
import { controllerFinders } from './controller-finders.ts';

await runFaults({
  title: 'controller',
  count: 5_000,
  bugs: plantedBugs,
  finders: controllerFinders,
  url: new URL('./controller-sequences.ts', import.meta.url).href,
  rooms: ['libs/resource-sdk/src', 'libs/control/src', 'libs/service-kit/src'],
  substitutes: diskSubstitutes,
});
