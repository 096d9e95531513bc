import 'server-only'
import { env } from '@/lib/config/env'
import type { OrcidClient } from '@/lib/orcid/client'

/**
 * The current or retired client with this id, or null. ORCID accepts a code or a revocation only from the client of its
 * token.
 */
export function findClient(clientId: string): OrcidClient | null {
  const { issuer, issuerProxy: proxy, clientId: current, clientSecret, retiredClients } = env().orcid
  if (clientId === current) return { issuer, clientId, clientSecret, proxy }
  const retired = retiredClients.find((client) => client.clientId === clientId)
  return retired ? { issuer, proxy, ...retired } : null
}
