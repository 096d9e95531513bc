import 'server-only'
import { z } from 'zod'
import { recoveryAfterS, recoveryForH } from '@/lib/attempts/attempt'
import { codeAad, endAttempt } from '@/lib/attempts/commands'
import { allOutcomes } from '@/lib/attempts/outcome'
import { SealError } from '@/lib/crypto/sealed'
import { db, Prisma, queryRows } from '@/lib/db'
import { findClient } from '@/lib/installation/client'
import { keyRing } from '@/lib/installation/commands'
import { log } from '@/lib/log'
import { exchangeCode } from '@/lib/orcid/oauth'
import { backoffMs } from '@/lib/rate-limit/backoff'

const lostExchange = z.object({
  id: z.string(),
  reference: z.string(),
  clientId: z.string(),
  redirectUri: z.string(),
  outcome: z.enum(allOutcomes).nullable(),
  sealedCode: z.string(),
  isOverdue: z.boolean(),
})
type LostExchange = z.infer<typeof lostExchange>

const recoveryBackoff = { firstMs: 15_000, maxMs: 30 * 60_000 }

const recoveriesInFlight = 10
const batchSize = 100

/**
 * Claims a lost exchange and schedules its next retry, so that no two processes try at once. Null if its callback may
 * still run, its retry is not due, or it has ended.
 */
async function claimForRecovery(attemptId: string): Promise<LostExchange | null> {
  const lost = await db().authorizationAttempt.findUnique({
    where: { id: attemptId },
    select: { recoveryTries: true },
  })
  if (!lost) return null
  const nextInS = backoffMs(lost.recoveryTries + 1, recoveryBackoff) / 1_000
  const [row] = await queryRows(
    db(),
    lostExchange,
    Prisma.sql`
    update authorization_attempt set state = 'recovering', recovery_tries = recovery_tries + 1,
      next_recovery_at = now() + make_interval(secs => ${nextInS}::double precision)
    where id = ${attemptId}::uuid and state in ('exchanging', 'recovering') and sealed_code is not null
      and claimed_at <= now() - make_interval(secs => ${recoveryAfterS}::double precision)
      and coalesce(next_recovery_at, claimed_at) <= now()
    returning id::text, reference, client_id as "clientId", redirect_uri as "redirectUri", outcome::text,
      sealed_code as "sealedCode",
      claimed_at <= now() - make_interval(hours => ${recoveryForH}::int) as "isOverdue"`,
  )
  return row ?? null
}

async function listLostExchanges(): Promise<string[]> {
  const rows = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`
    select id::text from authorization_attempt
    where state in ('exchanging', 'recovering')
      and claimed_at <= now() - make_interval(secs => ${recoveryAfterS}::double precision)
      and coalesce(next_recovery_at, claimed_at) <= now()
    order by coalesce(next_recovery_at, claimed_at) limit ${batchSize}`,
  )
  return rows.map(({ id }) => id)
}

/**
 * Recovers one exchange whose answer was lost: an unknown token may be live, and only the code leads to it. Sending the
 * code again makes ORCID disable its tokens; a token from this retry is revoked. Only ORCID's answer ends the attempt.
 * Without one, retries go on until 25 hours after the claim; then an error is logged. Idempotent.
 */
export async function recoverAttempt(attemptId: string): Promise<void> {
  const row = await claimForRecovery(attemptId)
  if (!row || (await recover(row))) return
  if (row.isOverdue) return endAsLost(row)
  log().warn({ attempt: row.reference }, 'failed to recover an exchange: no answer from ORCID, will retry')
}

/** Returns whether ORCID's answer ended the attempt. */
async function recover({ sealedCode, ...row }: LostExchange): Promise<boolean> {
  const code = openCode(row, sealedCode)
  const client = findClient(row.clientId)
  // ORCID refuses another client's credentials as if the code were invalid, and the token would stay live, unknown.
  if (!client)
    log().error({ attempt: row.reference }, 'failed to recover an exchange: its client is not in ORCID_RETIRED_CLIENTS')
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

/** Null if the key is missing; the configuration may get it back. */
function openCode({ id, reference }: Pick<LostExchange, 'id' | 'reference'>, sealedCode: string): string | null {
  try {
    return keyRing().open(sealedCode, codeAad(id))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    log().error({ attempt: reference, err: error }, 'failed to open the code of a lost exchange')
    return null
  }
}

/** Other refusals concern our credentials or ORCID's state, and disable no token. */
function isAboutTheCode({ status, error }: { status: number; error: string }): boolean {
  return status === 400 && ['invalid_grant', 'invalid_request'].includes(error)
}

async function endAsLost(row: LostExchange): Promise<void> {
  await endAttempt(row, ['recovering'], 'answer_lost')
  log().error(
    { attempt: row.reference, recoveryForH },
    'failed to recover an exchange: ORCID never answered, an unknown token may be live',
  )
}

/** Recovers all due exchanges. One failure does not stop the others. */
export async function recoverLostExchanges(): Promise<void> {
  const due = await listLostExchanges()
  for (let at = 0; at < due.length; at += recoveriesInFlight) {
    const tries = due
      .slice(at, at + recoveriesInFlight)
      .map((id) =>
        recoverAttempt(id).catch((error) =>
          log().warn({ attempt: id, err: error }, 'failed to recover an exchange, will retry'),
        ),
      )
    await Promise.all(tries)
  }
}
