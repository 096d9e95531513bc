import 'server-only'
import { db } from '@/lib/db'
import { keep } from '@/lib/institution'
import { log } from '@/lib/log'

const writeEveryMs = 60_000
const hopsMax = 11

declare module '@/lib/institution' {
  interface Institution {
    /** Requests by the number of proxies that they came through, not written yet. */
    proxies?: { requests: Map<number, number>; writeAt: number }
  }
}

/** Counts through how many proxies requests come, for `npm run doctor`. Keeps no address. */
export function noteProxies(headers: Headers): void {
  const proxies = keep('proxies', () => ({ requests: new Map(), writeAt: 0 }))
  const hops = countProxies(headers)
  proxies.requests.set(hops, (proxies.requests.get(hops) ?? 0) + 1)
  if (Date.now() < proxies.writeAt) return
  proxies.writeAt = Date.now() + writeEveryMs
  const written = [...proxies.requests]
  proxies.requests.clear()
  void write(written).catch((error) => log().warn({ err: error }, 'failed to record the proxies in front'))
}

/** `scripts/request-headers.mjs` counts before Next.js adds an entry. Without it, as on Vercel, the header is a proxy's. */
function countProxies(headers: Headers): number {
  const counted = headers.get('x-concord-proxies') ?? headers.get('x-forwarded-for')?.split(',').length
  const hops = Number(counted ?? 0)
  return Number.isInteger(hops) && hops > 0 ? Math.min(hops, hopsMax) : 0
}

/** The count of a number restarts after a day without it. */
async function write(counts: [hops: number, requests: number][]): Promise<void> {
  for (const [hops, requests] of counts) {
    await db().$executeRaw`
      insert into proxy_hops as known (hops, requests, last_seen_at) values (${hops}, ${requests}, now())
      on conflict (hops) do update set last_seen_at = now(),
        requests = excluded.requests
          + case when known.last_seen_at < now() - interval '1 day' then 0 else least(known.requests, 1000000000) end`
  }
}
