import { handleArrival } from '@/lib/auth/callback'
import { enforceRateLimit } from '@/lib/http/request-limit'
import { readRoute } from '@/lib/http/route'

/** An address to register at ORCID for the people whom it sends to us by itself (docs/deploy.md). */
export const GET = readRoute(
  async (_query, { request }) => (await enforceRateLimit(request, 'callback')) ?? handleArrival(request),
)
