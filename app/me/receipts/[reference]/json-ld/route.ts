import { notFound } from 'next/navigation'
import type { NextRequest } from 'next/server'
import { requireResearcher } from '@/lib/auth/gates'
import { parseReference } from '@/lib/crypto/secrets'
import { findMyReceipt } from '@/lib/grants/receipts'
import { readRoute } from '@/lib/http/route'

type Context = { params: Promise<{ reference: string }> }

/** The receipt of one of the researcher's permissions as a file, which `npm run audit -- receipt` verifies. */
export async function GET(request: NextRequest, { params }: Context): Promise<Response> {
  const reference = parseReference((await params).reference)
  return readRoute('export', async () => {
    const { actor } = await requireResearcher()
    const receipt = reference && (await findMyReceipt(actor, reference))
    if (!receipt) notFound()
    return new Response(`${JSON.stringify(receipt, null, 2)}\n`, {
      headers: {
        'Content-Type': 'application/ld+json; charset=utf-8',
        'Content-Disposition': `attachment; filename="receipt-${reference}.jsonld"`,
        'Cache-Control': 'no-store',
      },
    })
  })(request)
}
