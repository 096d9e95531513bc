import { ImageResponse } from 'next/og'
import { env } from '@/lib/config/env'
import { canWriteName, getLogo } from '@/lib/http/logo'
import { keep } from '@/lib/institution'

declare module '@/lib/institution' {
  interface Institution {
    linkPreview?: Promise<ArrayBuffer>
  }
}

/** The picture of a link to us in chats and on other sites, drawn once. */
export async function GET() {
  const bytes = await keep('linkPreview', () =>
    new ImageResponse(<Preview />, { width: 1200, height: 630 }).arrayBuffer(),
  )
  return new Response(bytes, { headers: { 'Content-Type': 'image/png', 'Cache-Control': 'public, max-age=3600' } })
}

const logoHeight = 200

function Preview() {
  const { name, accent, logo } = env().institution
  const { type, bytes, ratio } = getLogo('light')
  const width = Math.min(logoHeight * ratio, 960)
  return (
    <div
      style={{
        display: 'flex',
        flexDirection: 'column',
        justifyContent: 'center',
        gap: 48,
        width: '100%',
        height: '100%',
        padding: '0 120px',
        background: '#ffffff',
        borderTop: `24px solid ${accent.light}`,
        color: '#16191d',
        fontSize: 68,
        lineHeight: 1.2,
      }}
    >
      {logo ? (
        <div
          style={{
            width,
            height: width / ratio,
            backgroundImage: `url(data:${type};base64,${bytes.toString('base64')})`,
            backgroundSize: '100% 100%',
          }}
        />
      ) : null}
      {canWriteName() ? name : ''}
    </div>
  )
}

export const dynamic = 'force-dynamic'
