import { z } from 'zod'
import { isOutage, readJson, reportForeignAnswer } from './answer'
import { type OrcidClient, orcidEndpoints } from './client'
import { orcidSchema } from './schema'
import { type OrcidRequest, type SendLimits, sendToOrcid } from './transport'

/** `person`: the token works and belongs to this iD. `refused`: it is dead or lacks `openid` and `/authenticate`. */
export type UserinfoOutcome =
  | { kind: 'person'; orcid: string }
  | { kind: 'refused' }
  | { kind: 'unavailable'; reason: string }

const personSchema = z.object({ sub: orcidSchema })
/** ORCID sends 403 and spells the field with a hyphen (ORCID-Source, `OpenIDController.java`). */
const refusalSchema = z.object({ error: z.literal('access_denied'), 'error-description': z.string() })

/** Asks ORCID once which iD an access token belongs to. Never throws. */
export async function askUserinfo(
  client: Pick<OrcidClient, 'issuer' | 'proxy'>,
  token: string,
  limits?: Partial<SendLimits>,
): Promise<UserinfoOutcome> {
  const { userinfo: url } = orcidEndpoints(client.issuer)
  const request: OrcidRequest = { method: 'GET', url, body: null, bearer: token, proxy: client.proxy }
  const answer = await sendToOrcid(request, limits)
  if (answer.kind === 'not_sent') return { kind: 'unavailable', reason: 'not_sent' }
  if (answer.kind === 'torn') return { kind: 'unavailable', reason: answer.reason }
  const json = readJson(answer)
  if (answer.status === 200) {
    const person = personSchema.safeParse(json)
    if (person.success) return { kind: 'person', orcid: person.data.sub }
  }
  if (answer.status === 403 && refusalSchema.safeParse(json).success) return { kind: 'refused' }
  if (isOutage(answer.status)) return { kind: 'unavailable', reason: 'server_error' }
  reportForeignAnswer('userinfo', request, answer)
  return { kind: 'unavailable', reason: 'foreign' }
}
