import 'server-only'
import { env } from '@/lib/config/env'
import type { OrcidClient } from '@/lib/orcid/client'

/**
 * The credentials that a code or a token was issued to: today's, or those of a client that was retired. Null where the
 * configuration no longer has them; ORCID takes a token back from the client that it was issued to and from no other.
 */
export function findClient(clientId: string): OrcidClient | null {
  const { issuer, issuerProxy: proxy, clientId: current, clientSecret, retiredClients } = env().orcid
  if (clientId === current) return { issuer, clientId, clientSecret, proxy }
  const retired = retiredClients.find((client) => client.clientId === clientId)
  return retired ? { issuer, proxy, ...retired } : null
}
