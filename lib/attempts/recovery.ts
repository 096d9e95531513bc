import 'server-only'
import { type AttemptOutcome, type AttemptPurpose, recoveryAfterS } from '@/lib/attempts/attempt'
import { codePlace, endAttempt } from '@/lib/attempts/commands'
import { recoverNarrowing } from '@/lib/attempts/narrowing'
import { db } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { findClient } from '@/lib/installation/client'
import { keyRing } from '@/lib/installation/commands'
import { log } from '@/lib/log'
import { exchangeCode } from '@/lib/orcid/oauth'

export type Doubtful = {
  id: string
  reference: string
  clientId: string
  redirectUri: string
  /** The code that was presented or, of `narrow_in_place`, the refresh token. */
  code: string
  purpose: AttemptPurpose
  scopesAsked: string[]
  narrowsGrantId: string | null
  startedById: string | null
  outcome: AttemptOutcome | null
}

/**
 * Gives an exchange that was lost to recovery, with its code, and null while its callback may still be at work. May be
 * asked again until the attempt has ended.
 */
async function takeForRecovery(attemptId: string): Promise<Doubtful | null> {
  await db().$executeRaw`
    update authorization_attempt set state = 'recovering'
    where id = ${attemptId}::uuid and state = 'exchanging'
      and claimed_at <= now() - make_interval(secs => ${recoveryAfterS}::double precision)`
  const row = await db().authorizationAttempt.findFirst({
    where: { id: attemptId, state: 'recovering' },
    select: {
      id: true,
      reference: true,
      clientId: true,
      redirectUri: true,
      sealedCode: true,
      purpose: true,
      scopesAsked: true,
      narrowsGrantId: true,
      startedById: true,
      outcome: true,
    },
  })
  if (!row?.sealedCode) return null
  const { sealedCode, ...rest } = row
  return { ...rest, code: keyRing().open(sealedCode, codePlace(row.id)) }
}

/** Ids of exchanges that were lost and that recovery has still to end, oldest first. */
async function listLostExchanges(): Promise<string[]> {
  const rows = await db().$queryRaw<{ id: string }[]>`
    select id::text from authorization_attempt
    where state in ('exchanging', 'recovering')
      and claimed_at <= now() - make_interval(secs => ${recoveryAfterS}::double precision)
    order by claimed_at limit 100`
  return rows.map(({ id }) => id)
}

/**
 * Ends one exchange that a crash or a cut answer has lost. Perhaps a token lives that nobody knows, and its only handle
 * is the code: presented once more, on purpose, it makes ORCID disable what was issued from it. A token that comes of
 * this is revoked. Repeatable; only a definitive answer ends it.
 *
 * @throws AppError `orcid_unavailable` when ORCID gives no definitive answer, so that the job is tried again; `conflict`
 * while the configuration lacks the client that the code was issued to
 */
export async function recoverAttempt(attemptId: string): Promise<void> {
  const doubtful = await takeForRecovery(attemptId)
  if (!doubtful) return
  if (doubtful.purpose === 'narrow_in_place') return recoverNarrowing(doubtful)
  const client = findClient(doubtful.clientId)
  // Another client's credentials would be refused as if the code were the reason, and the token would live on unknown.
  if (!client)
    throw new AppError('conflict', 'The lost exchange is of a client that ORCID_RETIRED_CLIENTS does not have')
  const exchanged = await exchangeCode(client, { code: doubtful.code, redirectUri: doubtful.redirectUri })
  const outcome = doubtful.outcome ?? 'not_saved'
  const token =
    exchanged.kind === 'issued'
      ? exchanged.tokens.accessToken
      : exchanged.kind === 'unknown'
        ? exchanged.accessToken
        : null
  if (token) await endAttempt(doubtful, ['recovering'], outcome, { token, reason: 'recovered' })
  else if (exchanged.kind === 'refused' && isAboutTheCode(exchanged))
    await endAttempt(doubtful, ['recovering'], outcome)
  else throw new AppError('orcid_unavailable', `Recovery has no definitive answer: ${exchanged.kind}`)
  log().info({ attempt: doubtful.reference, answer: exchanged.kind }, 'a lost exchange was recovered')
}

/** Other refusals are about our credentials or about ORCID's own state: nothing was disabled by them. */
function isAboutTheCode({ status, error }: { status: number; error: string }): boolean {
  return status === 400 && ['invalid_grant', 'invalid_request'].includes(error)
}

/** Recovers everything that was lost and is due, for jobs that a crash cut short. One failure does not stop the rest. */
export async function recoverLostExchanges(): Promise<void> {
  for (const id of await listLostExchanges()) {
    await recoverAttempt(id).catch((error) => log().warn({ attempt: id, err: error }, 'recovery will be tried again'))
  }
}
