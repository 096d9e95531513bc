import { findReadinessFault } from '@/lib/installation/queries'

/** Whether the portal can do its work: 503 with the reason where it cannot. */
export async function GET() {
  const reason = await findReadinessFault()
  const body = reason ? { status: 'not ready', reason } : { status: 'ready' }
  return Response.json(body, { status: reason ? 503 : 200, headers: { 'Cache-Control': 'no-store' } })
}

export const dynamic = 'force-dynamic'
