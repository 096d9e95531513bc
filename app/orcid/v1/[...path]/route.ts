import type { NextRequest } from 'next/server'
import { handleMais } from '@/lib/api/mais'
import { makeReference } from '@/lib/crypto/secrets'
import { findClientAddress } from '@/lib/http/caller'

/** Answers as Stanford's MaIS does, if the institution wants that. */
export function GET(request: NextRequest): Promise<Response> {
  const requestId = request.headers.get('x-request-id') ?? makeReference()
  return handleMais({ request, address: findClientAddress(request.headers), requestId })
}
