import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      'packages/*/vitest.config.ts',
      'integrations/*/vitest.config.ts',
      'examples/*/vitest.config.ts',
    ],
    maxWorkers: 2,
    passWithNoTests: false,
  },
});
