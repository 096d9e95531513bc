import { ImageResponse } from 'next/og'
import type { CSSProperties } from 'react'
import { type Env, env } from '@/lib/config/env'
import type { Logo } from '@/lib/config/logo'
import { findInitials } from '@/lib/config/monogram'
import { canWriteName, hasLinkPreview } from '@/lib/http/logo'

const drawn = new WeakMap<Env, Promise<ArrayBuffer>>()

/** The picture of a link to us in chats and on other sites, drawn once for each name, logo and accent. */
export async function GET() {
  if (!hasLinkPreview()) return new Response(null, { status: 404 })
  const current = env()
  const bytes = drawn.get(current) ?? new ImageResponse(<Preview />, { width: 1200, height: 630 }).arrayBuffer()
  drawn.set(current, bytes)
  return new Response(await bytes, {
    headers: { 'Content-Type': 'image/png', 'Cache-Control': 'public, max-age=3600' },
  })
}

function Preview() {
  const { name, accent, logo } = env().institution
  const style: CSSProperties = {
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
    letterSpacing: -1,
    lineHeight: 1.2,
  }
  return (
    <div style={style}>
      {logo ? <LogoPicture {...logo} /> : <Monogram />}
      {canWriteName() ? name : ''}
    </div>
  )
}

function LogoPicture({ type, bytes, ratio }: Logo) {
  const width = Math.min(200 * ratio, 960)
  const backgroundImage = `url(data:${type};base64,${bytes.toString('base64')})`
  return <div style={{ width, height: width / ratio, backgroundImage, backgroundSize: '100% 100%' }} />
}

/** As `drawMonogram`, whose letters are not drawn in a picture in a picture. */
function Monogram() {
  const { name, accent } = env().institution
  const style: CSSProperties = {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: 200,
    height: 200,
    borderRadius: 36,
    background: accent.light,
    color: '#ffffff',
    fontSize: 96,
  }
  return <div style={style}>{findInitials(name)}</div>
}

export const dynamic = 'force-dynamic'
