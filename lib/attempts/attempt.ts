/** How long an attempt may take: registering at ORCID is longer than signing in. Cookies of the attempt live as long. */
export const attemptLifetimeS = 60 * 60

/** Recovery takes over an exchange this long after the claim, by the database's clock. */
export const recoveryAfterS = 60

/**
 * Recovery goes on for so long after the claim. ORCID has kept a code for a day at most: after that nothing can be
 * learned from it.
 */
export const recoveryForH = 25

/** Times of one callback, in milliseconds. Together they stay below `recoveryAfterS`. */
export const callbackTimes = { recordForMs: 20_000, recordPauseMs: 500, waitForMs: 15_000, waitPauseMs: 250 }

export type AttemptOutcome =
  | 'connected'
  | 'updated'
  | 'already_connected'
  | 'fewer'
  | 'different_id'
  | 'signed_in'
  | 'denied'
  | 'nothing_came_back'
  | 'expired'
  | 'code_expired'
  | 'orcid_refused'
  | 'orcid_unavailable'
  | 'not_saved'
  | 'narrowed'
  | 'answer_lost'
  | 'tried'

/** `narrow` is an attempt after which a person permits less; of a `trial` nothing is kept. */
export type AttemptPurpose = 'connect' | 'sign_in' | 'narrow' | 'trial'

/**
 * What the callback tells the browser: an outcome of the attempt, that it is not known yet, or how somebody came who is on no
 * attempt of this browser. Their `reference` is the request's.
 */
export type AttemptResult =
  | { kind: 'saved'; outcome: AttemptOutcome; orcid: string; name: string | null; sessionId: string; reference: string }
  | { kind: 'ended'; outcome: AttemptOutcome; reference: string }
  | { kind: 'already_used' | 'other_browser' | 'sent_by_orcid'; reference: string }
  | { kind: 'in_progress'; reference: string }
  /** Of a trial; its id only for whoever began it, in their own browser. */
  | { kind: 'tried'; reference: string; trialId: string | null; isRefused: boolean }

/** The part of an attempt that a callback works with. */
export type Attempt = {
  id: string
  reference: string
  purpose: AttemptPurpose
  clientId: string
  redirectUri: string
  scopesAsked: string[]
  startedById: string | null
}
