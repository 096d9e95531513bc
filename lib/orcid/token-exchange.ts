import { z } from 'zod'
import { isOutage, readJson, reportForeignAnswer } from './answer'
import { type OrcidClient, orcidEndpoints } from './client'
import { formRequest, refusals, toReason } from './oauth'
import { type OrcidAnswer, type OrcidRequest, type SendLimits, sendToOrcid } from './transport'

const tokenType = 'urn:ietf:params:oauth:token-type:'
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** How the receiver of an id_token gets an access token of its own for it (RFC 8693). */
export const exchangeByReceiver = {
  grant_type: grantType,
  subject_token_type: `${tokenType}id_token`,
  requested_token_type: `${tokenType}access_token`,
} as const

/**
 * `not_offered`: our client may not exchange tokens. `token_refused`: ORCID takes this access token no more, in the
 * words of its token endpoint. `unavailable` says nothing; what ORCID may have issued reached nobody.
 */
export type IdTokenOutcome =
  | { kind: 'issued'; idToken: string }
  | { kind: 'not_offered' }
  | { kind: 'token_refused' }
  | { kind: 'refused'; status: number; error: string }
  | { kind: 'unavailable'; reason: string }

/** Gets a new id_token for a live access token of this client, once. Never throws. */
export async function requestIdToken(
  client: OrcidClient,
  accessToken: string,
  limits?: Partial<SendLimits>,
): Promise<IdTokenOutcome> {
  const request = idTokenRequest(client, accessToken)
  const answer = await sendToOrcid(request, limits)
  const outcome = judgeIdTokenAnswer(answer)
  if (answer.kind === 'answered' && outcome.kind === 'unavailable' && outcome.reason === 'foreign')
    reportForeignAnswer('token', request, answer)
  return outcome
}

/** Builds the request of RFC 8693 §2.1, as ORCID documents it (ORCID-Source, `token_delegation.md`). */
export function idTokenRequest(client: OrcidClient, accessToken: string): OrcidRequest {
  return formRequest(orcidEndpoints(client.issuer).token, client, {
    grant_type: grantType,
    subject_token: accessToken,
    subject_token_type: `${tokenType}access_token`,
    requested_token_type: `${tokenType}id_token`,
  })
}

// RFC 8693 §2.2.1 puts the issued token into `access_token`, whatever it is.
const issuedSchema = z.object({
  access_token: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  issued_token_type: z.literal(`${tokenType}id_token`),
})
const refusalSchema = z.object({ error: z.string(), error_description: z.string().catch('') })

/** Only ORCID's own words decide. They differ between its servers, classic and current. */
export function judgeIdTokenAnswer(answer: OrcidAnswer): IdTokenOutcome {
  if (answer.kind === 'not_sent') return { kind: 'unavailable', reason: 'not_sent' }
  if (answer.kind === 'torn') return { kind: 'unavailable', reason: toReason(answer.reason) }
  const { status } = answer
  const json = readJson(answer)
  const issued = issuedSchema.safeParse(json)
  if (status === 200 && issued.success) return { kind: 'issued', idToken: issued.data.access_token }
  const refusal = refusalSchema.safeParse(json)
  if (refusal.success && refusals.get(refusal.data.error)?.includes(status)) return judgeRefusal(status, refusal.data)
  return { kind: 'unavailable', reason: isOutage(status) ? 'server_error' : 'foreign' }
}

// ORCID-Source, `IETFExchangeTokenGranter.java`. RFC 6749 has a code of its own for the first two.
const notOffered = /^Client (does not have|has not) .*enabled/
const tokenRefused = /^access_token (does not exist or is disabled|has expired)/

function judgeRefusal(
  status: number,
  { error, error_description: text }: z.infer<typeof refusalSchema>,
): IdTokenOutcome {
  if (error === 'unauthorized_client' || error === 'unsupported_grant_type') return { kind: 'not_offered' }
  if (error === 'invalid_request' && notOffered.test(text)) return { kind: 'not_offered' }
  if (error === 'invalid_grant' || (error === 'invalid_request' && tokenRefused.test(text))) {
    return { kind: 'token_refused' }
  }
  return { kind: 'refused', status, error }
}
