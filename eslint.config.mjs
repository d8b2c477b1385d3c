import nx from '@nx/eslint-plugin';
import parser from '@typescript-eslint/parser';

// Biome formats and lints; ESLint is here for one rule, which needs the graph of projects:
// which layer may import which (docs/ARCHITECTURE.md).
const layers = [
  { sourceTag: 'layer:core', onlyDependOnLibsWithTags: ['layer:core'] },
  { sourceTag: 'layer:kit', onlyDependOnLibsWithTags: ['layer:core', 'layer:kit'] },
  { sourceTag: 'layer:sim', onlyDependOnLibsWithTags: ['layer:core', 'layer:sim'] },
  { sourceTag: 'layer:app', onlyDependOnLibsWithTags: ['layer:core', 'layer:kit'] },
];
const layersInTests = layers.map(({ sourceTag, onlyDependOnLibsWithTags }) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [...onlyDependOnLibsWithTags, 'layer:sim'],
}));

const boundaries = (depConstraints) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      depConstraints,
      allowCircularSelfDependency: false,
      enforceBuildableLibDependency: false,
      // Services load what is heavy after their configuration is read (`await import`).
      checkDynamicDependenciesExceptions: ['.*'],
    },
  ],
});

export default [
  { ignores: ['**/node_modules', '**/generated', '**/coverage', '**/dist', '**/public'] },
  {
    files: ['**/*.ts', '**/*.mjs'],
    languageOptions: { parser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@nx': nx },
    rules: boundaries(layers),
  },
  {
    files: ['**/*.test.ts', '**/{testing,testdata,conformance,faults}/**/*.ts'],
    rules: boundaries(layersInTests),
  },
];
