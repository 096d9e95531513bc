/**
 * Our credentials at one registry. `issuer` is its base address without a trailing slash, as in `iss`; `proxy` is the
 * address of the HTTP proxy on the way there.
 */
export type OrcidClient = { issuer: string; clientId: string; clientSecret: string; proxy?: string | null }

/**
 * ORCID's addresses below an issuer. They are fixed here because its discovery document leaves the revocation endpoint
 * out (https://orcid.org/.well-known/openid-configuration).
 */
export function orcidEndpoints(issuer: string) {
  const base = issuer.replace(/\/+$/, '')
  return {
    authorize: `${base}/oauth/authorize`,
    token: `${base}/oauth/token`,
    revoke: `${base}/oauth/revoke`,
    userinfo: `${base}/oauth/userinfo`,
    jwks: `${base}/oauth/jwks`,
    discovery: `${base}/.well-known/openid-configuration`,
  }
}
