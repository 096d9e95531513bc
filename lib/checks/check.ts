import { withJitter } from '@/lib/backoff'
import type { Finding } from '@/lib/grants/grant'
import type { UserinfoOutcome } from '@/lib/orcid/userinfo'

/** What the witnesses said about a token that ORCID's API refused: the API to a token of ours, and the authorization server. */
export type Witnesses = { control: string; userinfo: string | null }

/** What a check makes of ORCID's answers. A refusal is a suspicion until it is confirmed (decision 026). */
export type Judgement =
  | { finding: Exclude<Finding, 'record_deprecated' | 'withdrawn_at_orcid' | 'being_checked'> }
  | { finding: 'record_deprecated'; primaryOrcid: string | null }
  | { finding: 'refused'; witnesses: Witnesses }

type Answer = { kind: string; primaryOrcid?: string | null }

/** What the answer to a grant's own token says. Null where a second question has to say why the token is not taken. */
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
 * What the control question says, asked after a refusal with a token of ours that depends on nobody: that the record was
 * closed or merged, whose tokens ORCID disables, or that ORCID is away, where our own token is refused or nothing comes
 * back. Null where ORCID understood it, so that the refusal was about the person's token.
 */
export function judgeControl(control: Answer): Judgement | null {
  const ofRecord = judgeRecord(control)
  if (ofRecord && ofRecord.finding !== 'record_locked') return ofRecord
  const wasUnderstood = ['ok', 'locked', 'not_found', 'insufficient_scope', 'wrong_record'].includes(control.kind)
  return wasUnderstood ? null : { finding: 'unanswered' }
}

/**
 * What the authorization server says about a token that the API refused. The person's own iD clears the refusal, and what
 * the control question found about the record stands; silence is an outage. Null where it says nothing: it answers 403 to several things, and knows no token without `openid`.
 */
export function judgeUserinfo(userinfo: UserinfoOutcome | null, orcid: string, control: Answer): Judgement | null {
  if (userinfo?.kind === 'person' && userinfo.orcid === orcid) return judgeRecord(control) ?? { finding: 'good' }
  return userinfo?.kind === 'unavailable' ? { finding: 'unanswered' } : null
}

function judgeRecord(answer: Answer): Judgement | null {
  if (answer.kind === 'deprecated') {
    return { finding: 'record_deprecated', primaryOrcid: answer.primaryOrcid ?? null }
  }
  if (answer.kind === 'deactivated') return { finding: 'record_deactivated' }
  return answer.kind === 'locked' ? { finding: 'record_locked' } : null
}

/**
 * When a grant is checked next: each has a moment of its own in the interval, told by its id, so that checks stay spread
 * over the whole interval however many people connect in one hour, and whatever an outage has delayed.
 */
export function nextCheckAt(grantId: string, intervalMs: number, now: Date): Date {
  const offsetMs = Number.parseInt(grantId.replaceAll('-', '').slice(0, 12), 16) % intervalMs
  const rounds = Math.floor((now.getTime() - offsetMs) / intervalMs) + 1
  return new Date(offsetMs + rounds * intervalMs)
}

const retryMs = { least: 5 * 60_000, most: 60 * 60_000 }

/** When a grant is asked about again that got no answer: after as long as it has been so, five minutes to an hour. */
export function nextTryAt(unansweredSince: Date | null, now: Date): Date {
  const forMs = unansweredSince ? now.getTime() - unansweredSince.getTime() : 0
  const waitMs = Math.min(Math.max(forMs, retryMs.least), retryMs.most)
  return new Date(now.getTime() + withJitter(waitMs))
}

/** What somebody who opens a page may find without another question to ORCID. */
export const freshForMs = 24 * 60 * 60_000

/** A check that was begun and not ended is due again after so many seconds: whoever began it is gone. */
export const checkLeaseS = 5 * 60

/**
 * How many checks are under way side by side. At most eight calls are in flight; while those wait for their slot and
 * for ORCID, as many others are being written down.
 */
export const checksInFlight = 16

/** How long one round of the sweep goes on; what is due then is for the next one, which follows at once. */
export const roundMs = 10_000
