import { defineConfig } from '@playwright/test'
import { findBrowser } from './support/chromium'

process.env.TZ = 'Asia/Kathmandu'
delete process.env.DATABASE_URL
delete process.env.MIGRATE_DATABASE_URL

// Every worker reads this file again; the first has already unpacked the browser.
const { executablePath, args, env } = await findBrowser()
process.env.CHROMIUM_PATH = executablePath

const results = '../.concord/test'

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.test.ts',
  outputDir: `${results}/e2e`,
  globalSetup: './support/global-setup.ts',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // Long enough for a machine that does other things beside.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: `${results}/e2e.json` }]],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath, args, env: { ...definedEnv(), ...env } },
    locale: 'en-GB',
    timezoneId: 'Asia/Kathmandu',
    actionTimeout: 60_000,
    screenshot: 'only-on-failure',
    // A trace costs a third of a run; who wants one of a failure runs it again with `--trace on`.
    trace: 'off',
  },
})

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}
