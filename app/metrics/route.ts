import type { NextRequest } from 'next/server'
import { env } from '@/lib/config/env'
import { checkBearer } from '@/lib/http/bearer'
import { formatMetrics } from '@/lib/process/gauges'

/** Numbers for Prometheus, behind `METRICS_TOKEN`. */
export async function GET(request: NextRequest) {
  const refusal = checkBearer(request, env().metricsToken)
  if (refusal) return refusal
  const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(await formatMetrics(), { headers })
}

export const dynamic = 'force-dynamic'
