/** `issuer` is the base address without a trailing slash, as in `iss`. `proxy` is the address of an HTTP proxy. */
export type OrcidClient = { issuer: string; clientId: string; clientSecret: string; proxy?: string | null }

/** Fixed, because ORCID's discovery omits revocation (https://orcid.org/.well-known/openid-configuration). */
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
