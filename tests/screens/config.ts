import { defineConfig } from '@playwright/test'
import usual from '../playwright.config'

const results = '../../.concord/test'

/**
 * The pictures of docs/screenshots and what Lighthouse says of pages. No part of `npm test`: letters are drawn a little
 * differently by each version of Chromium, and a machine that does other things beside is slow.
 */
export default defineConfig({
  ...usual,
  testDir: '.',
  outputDir: `${results}/screens`,
  globalSetup: '../support/global-setup.ts',
  snapshotPathTemplate: '../../docs/screenshots/{arg}{ext}',
  workers: 1,
  reporter: [['list'], ['json', { outputFile: `${results}/screens.json` }]],
  expect: { ...usual.expect, toHaveScreenshot: { maxDiffPixelRatio: 0.005 } },
})
