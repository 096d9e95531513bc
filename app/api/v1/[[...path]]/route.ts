import type { NextRequest } from 'next/server'
import { handleApi } from '@/lib/api/handle'
import { makeReference } from '@/lib/crypto/secrets'
import { findClientAddress } from '@/lib/http/caller'
import { noteProxies } from '@/lib/http/proxies'

function handle(request: NextRequest): Promise<Response> {
  noteProxies(request.headers)
  const requestId = request.headers.get('x-request-id') ?? makeReference()
  return handleApi({ request, address: findClientAddress(request.headers), requestId })
}

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
}
