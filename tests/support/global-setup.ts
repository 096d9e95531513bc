import { ensureTestServer, optimizeLate } from '@/tests/support/server'

/** Once per run, for Vitest and for Playwright alike: what is returned runs at the end. */
export default function setup(): Promise<() => Promise<void>> {
  optimizeLate()
  return ensureTestServer()
}
