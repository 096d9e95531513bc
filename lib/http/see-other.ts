import { NextResponse } from 'next/server'

/** A 303 to ORCID or to a relative path, which keeps host names from requests out of it. */
export function seeOther(location: string): NextResponse {
  return new NextResponse(null, { status: 303, headers: { Location: location, 'Cache-Control': 'no-store' } })
}
