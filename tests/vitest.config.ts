import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

// Neither UTC nor a whole number of hours away from it: arithmetic that forgets about zones fails here.
process.env.TZ = 'Asia/Kathmandu'
// Tests have databases of their own; whatever the machine is configured for is not theirs.
delete process.env.DATABASE_URL
delete process.env.MIGRATE_DATABASE_URL

const root = resolve(import.meta.dirname, '..')
const shared = {
  environment: 'node',
  pool: 'forks' as const,
  setupFiles: [resolve(import.meta.dirname, 'support/console.ts')],
}
const patient = { testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 3, sequence: { groupOrder: 1 } }

export default defineConfig({
  root,
  resolve: {
    alias: { '@': root, 'server-only': resolve(import.meta.dirname, 'support/empty.ts') },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'unit',
          include: ['{lib,app,registry,scripts,prisma}/**/*.test.{ts,tsx}', 'tests/unit/**/*.test.ts'],
          testTimeout: 30_000,
          // Loading our modules anew for each file is half of the work.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...patient,
          name: 'integration',
          include: ['tests/integration/*.test.ts'],
          globalSetup: [resolve(import.meta.dirname, 'support/global-setup.ts')],
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...patient,
          name: 'release',
          include: ['tests/release/*.test.ts'],
          globalSetup: [resolve(import.meta.dirname, 'support/global-setup.ts')],
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...patient,
          name: 'registry',
          include: ['tests/integration/registry/*.test.ts'],
          isolate: false,
        },
      },
    ],
  },
})
