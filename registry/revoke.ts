import { authenticateClient } from './clients'
import { type Registry, type RegistryContext, readForm } from './context'
import type { RevokeRequest } from './state'
import { disableTokens, findToken } from './tokens'
import { answerWithFault } from './wire-faults'

/**
 * POST /oauth/revoke: 200 with an empty body for live, dead, unknown and foreign tokens.
 * Source: ORCID/ORCID-Source `orcid-api-web/tutorial/revoke.md` and `RevokeController.java`.
 */
export async function answerRevoke(registry: Registry, c: RegistryContext): Promise<Response> {
  const form = await readForm(c)
  const fault = registry.faults.take('revoke')
  const request: RevokeRequest = {
    at: new Date(registry.now()).toISOString(),
    clientId: form.get('client_id'),
    token: form.get('token'),
    outcome: 'not processed',
    fault: fault?.fault ?? null,
  }
  registry.store.revokeRequests.push(request)
  registry.store.changed()
  return answerWithFault(c, fault, () => {
    // ORCID's proxy checks for the token before the authorization server checks the client.
    const value = form.get('token')
    if (!value) {
      request.outcome = 'invalid_request'
      return c.json({ error: 'invalid_request', error_description: 'token is required' }, 400)
    }
    const answer = authenticateClient(registry, c.req.header('Authorization'), form)
    if (!answer.ok) {
      request.outcome = answer.body.error
      return c.json(answer.body, answer.status)
    }
    request.outcome = revoke(registry, answer.client.id, value)
    return c.body(null, 200)
  })
}

function revoke(registry: Registry, clientId: string, value: string): string {
  const found = findToken(registry, value)
  if (!found || found.clientId !== clientId) return 'unknown'
  const disabled = disableTokens(registry, 'CLIENT_REVOKED', (token) => token === found)
  return disabled > 0 ? 'revoked' : 'already disabled'
}
