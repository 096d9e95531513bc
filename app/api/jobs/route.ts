import type { NextRequest } from 'next/server'
import { env } from '@/lib/config/env'
import { checkBearer } from '@/lib/http/bearer'
import { enforceRateLimit } from '@/lib/http/request-limit'
import { drainJobs } from '@/lib/process/drain'

// Where functions have a limit, this is it; a round ends before.
export const maxDuration = 60
const roundMs = 45_000

/** Does what is due, for places without a process that stays (`WORKER=none`); called by a timer, behind `CRON_SECRET`. */
export async function GET(request: NextRequest) {
  const refusal = checkBearer(request, env().cronSecret)
  if (refusal) return refusal
  const tooMany = await enforceRateLimit(request, 'write')
  if (tooMany) return tooMany
  const left = await drainJobs(roundMs)
  return Response.json({ left }, { headers: { 'Cache-Control': 'no-store' } })
}

export const dynamic = 'force-dynamic'
