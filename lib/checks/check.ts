import type { Finding } from '@/lib/grants/grant'
import type { UserinfoOutcome } from '@/lib/orcid/userinfo'
import { withJitter } from '@/lib/rate-limit/backoff'

/** Further answers after a refusal: of the API to our own token, and of the authorization server. */
export type RefusalEvidence = { control: string; userinfo: string | null }

/** The conclusion of a check. A refusal is a suspicion until it is confirmed (decision 013). */
export type Judgement =
  | { finding: Exclude<Finding, 'record_deprecated' | 'withdrawn_at_orcid' | 'being_checked'> }
  | { finding: 'record_deprecated'; primaryOrcid: string | null }
  | { finding: 'refused'; witnesses: RefusalEvidence }

type Answer = { kind: string; primaryOrcid?: string | null }

/** Judges the answer to the grant's token. Null if ORCID refused the token: the control request must say why. */
export function judgeAnswer(answer: Answer): Judgement | null {
  switch (answer.kind) {
    case 'ok':
      return { finding: 'good' }
    case 'invalid_token':
      return null
    case 'insufficient_scope':
      return { finding: 'insufficient' }
    case 'wrong_record':
      return { finding: 'wrong_record' }
    default:
      return judgeRecord(answer) ?? { finding: 'unanswered' }
  }
}

/**
 * Judges the control request, sent with our own token after a refusal. A closed or merged record explains the refusal.
 * A refusal of our token, or no answer, means an outage. Null if ORCID accepts it: the person's token is at fault.
 */
export function judgeControl(control: Answer): Judgement | null {
  const aboutRecord = judgeRecord(control)
  if (aboutRecord && aboutRecord.finding !== 'record_locked') return aboutRecord
  const isAccepted = ['ok', 'locked', 'not_found', 'insufficient_scope', 'wrong_record'].includes(control.kind)
  return isAccepted ? null : { finding: 'unanswered' }
}

/**
 * Judges the authorization server's answer about a refused token. The person's iD clears the refusal, unless the
 * control request has a finding. No answer, or another iD, means a fault. Null for a 403, which has several causes, and
 * without `openid`.
 */
export function judgeUserinfo(userinfo: UserinfoOutcome | null, orcid: string, control: Answer): Judgement | null {
  if (userinfo?.kind === 'person' && userinfo.orcid === orcid) return judgeRecord(control) ?? { finding: 'good' }
  return userinfo === null || userinfo.kind === 'refused' ? null : { finding: 'unanswered' }
}

function judgeRecord(answer: Answer): Judgement | null {
  if (answer.kind === 'deprecated') {
    return { finding: 'record_deprecated', primaryOrcid: answer.primaryOrcid ?? null }
  }
  if (answer.kind === 'deactivated') return { finding: 'record_deactivated' }
  return answer.kind === 'locked' ? { finding: 'record_locked' } : null
}

/**
 * Derives a grant's moment in the interval from its id. So checks stay spread out after an outage, or after many
 * connections in one hour.
 */
export function nextCheckAt(grantId: string, intervalMs: number, now: Date): Date {
  const offsetMs = Number.parseInt(grantId.replaceAll('-', '').slice(0, 12), 16) % intervalMs
  const rounds = Math.floor((now.getTime() - offsetMs) / intervalMs) + 1
  return new Date(offsetMs + rounds * intervalMs)
}

const retryMs = { least: 5 * 60_000, most: 60 * 60_000 }

/** Waits as long as ORCID has not answered: at least five minutes, at most an hour, with jitter. */
export function nextTryAt(unansweredSince: Date | null, now: Date): Date {
  const unansweredMs = unansweredSince ? now.getTime() - unansweredSince.getTime() : 0
  const waitMs = Math.min(Math.max(unansweredMs, retryMs.least), retryMs.most)
  return new Date(now.getTime() + withJitter(waitMs))
}

/** A page triggers no new check within this time. */
export const freshForMs = 24 * 60 * 60_000

/** Lease: an unfinished check becomes due again after this. */
export const checkLeaseS = 5 * 60

/** Twice the limit of calls in flight: eight checks wait for ORCID while eight others write to the database. */
export const checksInFlight = 16

/** Length of one round; the next round follows at once. */
export const roundMs = 10_000
