import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['build/', 'dist/', 'node_modules/', 'jest.config.js', 'jest.live.config.js', 'eslint.config.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['lib/**'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // A synth depends on the program alone: no time, chance, environment or output.
      'no-console': 'error',
      'no-restricted-globals': ['error', 'process'],
      'no-restricted-syntax': [
        'error',
        { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'A synth has no chance.' },
        { selector: "NewExpression[callee.name='Date']", message: 'A synth has no time.' },
        { selector: "MemberExpression[object.name='Date']", message: 'A synth has no time.' },
        {
          selector: 'TSInterfaceDeclaration[id.name=/(Props|Options)$/] TSPropertySignature[readonly!=true]',
          message: 'Props are readonly.',
        },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['cdk8s-plus-*'], message: "Import from 'core/kplus'." }] },
      ],
      'max-lines': ['error', 400],
    },
  },
  { files: ['lib/core/kplus.ts'], rules: { 'no-restricted-imports': 'off' } },
  // A construct is made for its effect on the tree.
  { files: ['**/main.ts', 'examples/**', 'lib/**', 'test/**', 'bench/**'], rules: { 'no-new': 'off' } },
);
