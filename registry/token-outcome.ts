import type { Registry } from './context'
import type { Fault } from './faults'
import { nameInTokenAnswer, personOf } from './people'
import type { Token } from './state'
import { shuffled } from './tokens'

// ORCID's only documented text for any fault of a code, its redirect URI or its owner.
export const GENERIC = 'One of the provided parameters is invalid, or, the provided token/code is invalid or expired'

export type Outcome = { status: 200 | 400 | 401; body: Record<string, unknown>; outcome: string }

export function refused(error: string, description: string, status: 400 | 401 = 400): Outcome {
  return { status, body: { error, error_description: description }, outcome: error }
}

/** The answer of every grant; a code exchange adds the id_token. */
export function describeToken(registry: Registry, token: Token, fault: Fault | null): Record<string, unknown> {
  const person = personOf(registry, token.orcid)
  return {
    access_token: token.accessToken,
    token_type: 'bearer',
    refresh_token: token.refreshToken,
    expires_in: fault?.fault === 'expires_in_string' ? String(token.lifetimeS) : token.lifetimeS,
    scope: shuffled(token.scopes).join(' '),
    ...(token.orcid === null ? {} : { name: person ? nameInTokenAnswer(person) : null }),
    orcid: token.orcid,
  }
}
