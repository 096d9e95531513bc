import type { Registry, RegistryContext } from './context'
import { publicJwks } from './keys'

const JSON_TYPE = 'application/json;charset=UTF-8'

/** Byte for byte as ORCID's Jackson prints it: keys, order and spaces. */
function discoveryText(issuer: string): string {
  const rows: [string, string | string[] | boolean][] = [
    ['token_endpoint_auth_signing_alg_values_supported', ['RS256']],
    ['id_token_signing_alg_values_supported', ['RS256']],
    ['userinfo_endpoint', `${issuer}/oauth/userinfo`],
    ['authorization_endpoint', `${issuer}/oauth/authorize`],
    ['token_endpoint', `${issuer}/oauth/token`],
    ['jwks_uri', `${issuer}/oauth/jwks`],
    ['claims_supported', ['family_name', 'given_name', 'name', 'auth_time', 'iss', 'sub']],
    ['scopes_supported', ['openid']],
    ['subject_types_supported', ['public']],
    ['response_types_supported', ['code', 'id_token', 'id_token token']],
    ['claims_parameter_supported', false],
    ['token_endpoint_auth_methods_supported', ['client_secret_post']],
    ['grant_types_supported', ['authorization_code', 'implicit', 'refresh_token']],
    ['issuer', issuer],
  ]
  return `{\n${rows.map(([key, value]) => `  ${JSON.stringify(key)} : ${printValue(value)}`).join(',\n')}\n}`
}

function printValue(value: string | string[] | boolean): string {
  if (!Array.isArray(value)) return JSON.stringify(value)
  return `[ ${value.map((item) => JSON.stringify(item)).join(', ')} ]`
}

export function answerDiscovery(registry: Registry, c: RegistryContext): Response {
  return c.body(discoveryText(registry.issuer), 200, { 'Content-Type': JSON_TYPE })
}

export function answerJwks(registry: Registry, c: RegistryContext): Response {
  return c.body(JSON.stringify(publicJwks(registry.store.key)), 200, {
    'Content-Type': JSON_TYPE,
    'Cache-Control': 'no-store',
  })
}
