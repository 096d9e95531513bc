import { handleArrival } from '@/lib/auth/callback'
import { readRoute } from '@/lib/http/route'

/** An address to register at ORCID for the people whom it sends to us by itself (docs/deploy.md). */
export const GET = readRoute('callback', async (_query, { request }) => handleArrival(request))
