import type { NextRequest } from 'next/server'
import { getLogo, getTabIcon } from '@/lib/http/logo'

/** The logo of the institution. `lib/http/request-check.ts` lets nothing in it run, should somebody open it alone. */
export function GET({ nextUrl: { searchParams } }: NextRequest) {
  const theme = searchParams.get('theme') === 'dark' ? 'dark' : 'light'
  const { type, bytes } = searchParams.get('for') === 'tab' ? getTabIcon() : getLogo(theme)
  return new Response(new Uint8Array(bytes), {
    headers: { 'Content-Type': type, 'Cache-Control': 'public, max-age=3600' },
  })
}

export const dynamic = 'force-dynamic'
