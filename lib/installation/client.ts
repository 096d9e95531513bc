import 'server-only'
import { env } from '@/lib/config/env'
import type { OrcidClient } from '@/lib/orcid/client'

/** The current or retired client, or null. ORCID takes a code or a revocation only from the client it was issued to. */
export function findClient(clientId: string): OrcidClient | null {
  const { issuer, issuerProxy: proxy, clientId: current, clientSecret, retiredClients } = env().orcid
  if (clientId === current) return { issuer, clientId, clientSecret, proxy }
  const retired = retiredClients.find((client) => client.clientId === clientId)
  return retired ? { issuer, proxy, ...retired } : null
}
