const { transform } = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test/languages'],
  transform,
  testTimeout: 300_000, // compilers, and registries that may be slow
  verbose: true, // a language that is not looked at is named
};
