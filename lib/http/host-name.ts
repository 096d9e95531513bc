import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/config/env'
import { findReferringPath } from '@/lib/http/own-path'

/** Programs call these, also under internal names. */
const machinePaths = /^\/(api\/health\/\w+|api\/jobs|api\/v1(\/.*)?|metrics)$/

/**
 * Redirects other host names to ours, because cookies belong to one name. A POST only leads back to its page. Returns
 * null for our name. No host name from the request gets into the answer.
 */
export function redirectToOurHost(request: NextRequest): NextResponse | null {
  const { origin } = env()
  const { pathname, search } = request.nextUrl
  const hostname = findHostname(request.headers, env().trustedProxies)
  if (!hostname || hostname === new URL(origin).hostname || machinePaths.test(pathname)) return null
  switch (request.method) {
    // Temporary, so that browsers do not cache it when `NEXTAUTH_URL` changes.
    case 'GET':
    case 'HEAD':
      return redirectTo(307, `${origin}${pathname}${search}`)
    case 'POST':
      return redirectTo(303, `${origin}${findReferringPath(request.headers, hostname) ?? '/'}`)
    default:
      return null
  }
}

const redirectTo = (status: number, location: string) =>
  new NextResponse(null, { status, headers: { Location: location } })

/** Omits the port, as cookies do. Clients can write `X-Forwarded-Host`, so only our own proxies' entries count. */
export function findHostname(headers: Headers, proxies: number): string | null {
  const forwarded = proxies > 0 ? (headers.get('x-forwarded-host')?.split(',') ?? []) : []
  const host = forwarded.at(-proxies) ?? forwarded[0] ?? headers.get('host') ?? ''
  const url = `http://${host.trim()}`
  return URL.canParse(url) ? new URL(url).hostname : null
}
