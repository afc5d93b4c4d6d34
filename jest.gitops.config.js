const live = require('./jest.live.config.js');

/** @type {import('jest').Config} */
module.exports = { ...live, roots: ['<rootDir>/test/gitops'] };
