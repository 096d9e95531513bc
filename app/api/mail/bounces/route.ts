import type { NextRequest } from 'next/server'
import { env } from '@/lib/config/env'
import { checkBearer } from '@/lib/http/bearer'
import { readJson } from '@/lib/http/json-body'
import { enforceRateLimit } from '@/lib/http/request-limit'
import { findHold } from '@/lib/installation/restore-detection'
import { postedBounces } from '@/lib/mail/bounce'
import { recordBounces } from '@/lib/mail/bounces'

const headers = { 'Cache-Control': 'no-store' }

/** For a provider that tells of bounces and complaints, behind `MAIL_WEBHOOK_SECRET`. May be repeated. */
export async function POST(request: NextRequest) {
  const refusal = checkBearer(request, env().mail?.webhookSecret ?? undefined)
  if (refusal) return refusal
  const tooMany = await enforceRateLimit(request, 'write')
  if (tooMany) return tooMany
  if (await findHold()) {
    const wait = { ...headers, 'Retry-After': '600' }
    return Response.json(
      { error: 'The database was restored and is not released yet.' },
      { status: 503, headers: wait },
    )
  }
  const body = await readJson(request)
  if (body === 'too_large') {
    return Response.json({ error: 'The body is larger than 64 kB: send fewer at a time.' }, { status: 413, headers })
  }
  const parsed = postedBounces.safeParse(body)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path.join('.') || 'body'
    return Response.json({ error: `${where}: ${issue?.message ?? 'is not JSON'}` }, { status: 400, headers })
  }
  const recorded = await recordBounces(parsed.data.bounces, request.headers.get('x-request-id') ?? undefined)
  return Response.json({ recorded }, { headers })
}
