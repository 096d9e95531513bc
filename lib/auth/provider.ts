import 'server-only'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { env } from '@/lib/config/env'
import { orcidEndpoints } from '@/lib/orcid/client'

/** Returns the session's id, or null if the attempt failed. */
export type Exchange = (answer: { code: string; nonce: string }) => Promise<string | null>

/** Stops next-auth. The callback already has the result. */
class NoSessionError extends Error {}

/** ORCID as a provider of next-auth 4. ORCID ignores PKCE, so `state` and `nonce` protect the attempt. */
export function orcidProvider(params: Record<string, string>, exchange?: Exchange): OAuthConfig<{ sub: string }> {
  const { issuer, clientId, clientSecret } = env().orcid
  const endpoints = orcidEndpoints(issuer)
  return {
    id: 'orcid',
    name: 'ORCID',
    type: 'oauth',
    clientId,
    clientSecret,
    issuer,
    jwks_endpoint: endpoints.jwks,
    checks: ['state', 'nonce'],
    client: { token_endpoint_auth_method: 'client_secret_post' },
    authorization: { url: endpoints.authorize, params },
    token: {
      url: endpoints.token,
      request: async ({ params: returned, checks }) => {
        const { code, state } = returned
        const nonce = 'nonce' in checks ? checks.nonce : undefined
        // next-auth compares `state` only in its own exchange, which this replaces.
        if (!exchange || !code || !checks.state || !nonce || state !== checks.state) throw new NoSessionError()
        const sessionId = await exchange({ code, nonce })
        if (!sessionId) throw new NoSessionError()
        return { tokens: { sessionId } }
      },
    },
    userinfo: { request: async ({ tokens }) => ({ sub: String(tokens.sessionId) }) },
    profile: ({ sub }) => ({ id: sub }),
  }
}
