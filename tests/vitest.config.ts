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
const inProcess = { setupFiles: [...shared.setupFiles, resolve(import.meta.dirname, 'support/fresh-process.ts')] }
const patient = { testTimeout: 300_000, hookTimeout: 300_000, maxWorkers: 3, sequence: { groupOrder: 1 } }

const withDatabase = { globalSetup: [resolve(import.meta.dirname, 'support/global-setup.ts')] }

export default defineConfig({
  root,
  resolve: {
    alias: { '@': root, 'server-only': resolve(import.meta.dirname, 'support/empty.ts') },
  },
  test: {
    tags: [{ name: 'release', description: 'Runs in npm run test:release only' }],
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
          ...withDatabase,
          name: 'integration',
          include: ['tests/integration/*.test.ts'],
          ...inProcess,
          // One after another they take the portal that their worker has started: `support/stack-per-file.ts`.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...patient,
          ...inProcess,
          ...withDatabase,
          name: 'release',
          include: ['tests/release/*.test.ts'],
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
