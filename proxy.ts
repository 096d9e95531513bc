import { type NextRequest, NextResponse } from 'next/server'
import { clearedCookie, cookieName } from '@/lib/auth/cookies'
import { checkRequest, findFormPage } from '@/lib/http/request-check'

const shownOnce = ['/staff/team/invitations/link', '/staff/systems/key']

/**
 * Stands in front of every page, route and file, so that no answer goes without its headers, and refuses what no page of
 * ours sends.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { requestId, policy, refused, protect } = await checkRequest(request)
  if (refused) return protect(refused)
  const headers = new Headers(request.headers)
  headers.set('x-request-id', requestId)
  // The page that the person is on: the forms for language and theme lead back to it, and so does signing in.
  const page =
    request.method === 'POST' ? findFormPage(request) : `${request.nextUrl.pathname}${request.nextUrl.search}`
  headers.set('x-concord-path', page ?? '')
  headers.set('Content-Security-Policy', policy)
  const answer = NextResponse.next({ request: { headers } })
  // Shown once. A page cannot clear a cookie, and `cookies.set` would hide it from the page.
  if (shownOnce.includes(request.nextUrl.pathname) && request.cookies.has(cookieName('shownLink'))) {
    const cleared = new NextResponse()
    cleared.cookies.set(clearedCookie('shownLink'))
    answer.headers.append('Set-Cookie', cleared.headers.get('Set-Cookie') ?? '')
  }
  return protect(answer)
}
