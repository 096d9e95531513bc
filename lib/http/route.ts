import 'server-only'
import { unstable_rethrow } from 'next/navigation'
import type { NextRequest } from 'next/server'
import type { z } from 'zod'
import { isDatabaseAway } from '@/lib/db'
import { badRequestPage, unknownErrorPage } from '@/lib/http/plain-page'
import { seeOther } from '@/lib/http/see-other'
import { log } from '@/lib/log'
import { makeReference } from '@/lib/secrets'

type Handler<Input> = (input: Input, context: { request: NextRequest; requestId: string }) => Promise<Response>

/**
 * A route handler for a form of ours: parses its fields, runs, and turns what goes wrong into a page. The origin was
 * checked by `proxy.ts`; who acts is proven by a gate inside the handler. A field that may be repeated is an array.
 */
export function formRoute<Input>(schema: z.ZodType<Input>, handle: Handler<Input>) {
  return async (request: NextRequest): Promise<Response> => {
    const parsed = schema.safeParse(await readFields(request))
    if (!parsed.success) return badRequestPage()
    return guarded(request, (requestId) => handle(parsed.data, { request, requestId }))
  }
}

/** A route handler that only reads. */
export function readRoute(handle: Handler<URLSearchParams>) {
  return (request: NextRequest): Promise<Response> =>
    guarded(request, (requestId) => handle(request.nextUrl.searchParams, { request, requestId }))
}

async function guarded(request: NextRequest, run: (requestId: string) => Promise<Response>): Promise<Response> {
  const requestId = request.headers.get('x-request-id') ?? makeReference()
  try {
    return await run(requestId)
  } catch (error) {
    unstable_rethrow(error)
    log().error({ requestId, path: request.nextUrl.pathname, err: error }, 'request failed')
    return isDatabaseAway(error) ? seeOther('/connect/unavailable') : unknownErrorPage(requestId)
  }
}

async function readFields(request: NextRequest): Promise<Record<string, string | string[]>> {
  const form = await request.formData().catch(() => new FormData())
  const fields: Record<string, string | string[]> = {}
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name).filter((value) => typeof value === 'string')
    fields[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return fields
}
