import 'server-only'
import { type AttemptOutcome, recoveryAfterS, recoveryForH } from '@/lib/attempts/attempt'
import { codeAad, endAttempt } from '@/lib/attempts/commands'
import { backoffMs } from '@/lib/backoff'
import { SealError } from '@/lib/crypto/sealed'
import { db } from '@/lib/db'
import { findClient } from '@/lib/installation/client'
import { keyRing } from '@/lib/installation/commands'
import { log } from '@/lib/log'
import { exchangeCode } from '@/lib/orcid/oauth'

/** An exchange whose answer was lost. */
type LostRow = {
  id: string
  reference: string
  clientId: string
  redirectUri: string
  outcome: AttemptOutcome | null
  sealedCode: string
  isOverdue: boolean
}

/** How long recovery waits after each try of an attempt. */
const recoveryBackoff = { firstMs: 15_000, maxMs: 30 * 60_000 }

const triedAtOnce = 10
const perRoundMax = 100

/**
 * Gives a lost exchange to recovery, and the next try its time, so that each has its turn and no two try at once. Null
 * while its callback may still be at work, before the next try is due, and once it has ended.
 */
async function takeForRecovery(attemptId: string): Promise<LostRow | null> {
  const lost = await db().authorizationAttempt.findUnique({
    where: { id: attemptId },
    select: { recoveryTries: true },
  })
  if (!lost) return null
  const nextInS = backoffMs(lost.recoveryTries + 1, recoveryBackoff) / 1_000
  const [row] = await db().$queryRaw<LostRow[]>`
    update authorization_attempt set state = 'recovering', recovery_tries = recovery_tries + 1,
      next_recovery_at = now() + make_interval(secs => ${nextInS}::double precision)
    where id = ${attemptId}::uuid and state in ('exchanging', 'recovering') and sealed_code is not null
      and claimed_at <= now() - make_interval(secs => ${recoveryAfterS}::double precision)
      and coalesce(next_recovery_at, claimed_at) <= now()
    returning id::text, reference, client_id as "clientId", redirect_uri as "redirectUri", outcome::text,
      sealed_code as "sealedCode",
      claimed_at <= now() - make_interval(hours => ${recoveryForH}::int) as "isOverdue"`
  return row ?? null
}

/** Ids of lost exchanges whose next try is due, those that have waited longest first. */
async function listLostExchanges(): Promise<string[]> {
  const rows = await db().$queryRaw<{ id: string }[]>`
    select id::text from authorization_attempt
    where state in ('exchanging', 'recovering')
      and claimed_at <= now() - make_interval(secs => ${recoveryAfterS}::double precision)
      and coalesce(next_recovery_at, claimed_at) <= now()
    order by coalesce(next_recovery_at, claimed_at) limit ${perRoundMax}`
  return rows.map(({ id }) => id)
}

/**
 * Tries to end one exchange that a crash, a cut answer or somebody else's answer has lost. Perhaps a token lives that
 * nobody knows, and its only handle is the code: presented once more, on purpose, it makes ORCID disable what was issued
 * from it. A token that comes of this is revoked. Only ORCID's own answer ends it; without one it is tried again, until
 * 25 hours after the claim, and then staff are told. Repeatable.
 */
export async function recoverAttempt(attemptId: string): Promise<void> {
  const row = await takeForRecovery(attemptId)
  if (!row || (await recover(row))) return
  if (row.isOverdue) return giveUp(row)
  log().warn({ attempt: row.reference }, 'recovery has no answer of ORCID and will be tried again')
}

/** Whether ORCID's answer has ended it. */
async function recover({ sealedCode, ...row }: LostRow): Promise<boolean> {
  const code = openCode(row, sealedCode)
  const client = findClient(row.clientId)
  // Another client's credentials would be refused as if the code were the reason, and the token would live on unknown.
  if (!client)
    log().error({ attempt: row.reference }, 'a lost exchange is of a client that ORCID_RETIRED_CLIENTS lacks')
  if (!client || code === null) return false
  const exchanged = await exchangeCode(client, { code, redirectUri: row.redirectUri })
  const outcome = row.outcome ?? 'not_saved'
  const token =
    exchanged.kind === 'issued'
      ? exchanged.tokens.accessToken
      : exchanged.kind === 'unknown'
        ? exchanged.accessToken
        : null
  if (token) await endAttempt(row, ['recovering'], outcome, { token, reason: 'recovered' })
  else if (exchanged.kind === 'refused' && isAboutTheCode(exchanged)) await endAttempt(row, ['recovering'], outcome)
  else return false
  log().info({ attempt: row.reference, answer: exchanged.kind }, 'a lost exchange was recovered')
  return true
}

/** Null where the key is missing, which may come back into the configuration. */
function openCode({ id, reference }: Pick<LostRow, 'id' | 'reference'>, sealedCode: string): string | null {
  try {
    return keyRing().open(sealedCode, codeAad(id))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    log().error({ attempt: reference, err: error }, 'a lost exchange cannot be opened')
    return null
  }
}

/** Other refusals are about our credentials or about ORCID's own state: nothing was disabled by them. */
function isAboutTheCode({ status, error }: { status: number; error: string }): boolean {
  return status === 400 && ['invalid_grant', 'invalid_request'].includes(error)
}

async function giveUp(row: LostRow): Promise<void> {
  await endAttempt(row, ['recovering'], 'answer_lost')
  log().error(
    { attempt: row.reference, recoveryForH },
    'ORCID never said what became of an exchange: a token may live that nobody knows',
  )
}

/** Tries everything that was lost and is due. One failure does not stop the rest. */
export async function recoverLostExchanges(): Promise<void> {
  const due = await listLostExchanges()
  for (let at = 0; at < due.length; at += triedAtOnce) {
    const tries = due
      .slice(at, at + triedAtOnce)
      .map((id) =>
        recoverAttempt(id).catch((error) => log().warn({ attempt: id, err: error }, 'recovery will be tried again')),
      )
    await Promise.all(tries)
  }
}
