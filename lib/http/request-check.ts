import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/config/env'
import { makeReference } from '@/lib/crypto/secrets'
import limits from '@/lib/http/body-limits.json'
import { findUpload } from '@/lib/http/form-size'
import { redirectToOurHost } from '@/lib/http/host-name'
import { findReferringPath } from '@/lib/http/own-path'
import { otherSitePage, tooLargePage } from '@/lib/http/plain-page'
import { isPrefetch } from '@/lib/http/prefetch'

const addressCharsMax = 8_000
const methods = ['GET', 'HEAD', 'OPTIONS', 'POST']
const apiMethods = [...methods, 'PUT', 'PATCH', 'DELETE']

/** Their URLs hold a code, so no referrer may leave them. */
const codePaths = ['/api/auth/callback/orcid', '/connect/from-orcid']

// The token of a personal link. Browsers then send `Origin: null` with its forms, and `Sec-Fetch-Site` decides.
const holdsCode = (path: string) => codePaths.includes(path) || path.startsWith('/i/')

/** A GET here changes state: it uses up a code or sets a session cookie. */
const visitPaths = ['/api/auth/callback/orcid', '/connect/in-progress/check']

/**
 * Programs post here, and send neither `Origin` nor `Sec-Fetch-Site`. What they post proves itself: a signed link
 * (https://www.rfc-editor.org/rfc/rfc8058), a bearer secret, a client's
 * secret. No session counts there.
 */
const programPaths = ['/unsubscribe/mail', '/api/mail/bounces', '/oauth/token', '/oauth2/token']

/** Programs ask here with a key, from anywhere. No session counts, and the API refuses by itself. */
const isApi = (path: string) => path === '/api/v1' || path.startsWith('/api/v1/')

/** `protect` adds the security headers to an answer. */
export type RequestCheck = {
  requestId: string
  policy: string
  refused: NextResponse | null
  protect<Answer extends Response>(answer: Answer): Answer
}

/** Sets a request's reference, redirects it to our host name, and refuses requests that our pages cannot send. */
export async function checkRequest(request: NextRequest): Promise<RequestCheck> {
  const requestId = makeReference()
  const policy = contentSecurityPolicy(randomBytes(16).toString('base64'))
  return {
    requestId,
    policy,
    refused: await findRefusal(request),
    protect: (answer) => withHeaders(answer, request.nextUrl.pathname, requestId, policy),
  }
}

async function findRefusal(request: NextRequest): Promise<NextResponse | null> {
  const { pathname, search } = request.nextUrl
  if (pathname.length + search.length > addressCharsMax) return refusal(414, 'The URL is too long.')
  // Next.js would answer 500.
  if (!isDecodable(pathname)) return refusal(400, 'The URL is not valid.')
  const known = isApi(pathname) ? apiMethods : methods
  if (!known.includes(request.method)) return refusal(405, 'Method not allowed.', { Allow: known.join(', ') })
  const redirect = isFile(pathname) ? null : redirectToOurHost(request)
  if (redirect) return redirect
  // Next.js would do the same, without our headers.
  if (pathname !== '/' && pathname.endsWith('/')) return redirectTo(308, `${pathname.slice(0, -1)}${search}`)
  if (isApi(pathname)) return null
  if (!isRead(request) && !isOwn(request)) return otherSitePage(findFormPage(request))
  // Browsers discard the error answer to a prefetch and ask again at the visit
  // (https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Purpose).
  if (visitPaths.includes(pathname) && isPrefetch(request.headers)) return refusal(503, 'Prefetching is not supported.')
  const upload = findUpload(pathname)
  const bytes = Number(request.headers.get('content-length') ?? 0)
  if (bytes <= (upload?.bytesMax ?? limits.formBytesMax)) return null
  return upload ? redirectTo(303, upload.tooLarge) : tooLargePage()
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

const redirectTo = (status: number, path: string) =>
  new NextResponse(null, { status, headers: { Location: `${env().origin}${path}` } })

const isRead = ({ method }: NextRequest) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

// No other site can send our `Origin`. It is `null` after a page without a referrer, and then `Sec-Fetch-Site` decides.
// Browsers send `Origin` with a POST (Firefox since 70). Chrome 76, Firefox 90 and Safari 16.4 introduced
// `Sec-Fetch-Site`. A request with neither comes from a program or a browser that hides its origin, and is refused
// everywhere but at `programPaths`.
function isOwn({ headers, nextUrl }: NextRequest): boolean {
  const [origin, site] = [headers.get('origin'), headers.get('sec-fetch-site')]
  if (!origin && !site) return programPaths.includes(nextUrl.pathname)
  return origin === env().origin || site === 'same-origin'
}

/** Returns the page of a form, to link back to it. */
export function findFormPage({ headers }: NextRequest): string | null {
  return findReferringPath(headers, new URL(env().origin).hostname)
}

function refusal(status: number, sentence: string, headers: Record<string, string> = {}): NextResponse {
  return new NextResponse(`${sentence} Nothing was changed.\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  })
}

/** The same for everybody, so that browsers may keep them. */
const drawings = ['/logo', '/link-preview']

const isFile = (path: string) =>
  path.startsWith('/_next/static/') || /^\/[\w-]+\.svg$/.test(path) || drawings.includes(path)

/** An SVG of the institution may hold a script, which must not run with our origin where somebody opens it alone. */
const logoPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

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
    // Chromium also applies this to the redirect after the form: to ORCID.
    `form-action 'self' ${new URL(orcid.issuer).origin}`,
    "frame-ancestors 'none'",
    ...(secureCookies ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}

function withHeaders<Answer extends Response>(answer: Answer, path: string, requestId: string, policy: string): Answer {
  const { headers } = answer
  headers.set('Content-Security-Policy', path === '/logo' ? logoPolicy : policy)
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', holdsCode(path) ? 'no-referrer' : 'same-origin')
  headers.set('X-Frame-Options', 'DENY')
  headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Resource-Policy', 'same-origin')
  headers.set('X-Request-Id', requestId)
  if (path.startsWith('/i/')) headers.set('X-Robots-Tag', 'noindex, nofollow')
  // Any other answer may hold personal data. Next.js sets this header for pages only.
  if (!isFile(path)) headers.set('Cache-Control', 'no-store')
  if (env().secureCookies) headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')
  return answer
}
