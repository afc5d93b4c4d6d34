const { transform } = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test/live'],
  transform,
  testTimeout: 240_000,
  maxWorkers: 1,
  globals: { ALL: process.argv.includes('--all') }, // see test/live/kit/tier.ts
  verbose: true, // prints as it goes
  forceExit: true, // clients of a cluster that is gone go on asking for it
};
