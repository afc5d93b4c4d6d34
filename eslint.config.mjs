import { readdirSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/** The rooms of lib, each of which imports from those before it only: core, then what a member is, then features. */
const ROOMS = [
  'core',
  'identity',
  'image',
  'security',
  'storage',
  'config-maps',
  'pod',
  'member',
  'auth',
  'users',
  'tls',
  'nodes',
  'sentinels',
  'settings',
  'article',
  'network-policy',
  'disruption-budgets',
  'health-check',
  'backup',
  'restore',
  'migration',
  'metrics',
  'proxy',
  'connection',
];

for (const { name } of readdirSync('lib', { withFileTypes: true }).filter((entry) => entry.isDirectory()))
  if (!ROOMS.includes(name)) throw new Error(`lib/${name} has no place in ROOMS`);

/** The layers of a room in the same way: what a user writes, its check, its default, and what comes of it. */
const LAYERS = ['props', 'check', 'resolve', 'pod', 'rules', 'parts', 'feature'];

/** What composes the rooms: none of them knows it. */
const WHOLE = ['features', 'judge', 'index', 'neighbours', 'props', 'redis-sentinel-cluster'];

const OWN_KPLUS = { group: ['cdk8s-plus-*'], message: "Import from 'core/kplus'." };

function forbid(files, groups) {
  const patterns = groups.map(([group, message]) => ({ group, message })).filter(({ group }) => group.length > 0);
  return { files, rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, OWN_KPLUS] }] } };
}

const oneWay = ROOMS.flatMap((room, index) => {
  const later = ROOMS.slice(index + 1).map((other) => `../${other}/*`);
  const outside = [...later, ...WHOLE.map((name) => `../${name}`), ...(room === 'core' ? ['../*'] : [])];
  return LAYERS.map((layer, depth) => {
    const above = LAYERS.slice(depth + 1).map((other) => `./${other}`);
    // A default may be made of a type of the props, and so no props know the defaults.
    const defaults = layer === 'props' ? ['../defaults'] : [];
    return forbid(
      [`lib/${room}/${layer}.ts`],
      [
        [[...outside, ...defaults], 'Imports go one way: see ROOMS in eslint.config.mjs.'],
        [above, 'Imports go one way: see LAYERS in eslint.config.mjs.'],
      ],
    );
  }).concat(
    forbid(
      [`lib/${room}/!(${LAYERS.join('|')}).ts`],
      [[outside, 'Imports go one way: see ROOMS in eslint.config.mjs.']],
    ),
  );
});

export default tseslint.config(
  { ignores: ['build/', 'dist/', 'node_modules/', 'jest*.config.js', 'eslint.config.mjs'] },
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
      'no-restricted-imports': ['error', { patterns: [OWN_KPLUS] }],
      'max-lines': ['error', 400],
    },
  },
  ...oneWay,
  { files: ['lib/core/kplus.ts'], rules: { 'no-restricted-imports': 'off' } },
  // A construct is made for its effect on the tree.
  { files: ['**/main.ts', 'examples/**', 'lib/**', 'test/**', 'bench/**'], rules: { 'no-new': 'off' } },
);
