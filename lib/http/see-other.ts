import { NextResponse } from 'next/server'

/** A 303: to ORCID, or to a path of our own, which stays relative so that no host name from a request gets into it. */
export function seeOther(location: string): NextResponse {
  return new NextResponse(null, { status: 303, headers: { Location: location, 'Cache-Control': 'no-store' } })
}
