import 'server-only'
import { equalSecrets } from '@/lib/crypto/secrets'

/** Compares the bearer token in constant time. Returns null if it matches, else a 401; without a `secret`, a 404. */
export function checkBearer(request: Request, secret: string | undefined): Response | null {
  const headers = { 'Cache-Control': 'no-store' }
  if (!secret) return new Response('Not found\n', { status: 404, headers })
  const given = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (given && equalSecrets(given, secret)) return null
  return new Response('Unauthorized\n', { status: 401, headers: { ...headers, 'WWW-Authenticate': 'Bearer' } })
}
