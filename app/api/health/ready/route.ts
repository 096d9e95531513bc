import { findReadinessFault } from '@/lib/installation/queries'
import { isClosing } from '@/lib/process/closing'

/** Whether the portal can do its work: 503 with the reason where it cannot. */
export async function GET() {
  const found = isClosing() ? null : await findReadinessFault()
  // Also where it began to close meanwhile.
  const fault = isClosing() ? { reason: 'closing' } : found
  const body = fault ? { status: 'not ready', ...fault } : { status: 'ready' }
  return Response.json(body, { status: fault ? 503 : 200, headers: { 'Cache-Control': 'no-store' } })
}

export const dynamic = 'force-dynamic'
