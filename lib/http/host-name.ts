import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/config/env'
import { findReferringPath } from '@/lib/http/own-path'

/** Called by probes and timers, which use internal names. */
const machinePaths = /^\/(api\/health\/\w+|api\/jobs|metrics)$/

/**
 * Leads a request under another host name than that of `NEXTAUTH_URL` to the same page under ours, before anything
 * begins: the cookies of one name are not sent to the other. A form does nothing and leads back to its page. Null for a
 * request that may go on. No part of a host name from a request gets into the answer.
 */
export function leadToOurHost(request: NextRequest): NextResponse | null {
  const { origin } = env()
  const { pathname, search } = request.nextUrl
  const hostname = findHostname(request.headers, env().trustedProxies)
  if (!hostname || hostname === new URL(origin).hostname || machinePaths.test(pathname)) return null
  switch (request.method) {
    // Temporary: a browser must not go on when `NEXTAUTH_URL` changes.
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

/**
 * The host name that the browser asked for, as it would write it; null where it is not known. Cookies do not know about
 * ports, so neither does this; a dot at the end makes another name. Next.js copies `Host` into `X-Forwarded-Host` where
 * that is missing, and passes on what a client has written into it: it counts only as far as proxies of ours wrote it.
 */
export function findHostname(headers: Headers, proxies: number): string | null {
  const forwarded = proxies > 0 ? (headers.get('x-forwarded-host')?.split(',') ?? []) : []
  const host = forwarded.at(-proxies) ?? forwarded[0] ?? headers.get('host') ?? ''
  const url = `http://${host.trim()}`
  return URL.canParse(url) ? new URL(url).hostname : null
}
