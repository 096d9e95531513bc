import { handleArrival } from '@/lib/auth/callback'
import { readRoute } from '@/lib/http/route'
import { refuseTooMany } from '@/lib/http/too-many'

/** An address to register at ORCID for the people whom it sends to us by itself (docs/deploy.md). */
export const GET = readRoute(
  async (_query, { request }) => (await refuseTooMany(request, 'callback')) ?? handleArrival(request),
)
