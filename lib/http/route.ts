import 'server-only'
import { unstable_rethrow } from 'next/navigation'
import type { NextRequest } from 'next/server'
import type { z } from 'zod'
import { packForm } from '@/lib/attempts/return-point'
import { findSignedIn } from '@/lib/auth/session'
import type { RateLimitedAction } from '@/lib/config/rate-limits'
import { makeReference } from '@/lib/crypto/secrets'
import { isDatabaseUnavailable } from '@/lib/db'
import limits from '@/lib/http/body-limits.json'
import { findUpload, hasTooManyFields } from '@/lib/http/form-size'
import { refuseWhileHeld } from '@/lib/http/hold'
import { toLoggedPath } from '@/lib/http/own-path'
import { badRequestPage, sessionEndedPage, tooLargePage, unknownErrorPage } from '@/lib/http/plain-page'
import { enforceRateLimit } from '@/lib/http/request-limit'
import { seeOther } from '@/lib/http/see-other'
import { log } from '@/lib/log'

type Handler<Input> = (input: Input, context: { request: NextRequest; requestId: string }) => Promise<Response>

type FormOptions<Input> = {
  /** The form's page. If set, a form sent after the session ended keeps its input. */
  pageOf?: (input: Input) => string
}

/** Parses and counts a form. Errors become pages. `proxy.ts` checked the origin; a gate in the handler proves the actor. */
export function formRoute<Input>(
  use: RateLimitedAction | ((input: Input) => RateLimitedAction),
  schema: z.ZodType<Input>,
  handle: Handler<Input>,
  { pageOf }: FormOptions<Input> = {},
) {
  return async (request: NextRequest): Promise<Response> => {
    const form = await readForm(request, findUpload(request.nextUrl.pathname)?.bytesMax ?? limits.formBytesMax)
    if (form === 'too_large') return tooLargePage()
    const fields = form && readFields(form)
    const parsed = schema.safeParse(fields)
    if (!fields || !parsed.success) return badRequestPage()
    return guarded(request, typeof use === 'function' ? use(parsed.data) : use, async (requestId) => {
      if (pageOf && !(await findSignedIn())) {
        const form = { action: request.nextUrl.pathname, fields }
        return sessionEndedPage(pageOf(parsed.data), packForm(form))
      }
      return handle(parsed.data, { request, requestId })
    })
  }
}

export type UploadedFile = { bytes: Uint8Array; name: string; fields: Record<string, string | string[]> }

/**
 * A route handler for a form with one file, in the field `file`. A file above `bytesMax` leads to `tooLarge`, a form that
 * was cut off on its way to `incomplete`; a missing file is empty.
 */
export function uploadRoute(
  { bytesMax, tooLarge, incomplete }: { bytesMax: number; tooLarge: string; incomplete?: string },
  handle: Handler<UploadedFile>,
) {
  return async (request: NextRequest): Promise<Response> =>
    guarded(request, 'upload', async (requestId) => {
      const form = await readForm(request, findUpload(request.nextUrl.pathname)?.bytesMax ?? limits.formBytesMax)
      if (form === 'too_large') return seeOther(tooLarge)
      if (!form) return badRequestPage()
      if (incomplete && ![...form].length) return seeOther(incomplete)
      const file = form.get('file')
      const isFile = file instanceof File
      const bytes = isFile ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array()
      if (bytes.length > bytesMax) return seeOther(tooLarge)
      return handle({ bytes, name: isFile ? file.name : '', fields: readFields(form) }, { request, requestId })
    })
}

/** A route handler for GET. One that writes or asks ORCID is counted as `use`. */
export function readRoute(use: RateLimitedAction | 'none', handle: Handler<URLSearchParams>) {
  return (request: NextRequest): Promise<Response> =>
    guarded(request, use, (requestId) => handle(request.nextUrl.searchParams, { request, requestId }))
}

async function guarded(
  request: NextRequest,
  use: RateLimitedAction | 'none',
  run: (requestId: string) => Promise<Response>,
): Promise<Response> {
  const requestId = request.headers.get('x-request-id') ?? makeReference()
  try {
    const refusal = (await refuseWhileHeld(request)) ?? (use === 'none' ? null : await enforceRateLimit(request, use))
    return refusal ?? (await run(requestId))
  } catch (error) {
    unstable_rethrow(error)
    log().error({ requestId, path: toLoggedPath(request.nextUrl.pathname), err: error }, 'request failed')
    return isDatabaseUnavailable(error) ? seeOther('/connect/unavailable') : unknownErrorPage(requestId)
  }
}

/** Repeated fields are arrays. */
function readFields(form: FormData): Record<string, string | string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of form) {
    const all = values.get(name) ?? []
    if (typeof value === 'string') all.push(value)
    values.set(name, all)
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]))
}

/** Returns null if the body breaks off, and no fields if it is no form. */
async function readForm(request: NextRequest, bytesMax: number): Promise<FormData | 'too_large' | null> {
  const body = await readBody(request, bytesMax).catch(() => null)
  if (!body || body === 'too_large') return body
  const type = request.headers.get('content-type') ?? ''
  if (hasTooManyFields(body, type)) return 'too_large'
  return new Response(body, { headers: { 'Content-Type': type } }).formData().catch(() => new FormData())
}

/** Stops at the limit, as `Content-Length` may be missing. */
async function readBody(request: NextRequest, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | 'too_large' | null> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of request.body ?? []) {
    bytes += part.byteLength
    if (bytes > bytesMax) return 'too_large'
    parts.push(part)
  }
  // A server may hand over the part that has arrived.
  if (bytes < Number(request.headers.get('content-length') ?? 0)) return null
  return new Uint8Array(Buffer.concat(parts))
}
