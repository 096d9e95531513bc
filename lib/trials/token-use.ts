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

/** Asks for a token of the client's own, of no person, and gives the id of the trial that it belongs to. */
export async function startTwoLeggedTrial(actor: StaffActor, requestId: string): Promise<string> {
  await proveSealing()
  const { clientId } = env().orcid
  const client = findClient(clientId)
  if (!client) throw new Error('The configured client is not there')
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
  const unread = outcome.kind === 'unknown' ? outcome.accessToken : null
  try {
    await inTransaction(async (tx) => {
      await addStep(tx, id, 'exchange', trace)
      if (unread) await requestRevocation(tx, actor, { token: unread, clientId, reason: 'trial' })
      if (!token) return
      const sealedAccessToken = keyRing().seal(token, trialAad(id, 'sealed_access_token'))
      await tx.trial.update({ where: { id }, data: { sealedAccessToken, scopes: ['/read-public'] } })
    })
  } catch (error) {
    if (token ?? unread) await revokeNow(clientId, token ?? unread ?? '')
    throw error
  }
  return id
}

/** Uses the trial's token once at ORCID's API. Gives why nothing was sent, or null. */
export async function callWithTrialToken(
  actor: StaffActor,
  id: string,
  wanted: TokenUse,
): Promise<TrialProblem | null> {
  const trial = await findUsable(actor, id)
  if (typeof trial === 'string') return trial
  const call = callOf(wanted, trial)
  if (typeof call === 'string') return call
  const { received, trace } = await callTraced(actor, { ...call, token: trial.token })
  const location = received.kind === 'answered' && received.status === 201 ? received.headers.location : null
  const isDeleted = wanted.use === 'delete' && received.kind === 'answered' && [204, 404].includes(received.status)
  await inTransaction(async (tx) => {
    await addStep(tx, id, wanted.use, trace)
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

function callOf(wanted: TokenUse, trial: { orcid: string | null; putCode: string | null }): Call | TrialProblem {
  // A token of the client's own is nobody's: whose record is read has to be said.
  const orcid = trial.orcid ?? (wanted.use === 'read' ? wanted.orcid : undefined)
  if (!orcid) return 'no_token'
  switch (wanted.use) {
    case 'read':
      return { method: 'GET', path: `/${orcid}/record` }
    case 'section':
      return { method: 'GET', path: `/${orcid}/${wanted.section}` }
    case 'delete':
      return trial.putCode ? { method: 'DELETE', path: `/${orcid}/employment/${trial.putCode}` } : 'no_entry'
    case 'add': {
      const organisation = findOrganisation()
      if (!organisation) return 'settings'
      return { method: 'POST', path: `/${orcid}/employment`, body: toBody(makeEntry(), organisation, null) }
    }
  }
}

/** An employment that says of itself what it is, in case nobody deletes it. */
const makeEntry = () => ({
  kind: 'employment' as const,
  externalId: `trial-${randomUUID().slice(0, 8)}`,
  title: 'Trial entry',
  department: null,
  startOn: String(new Date().getUTCFullYear()),
  endOn: null,
  url: null,
})

/** Ends the trial. Its token is revoked here and now, to show it, and by the revocation job, which does not give up. */
export async function revokeTrialToken(actor: StaffActor, id: string): Promise<void> {
  const ended = await endTrial(actor, id)
  const client = ended && findClient(ended.clientId)
  if (!client) return
  const { token } = ended
  const { trace } = await sendTraced(revokeRequest(client, token), [client.clientSecret, token])
  await addStep(db(), id, 'revoke', trace)
}
