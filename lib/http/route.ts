import 'server-only'
import { unstable_rethrow } from 'next/navigation'
import type { NextRequest } from 'next/server'
import type { z } from 'zod'
import { packForm } from '@/lib/attempts/return-point'
import { findSignedIn } from '@/lib/auth/session'
import { makeReference } from '@/lib/crypto/secrets'
import { isDatabaseUnavailable } from '@/lib/db'
import { refuseWhileHeld } from '@/lib/http/hold'
import { badRequestPage, sessionEndedPage, tooLargePage, unknownErrorPage } from '@/lib/http/plain-page'
import { seeOther } from '@/lib/http/see-other'
import { log } from '@/lib/log'

type Handler<Input> = (input: Input, context: { request: NextRequest; requestId: string }) => Promise<Response>

type FormOptions<Input> = {
  /** The form's page. If set, a form sent after the session ended keeps its input. */
  pageOf?: (input: Input) => string
}

/** Parses a form. Errors become pages. `proxy.ts` checked the origin; a gate in the handler proves the actor. */
export function formRoute<Input>(
  schema: z.ZodType<Input>,
  handle: Handler<Input>,
  { pageOf }: FormOptions<Input> = {},
) {
  return async (request: NextRequest): Promise<Response> => {
    const fields = await readFields(request)
    if (!fields) return tooLargePage()
    const parsed = schema.safeParse(fields)
    if (!parsed.success) return badRequestPage()
    return guarded(request, async (requestId) => {
      if (pageOf && !(await findSignedIn())) {
        const form = { action: request.nextUrl.pathname, fields }
        return sessionEndedPage(pageOf(parsed.data), packForm(form))
      }
      return handle(parsed.data, { request, requestId })
    })
  }
}

/** A route handler for a form with one file. A file above `bytesMax` leads to `tooLarge`; a missing file is empty. */
export function uploadRoute(
  { field, bytesMax, tooLarge }: { field: string; bytesMax: number; tooLarge: string },
  handle: Handler<Uint8Array>,
) {
  return async (request: NextRequest): Promise<Response> =>
    guarded(request, async (requestId) => {
      const form = await readForm(request, bytesMax + bodyBytesMax)
      if (!form) return seeOther(tooLarge)
      const file = form.get(field)
      const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array()
      return bytes.length > bytesMax ? seeOther(tooLarge) : handle(bytes, { request, requestId })
    })
}

/** A route handler that only reads. */
export function readRoute(handle: Handler<URLSearchParams>) {
  return (request: NextRequest): Promise<Response> =>
    guarded(request, (requestId) => handle(request.nextUrl.searchParams, { request, requestId }))
}

async function guarded(request: NextRequest, run: (requestId: string) => Promise<Response>): Promise<Response> {
  const requestId = request.headers.get('x-request-id') ?? makeReference()
  try {
    return (await refuseWhileHeld(request)) ?? (await run(requestId))
  } catch (error) {
    unstable_rethrow(error)
    log().error({ requestId, path: request.nextUrl.pathname, err: error }, 'request failed')
    return isDatabaseUnavailable(error) ? seeOther('/connect/unavailable') : unknownErrorPage(requestId)
  }
}

/** Our largest form, the permissions, has a few hundred bytes. */
const bodyBytesMax = 64 * 1024

/** Repeated fields are arrays. Returns null if the body is too large, and no fields if it is no form. */
async function readFields(request: NextRequest): Promise<Record<string, string | string[]> | null> {
  const form = await readForm(request, bodyBytesMax)
  if (!form) return null
  const fields: Record<string, string | string[]> = {}
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name).filter((value) => typeof value === 'string')
    fields[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return fields
}

async function readForm(request: NextRequest, bytesMax: number): Promise<FormData | null> {
  // A client that disconnects while sending has sent nothing.
  const body = await readBody(request, bytesMax).catch(() => new Uint8Array())
  if (!body) return null
  const headers = { 'Content-Type': request.headers.get('content-type') ?? '' }
  return new Response(body, { headers }).formData().catch(() => new FormData())
}

/** Stops at the limit, as `Content-Length` may be missing. */
async function readBody(request: NextRequest, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of request.body ?? []) {
    bytes += part.byteLength
    if (bytes > bytesMax) return null
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
