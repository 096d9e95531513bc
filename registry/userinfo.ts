import { type Registry, type RegistryContext, readBearerHeader, readForm } from './context'
import { type Person, personOf, publicNames } from './people'
import type { UserinfoRequest } from './state'
import { isUsable } from './tokens'
import { answerWithFault } from './wire-faults'

/** GET or POST /oauth/userinfo. Source: ORCID/ORCID-Source `OpenIDController.java`. */
export async function answerUserinfo(registry: Registry, c: RegistryContext): Promise<Response> {
  const token = await readToken(c)
  const fault = registry.faults.take('userinfo', { token })
  const request: UserinfoRequest = {
    at: new Date(registry.now()).toISOString(),
    clientId: registry.store.tokens.get(token ?? '')?.clientId ?? null,
    token,
    outcome: 'not processed',
    fault: fault?.fault ?? null,
  }
  registry.store.userinfoRequests.push(request)
  registry.store.changed()
  return answerWithFault(c, fault, () => {
    const person = fault?.fault === 'token_refused' ? null : findOwner(registry, token)
    request.outcome = person ? 'answered' : 'access_denied'
    // ORCID answers 403 and spells the error with a hyphen.
    if (!person) return c.json({ error: 'access_denied', 'error-description': 'access_token is invalid' }, 403)
    const names = publicNames(person)
    return c.json({
      id: `${registry.issuer}/${person.orcid}`,
      sub: person.orcid,
      name: names.name,
      family_name: names.family,
      given_name: names.given,
    })
  })
}

async function readToken(c: RegistryContext): Promise<string | null> {
  const inForm = c.req.method === 'POST' ? (await readForm(c)).get('access_token') : null
  return inForm ?? readBearerHeader(c)
}

function findOwner(registry: Registry, accessToken: string | null): Person | null {
  const token = registry.store.tokens.get(accessToken ?? '')
  if (!token || !isUsable(registry, token)) return null
  const mayKnow = token.scopes.includes('openid') || token.scopes.includes('/authenticate')
  return mayKnow ? personOf(registry, token.orcid) : null
}
