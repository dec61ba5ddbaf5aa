import { defineConfig } from 'vitest/config';

/** Real daemons and guests: one file at a time, and patience for emulation without KVM. */
const patient = { testTimeout: 300_000, hookTimeout: 180_000, fileParallelism: false };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src-*/**/*.spec.{ts,tsx}',
            'app-host/**/*.spec.ts',
            'test/unit/**/*.spec.{ts,tsx}',
          ],
          exclude: ['**/node_modules/**'],
          // What is imported is loaded once for all files, which leave nothing behind in it.
          isolate: false,
          // One less than there are processors would be one on a small computer.
          maxWorkers: '100%',
          // Only to end what hangs: a busy computer is no failure.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.spec.ts'],
          ...patient,
        },
      },
      {
        test: {
          name: 'node-libvirt',
          include: ['node-libvirt/test/**/*.spec.ts'],
          exclude: ['**/node_modules/**'],
          ...patient,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.spec.ts'],
          ...patient,
        },
      },
    ],
  },
});
