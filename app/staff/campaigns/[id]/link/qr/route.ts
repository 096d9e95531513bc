import type { NextRequest } from 'next/server'
import { getTranslations } from 'next-intl/server'
import QRCode from 'qrcode'
import { requireStaff } from '@/lib/auth/gates'
import { findPublicLink } from '@/lib/campaigns/asking'
import { refuseDownload } from '@/lib/http/download'
import { readRoute } from '@/lib/http/route'
import { readOne } from '@/lib/list/search'

type Context = { params: Promise<{ id: string }> }

/** A campaign’s public link as a QR code, for posters. */
export async function GET(request: NextRequest, { params }: Context): Promise<Response> {
  const { id } = await params
  return readRoute('export', async (query) => {
    const actor = await requireStaff('seeCampaigns')
    const link = await findPublicLink(actor, id)
    const format = readOne(query, 'format') === 'png' ? 'png' : 'svg'
    if (!link) return refuseDownload((await getTranslations('staff.publicLink'))('noCampaign'))
    const options = { margin: 4, errorCorrectionLevel: 'M' } as const
    const file =
      format === 'png'
        ? new Uint8Array(await QRCode.toBuffer(link.url, { ...options, type: 'png', width: 1_200 }))
        : await QRCode.toString(link.url, { ...options, type: 'svg' })
    return new Response(file, {
      headers: {
        'Content-Type': format === 'png' ? 'image/png' : 'image/svg+xml',
        'Content-Disposition': `attachment; filename="${toFileName(link.code)}.${format}"`,
        'Cache-Control': 'no-store',
      },
    })
  })(request)
}

const toFileName = (code: string) => `orcid-${code.replace(/[^\w-]/g, '')}`
