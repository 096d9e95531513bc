import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { exchangeCodeRequest } from '@/lib/orcid/oauth'
import { listSteps, type Step } from '@/lib/trials/steps'
import { masked, toCurl, traceRequest } from '@/lib/trials/trace'

export const trialAad = (row: string, column: 'sealed_url' | 'sealed_code' | 'sealed_access_token') => ({
  table: 'trial',
  row,
  column,
  registry: env().orcid.registry,
})

/** A trial as its page shows it. `isOver`: no more requests are made. */
export type ShownTrial = {
  id: string
  isTwoLegged: boolean
  /** The authorization URL; null once the trial is over, and without a person. */
  url: string | null
  hasCode: boolean
  hasToken: boolean
  orcid: string | null
  scopes: string[]
  scopesAsked: string[]
  redirectUri: string | null
  putCode: string | null
  /** What the exchange will send, as a command; null where it was sent. */
  toSend: string | null
  /** Of the attempt: `exchanging` and `recovering` while the answer of the exchange is lost. */
  state: string | null
  outcome: string | null
  startedAt: Date
  expiresAt: Date
  isOver: boolean
  steps: Step[]
}

/** One's own trial, or null. */
export async function findTrial(actor: StaffActor, id: string): Promise<ShownTrial | null> {
  const found = await db().trial.findFirst({
    where: { id, staffId: actor.staffId },
    select: {
      id: true,
      clientId: true,
      attemptId: true,
      sealedUrl: true,
      sealedCode: true,
      sealedAccessToken: true,
      orcid: true,
      scopes: true,
      putCode: true,
      startedAt: true,
      expiresAt: true,
      endedAt: true,
      attempt: { select: { state: true, outcome: true, scopesAsked: true, redirectUri: true } },
    },
  })
  if (!found) return null
  const { attempt, attemptId, clientId, sealedUrl, sealedCode, sealedAccessToken, endedAt, ...shown } = found
  return {
    ...shown,
    isTwoLegged: attemptId === null,
    url: sealedUrl && keyRing().open(sealedUrl, trialAad(id, 'sealed_url')),
    hasCode: sealedCode !== null,
    hasToken: sealedAccessToken !== null,
    scopesAsked: attempt?.scopesAsked ?? [],
    redirectUri: attempt?.redirectUri ?? null,
    toSend: attempt?.state === 'started' ? showExchange(clientId, attempt.redirectUri) : null,
    state: attempt?.state ?? null,
    outcome: attempt?.outcome ?? null,
    isOver: endedAt !== null || shown.expiresAt <= new Date(),
    steps: await listSteps(id),
  }
}

function showExchange(clientId: string, redirectUri: string): string {
  const client = { issuer: env().orcid.issuer, clientId, clientSecret: masked }
  return toCurl(traceRequest(exchangeCodeRequest(client, { code: masked, redirectUri }), []))
}

/** The newest of one's own trials that is under way, to go on with. */
export function findOpenTrial(actor: StaffActor): Promise<{ id: string; startedAt: Date } | null> {
  return db().trial.findFirst({
    where: { staffId: actor.staffId, endedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { startedAt: 'desc' },
    select: { id: true, startedAt: true },
  })
}
