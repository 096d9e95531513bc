import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Env } from '@/lib/config/env'
import { makeSecret } from '@/lib/crypto/secrets'
import { describeForeignAnswer, type ForeignAnswer, formatForeignAnswer, isOutage, readJson } from '@/lib/orcid/answer'
import { orcidEndpoints } from '@/lib/orcid/client'
import { exchangeCode } from '@/lib/orcid/oauth'
import { type OrcidRequest, sendToOrcid } from '@/lib/orcid/transport'
import { type Finding, foreignFinding, judgeClock } from '@/scripts/doctor-findings'

/** Asks the registry for its keys, and for a token with a code that does not exist: neither changes anything there. */
export async function examineOrcid(env: Env): Promise<Finding[]> {
  const keys = await examineKeys(env)
  return keys.some(({ state }) => state === 'wrong') ? keys : [...keys, await examineCredentials(env)]
}

async function examineKeys({ orcid }: Env): Promise<Finding[]> {
  const what = 'registry'
  const { jwks: url } = orcidEndpoints(orcid.issuer)
  const before = Date.now()
  const request: OrcidRequest = { method: 'GET', url, body: null, proxy: orcid.issuerProxy }
  const answer = await sendToOrcid(request)
  const after = Date.now()
  if (answer.kind !== 'answered') {
    const way = orcid.issuerProxy ? ' through HTTPS_PROXY' : ''
    return [{ what, state: 'wrong', finding: `${url} cannot be reached${way}: ${answer.kind}` }]
  }
  if (!isOutage(answer.status) && !readJson(answer))
    return [tellForeign(describeForeignAnswer('jwks', request, answer))]
  if (answer.status !== 200) return [{ what, state: 'wrong', finding: `${url} answers ${answer.status}` }]
  const good: Finding = { what, state: 'good', finding: `answers in ${after - before} ms` }
  const date = Date.parse(answer.headers.date ?? '')
  if (Number.isNaN(date)) return [good]
  // The header has whole seconds, cut off.
  const difference = (date + 500 - (before + after) / 2) / 1_000
  return [good, judgeClock('clock of the registry', difference, 0.5 + (after - before) / 2_000)]
}

/** ORCID looks at the client first, then at the code (https://www.rfc-editor.org/rfc/rfc6749#section-5.2). */
async function examineCredentials({ orcid }: Env): Promise<Finding> {
  const what = 'credentials'
  const { issuer, issuerProxy: proxy, clientId, clientSecret, redirectUri } = orcid
  const madeUp = makeSecret().slice(0, 6)
  const client = { issuer, clientId, clientSecret, proxy }
  const met: ForeignAnswer[] = []
  const note = (message: unknown) => void met.push(message as ForeignAnswer)
  subscribe('concord:foreign', note)
  const answer = await exchangeCode(client, { code: madeUp, redirectUri })
  unsubscribe('concord:foreign', note)
  if (met[0]) return tellForeign(met[0])
  if (answer.kind !== 'refused')
    return { what, state: 'doubt', finding: `the registry gave no clear answer: ${answer.kind}` }
  if (answer.error === 'invalid_grant')
    return { what, state: 'good', finding: `${clientId} and its secret are accepted` }
  const isWrong = answer.status === 401 || ['invalid_client', 'unauthorized_client'].includes(answer.error)
  return { what, state: isWrong ? 'wrong' : 'doubt', finding: `the registry answers ${answer.status} ${answer.error}` }
}

const tellForeign = (answer: ForeignAnswer) =>
  foreignFinding(`${answer.endpoint} is answered by something else (${formatForeignAnswer(answer)})`)
