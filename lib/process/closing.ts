import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { env } from '@/lib/config/env'
import { withdrawKeys } from '@/lib/installation/replicas'
import { institution } from '@/lib/institution'
import { log } from '@/lib/log'

declare module '@/lib/institution' {
  interface Institution {
    /** When a portal that was told to end closes its port; `scripts/request-headers.mjs` reads it too. */
    closesAt?: number
  }
}

/**
 * On SIGTERM the portal reports that it is not ready and serves for `DRAIN_SECONDS` more, so that balancers can move on
 * before it closes. Ctrl-C closes at once. Its keys count until then: it may still seal with them.
 */
export function closeOnSignals(): void {
  // Before Next.js's own listener, which closes the server.
  process.prependOnceListener('SIGTERM', async () => {
    const { drainMs } = env()
    institution().closesAt = Date.now() + drainMs
    if (drainMs > 0) log().info({ seconds: drainMs / 1_000 }, 'closing: not ready, and still serving')
    await sleep(drainMs)
    await withdrawKeys()
  })
  process.once('SIGINT', () => void withdrawKeys())
}

/** True once the portal was told to end. */
export const isClosing = () => institution().closesAt !== undefined
