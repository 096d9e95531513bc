import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/env'
import { makeReference } from '@/lib/secrets'

export const config = { matcher: ['/((?!_next/static|_next/image).*)'] }

/** Its address holds a code, which no other page may be told of. It has no form, whose origin would be lost. */
const callbackPath = '/api/auth/callback/orcid'

/**
 * Stands in front of every page and route: gives the request its reference, sets the headers, and refuses a change of
 * state that another site sends. It decides nothing else.
 */
export function proxy(request: NextRequest): NextResponse {
  const requestId = makeReference()
  const nonce = randomBytes(16).toString('base64')
  const policy = contentSecurityPolicy(nonce)
  if (!methods.has(request.method)) return withHeaders(notAllowed(), request, requestId, policy)
  if (!isRead(request) && !isOwn(request)) return withHeaders(refusal(), request, requestId, policy)
  const headers = new Headers(request.headers)
  headers.set('x-request-id', requestId)
  // The forms for language and theme lead back to the page that they were sent from.
  headers.set('x-concord-path', `${request.nextUrl.pathname}${request.nextUrl.search}`)
  headers.set('Content-Security-Policy', policy)
  return withHeaders(NextResponse.next({ request: { headers } }), request, requestId, policy)
}

/** What our pages and routes know. Next.js would render a page for any other method as well. */
const methods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS'])

const isRead = ({ method }: NextRequest) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

/** Browsers say where a request comes from; one that says nothing is not one of our forms. */
function isOwn(request: NextRequest): boolean {
  const site = request.headers.get('sec-fetch-site')
  return site ? site === 'same-origin' : request.headers.get('origin') === env().origin
}

function refusal(): NextResponse {
  return new NextResponse('This request came from another site and was refused. Nothing was changed.\n', {
    status: 403,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  })
}

function notAllowed(): NextResponse {
  return new NextResponse(null, { status: 405, headers: { Allow: [...methods].join(', ') } })
}

function contentSecurityPolicy(nonce: string): string {
  const { orcid, secureCookies } = env()
  const development = process.env.NODE_ENV === 'development'
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    // The form posts to us, and Chromium also checks where the 303 leads: to ORCID.
    `form-action 'self' ${new URL(orcid.issuer).origin}`,
    "frame-ancestors 'none'",
    ...(secureCookies ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}

function withHeaders(
  response: NextResponse,
  { nextUrl }: NextRequest,
  requestId: string,
  policy: string,
): NextResponse {
  const { headers } = response
  const path = nextUrl.pathname
  headers.set('Content-Security-Policy', policy)
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', path === callbackPath ? 'no-referrer' : 'same-origin')
  headers.set('X-Frame-Options', 'DENY')
  headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  headers.set('X-Request-Id', requestId)
  if (env().secureCookies) headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')
  return response
}
