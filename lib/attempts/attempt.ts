import type { AttemptOutcome } from '@/lib/attempts/outcome'

/** Lifetime of an attempt and its cookies. Registering at ORCID takes longer than signing in. */
export const attemptLifetimeS = 60 * 60

/** Recovery may take over an exchange this long after the claim, by the database's clock. */
export const recoveryAfterS = 60

/** Recovery stops this long after the claim: ORCID keeps a code for a day at most. */
export const recoveryForH = 25

/** Timeouts of one callback. Together they stay below `recoveryAfterS`. */
export const callbackTimes = { recordForMs: 20_000, recordPauseMs: 500, waitForMs: 15_000, waitPauseMs: 250 }

/** `narrow` reduces what a person allows; a `trial` saves no grant. */
export type AttemptPurpose = 'connect' | 'sign_in' | 'narrow' | 'trial'

/** The callback's result. Without an attempt of this browser, `reference` is the request's. */
export type AttemptResult =
  | { kind: 'saved'; outcome: AttemptOutcome; orcid: string; name: string | null; sessionId: string; reference: string }
  | { kind: 'ended'; outcome: AttemptOutcome; reference: string }
  | { kind: 'already_used' | 'other_browser' | 'sent_by_orcid'; reference: string }
  | { kind: 'in_progress'; reference: string }
  /** Only the browser that began the trial gets its id. */
  | { kind: 'tried'; reference: string; trialId: string | null; isRefused: boolean }

/** What led to an attempt: a campaign's page, a personal link. */
export type AttemptOrigin = {
  campaignId: string | null
  invitationId: string | null
  linkId: string | null
  /** On a computer that many people use: its session is over when it begins. */
  atDesk: boolean
}

/** Whether a campaign or a personal link led to an attempt. */
export const isAsked = ({ campaignId, invitationId }: Pick<AttemptOrigin, 'campaignId' | 'invitationId'>) =>
  campaignId !== null || invitationId !== null

/** How long a computer at a desk can show how the last attempt ended. */
export const deskOutcomeS = 120

export const noOrigin: AttemptOrigin = { campaignId: null, invitationId: null, linkId: null, atDesk: false }

export type Attempt = {
  id: string
  reference: string
  purpose: AttemptPurpose
  clientId: string
  redirectUri: string
  scopesAsked: string[]
  startedById: string | null
}
