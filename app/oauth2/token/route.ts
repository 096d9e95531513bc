import type { NextRequest } from 'next/server'
import { POST as giveToken } from '@/app/oauth/token/route'
import { env } from '@/lib/config/env'

/** As `/oauth/token`, at the address that clients of Stanford's MaIS know. */
export async function POST(request: NextRequest): Promise<Response> {
  return env().maisApi ? giveToken(request) : new Response(null, { status: 404 })
}
