import { ensureTestServer } from '@/tests/support/server'

/** Once per run, for Vitest and for Playwright alike: what is returned runs at the end. */
export default function setup(): Promise<() => Promise<void>> {
  return ensureTestServer()
}
