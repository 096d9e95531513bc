import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { exchangeCodeRequest } from '@/lib/orcid/oauth'
import { listSteps, type Step } from '@/lib/trials/steps'
import { masked, toCurl, traceRequest } from '@/lib/trials/trace'

/** Additional data of a sealed column of a trial. */
export const trialAad = (row: string, column: 'sealed_url' | 'sealed_code' | 'sealed_access_token') => ({
  table: 'trial',
  row,
  column,
  registry: env().orcid.registry,
})

/** `isOver`: the trial sends no more requests. */
export type ShownTrial = {
  id: string
  isTwoLegged: boolean
  /** The authorization URL; null after the end and in two-legged trials. */
  url: string | null
  hasCode: boolean
  hasToken: boolean
  orcid: string | null
  scopes: string[]
  scopesAsked: string[]
  redirectUri: string | null
  putCode: string | null
  /** The exchange as a curl command; null after it was sent. */
  toSend: string | null
  /** The attempt's state: `exchanging` or `recovering` if the exchange's answer was lost. */
  state: string | null
  outcome: string | null
  startedAt: Date
  expiresAt: Date
  isOver: boolean
  steps: Step[]
}

/** The actor's own trial. */
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

/** The actor's newest trial that has not ended. */
export function findOpenTrial(actor: StaffActor): Promise<{ id: string; startedAt: Date } | null> {
  return db().trial.findFirst({
    where: { staffId: actor.staffId, endedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { startedAt: 'desc' },
    select: { id: true, startedAt: true },
  })
}
