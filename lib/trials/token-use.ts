import 'server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '@/lib/actor'
import { toBody } from '@/lib/affiliations/body'
import { findOrganisation } from '@/lib/affiliations/organisation'
import { recordEvent } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { db, inTransaction } from '@/lib/db'
import { requestRevocation, revokeNow } from '@/lib/grants/revoking'
import { findClient } from '@/lib/installation/client'
import { keyRing, proveSealing } from '@/lib/installation/commands'
import { clientCredentialsRequest, judgeClientToken, revokeRequest } from '@/lib/orcid/oauth'
import { endTrial } from '@/lib/trials/commands'
import { trialAad } from '@/lib/trials/queries'
import { addStep, callTraced, sendTraced } from '@/lib/trials/steps'
import { type TokenUse, type TrialProblem, trialLifetimeS, trialStepsMax } from '@/lib/trials/trial'

/** Requests a token of the client itself; returns the id of its new trial. */
export async function startTwoLeggedTrial(actor: StaffActor, requestId: string): Promise<string> {
  await proveSealing()
  const { clientId } = env().orcid
  const client = findClient(clientId)
  if (!client) throw new Error('The configured client is missing')
  const id = randomUUID()
  const expiresAt = new Date(Date.now() + trialLifetimeS * 1_000)
  await inTransaction(async (tx) => {
    await tx.trial.create({ data: { id, staffId: actor.staffId, clientId, scopes: [], expiresAt } })
    await recordEvent(tx, actor, { action: 'trial.started', requestId, detail: { scopes: ['/read-public'] } })
  })
  const { received, trace } = await sendTraced(clientCredentialsRequest(client, ['/read-public']), [
    client.clientSecret,
  ])
  const outcome = judgeClientToken(received)
  const token = outcome.kind === 'issued' ? outcome.tokens.accessToken : null
  const unreadableToken = outcome.kind === 'unknown' ? outcome.accessToken : null
  try {
    await inTransaction(async (tx) => {
      await addStep(tx, id, 'exchange', trace)
      if (unreadableToken) await requestRevocation(tx, actor, { token: unreadableToken, clientId, reason: 'trial' })
      if (!token) return
      const sealedAccessToken = keyRing().seal(token, trialAad(id, 'sealed_access_token'))
      await tx.trial.update({ where: { id }, data: { sealedAccessToken, scopes: ['/read-public'] } })
    })
  } catch (error) {
    if (token ?? unreadableToken) await revokeNow(clientId, token ?? unreadableToken ?? '')
    throw error
  }
  return id
}

/** Sends one API request with the trial's token. Returns the problem if nothing was sent. */
export async function callWithTrialToken(
  actor: StaffActor,
  id: string,
  tokenUse: TokenUse,
): Promise<TrialProblem | null> {
  const trial = await findUsable(actor, id)
  if (typeof trial === 'string') return trial
  const call = callOf(tokenUse, trial)
  if (typeof call === 'string') return call
  const { received, trace } = await callTraced(actor, { ...call, token: trial.token })
  const location = received.kind === 'answered' && received.status === 201 ? received.headers.location : null
  const isDeleted = tokenUse.use === 'delete' && received.kind === 'answered' && [204, 404].includes(received.status)
  await inTransaction(async (tx) => {
    await addStep(tx, id, tokenUse.use, trace)
    const putCode = isDeleted ? null : /\/(\d{1,19})$/.exec(location ?? '')?.[1]
    if (putCode !== undefined) await tx.trial.updateMany({ where: { id }, data: { putCode } })
  })
  return null
}

async function findUsable(actor: StaffActor, id: string) {
  const found = await db().trial.findFirst({
    where: { id, staffId: actor.staffId, endedAt: null, expiresAt: { gt: new Date() } },
    select: { sealedAccessToken: true, orcid: true, putCode: true, _count: { select: { steps: true } } },
  })
  if (!found) return 'over'
  if (!found.sealedAccessToken) return 'no_token'
  if (found._count.steps >= trialStepsMax) return 'full'
  const token = keyRing().open(found.sealedAccessToken, trialAad(id, 'sealed_access_token'))
  return { token, orcid: found.orcid, putCode: found.putCode }
}

type Call = { method: 'GET' | 'POST' | 'DELETE'; path: string; body?: unknown }

function callOf(tokenUse: TokenUse, trial: { orcid: string | null; putCode: string | null }): Call | TrialProblem {
  // The client's own token belongs to no person, so the request must name the record.
  const orcid = trial.orcid ?? (tokenUse.use === 'read' ? tokenUse.orcid : undefined)
  if (!orcid) return 'no_token'
  switch (tokenUse.use) {
    case 'read':
      return { method: 'GET', path: `/${orcid}/record` }
    case 'section':
      return { method: 'GET', path: `/${orcid}/${tokenUse.section}` }
    case 'delete':
      return trial.putCode ? { method: 'DELETE', path: `/${orcid}/employment/${trial.putCode}` } : 'no_entry'
    case 'add': {
      const organisation = findOrganisation()
      if (!organisation) return 'settings'
      return { method: 'POST', path: `/${orcid}/employment`, body: toBody(makeEntry(), organisation, null) }
    }
  }
}

/** The title explains the entry in case nobody deletes it. */
const makeEntry = () => ({
  kind: 'employment' as const,
  externalId: `trial-${randomUUID().slice(0, 8)}`,
  title: 'Trial entry',
  department: null,
  startOn: String(new Date().getUTCFullYear()),
  endOn: null,
  url: null,
})

/** Ends the trial and revokes its token at once, to show it. The revocation job retries until ORCID confirms. */
export async function revokeTrialToken(actor: StaffActor, id: string): Promise<void> {
  const ended = await endTrial(actor, id)
  const client = ended && findClient(ended.clientId)
  if (!client) return
  const { token } = ended
  const { trace } = await sendTraced(revokeRequest(client, token), [client.clientSecret, token])
  await addStep(db(), id, 'revoke', trace)
}
