import type pg from 'pg'
import type { Finding } from '@/scripts/doctor-findings'

const what = 'proxies'

/** Compares what portals counted in the last 24 hours (`lib/http/proxies.ts`) with `TRUSTED_PROXIES`. */
export async function examineProxies(client: pg.Client, declared: number): Promise<Finding[]> {
  const { rows } = await client
    .query<{ hops: number; requests: number }>(
      `SELECT hops, requests::float8 AS requests FROM proxy_hops
       WHERE last_seen_at > now() - interval '24 hours' ORDER BY requests DESC, hops`,
    )
    .catch(() => ({ rows: [] }))
  const [most] = rows
  if (!most)
    return [{ what, state: 'note', finding: `TRUSTED_PROXIES is ${declared}; nobody has come by yet to compare` }]
  return [judgeProxies(most.hops, rows.filter(({ hops }) => hops < declared).length > 0, declared)]
}

function judgeProxies(usual: number, areSomeDirect: boolean, declared: number): Finding {
  if (usual !== declared) {
    const risk =
      usual > declared
        ? 'all visitors share one allowance, or have a proxy’s address'
        : 'callers choose their own address'
    const finding = `most requests come through ${usual}, and TRUSTED_PROXIES is ${declared}: set it to ${usual}, or ${risk}`
    return { what, state: 'doubt', finding }
  }
  if (areSomeDirect) {
    const finding = `some requests come through fewer than TRUSTED_PROXIES, ${declared}: let nobody reach the portal past them`
    return { what, state: 'doubt', finding }
  }
  return { what, state: 'good', finding: `most requests come through ${usual}, as TRUSTED_PROXIES says` }
}
