import 'server-only'
import { system } from '@/lib/actor'
import { endAttempt } from '@/lib/attempts/commands'
import { dropSavedForm } from '@/lib/attempts/return-point'
import { recordEvent } from '@/lib/audit/commands'
import { dropPublicTokens } from '@/lib/calls/public-token'
import { env } from '@/lib/config/env'
import { db, inTransaction } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { endDisabledGrants } from '@/lib/grants/commands'
import { confirmDisabled } from '@/lib/grants/revoking'
import { keyRing, renewInstallation } from '@/lib/installation/commands'
import { recordSealedRows } from '@/lib/keys/counting'
import { readSealedRows } from '@/lib/keys/queries'
import { sealedTables } from '@/lib/keys/sealed-table'

const grantBatchSize = 100

export type KeyLossCounts = { grants: number; revocations: number; attempts: number }

/**
 * Drops all ciphertexts under a lost key. Grants end as withdrawn at ORCID, revocations count as confirmed, lost
 * exchanges as not saved; a lost canary and lookup key are replaced. Facts and history stay. Run it only after ORCID
 * has disabled the tokens: Concord can no longer revoke them. Idempotent, also after a crash.
 *
 * @throws AppError `conflict` for a key in the ring
 */
export async function dropLostKey(keyId: string): Promise<KeyLossCounts> {
  if (keyRing().keyIds.includes(keyId)) {
    throw new AppError('conflict', `The key "${keyId}" is in TOKEN_KEYS: it is not lost`)
  }
  const forgotten: KeyLossCounts = { grants: 0, revocations: 0, attempts: 0 }
  for await (const ids of lostRows('authorization_attempt', 'sealed_code', keyId)) {
    for (const id of ids) {
      const attempt = { id, clientId: env().orcid.clientId }
      if (await endAttempt(attempt, ['exchanging', 'recovering'], 'not_saved')) forgotten.attempts++
    }
  }
  // People at ORCID now can still sign in, and land on the default page.
  for await (const ids of lostRows('authorization_attempt', 'sealed_return', keyId)) {
    for (const id of ids) await dropSavedForm(id)
  }
  for await (const ids of lostRows('grant', 'sealed_access_token', keyId)) {
    for (let at = 0; at < ids.length; at += grantBatchSize) {
      forgotten.grants += await endDisabledGrants(ids.slice(at, at + grantBatchSize))
    }
  }
  for await (const ids of lostRows('revocation', 'sealed_token', keyId)) {
    forgotten.revocations += await confirmDisabled(ids)
  }
  for await (const ids of lostRows('client_token', 'sealed_access_token', keyId)) {
    await dropPublicTokens(ids)
  }
  // The plan's files wait for a new key pair.
  for await (const ids of lostRows('export_plan', 'sealed_private_key', keyId)) {
    await db().exportPlan.updateMany({ where: { id: { in: ids } }, data: { sealedPrivateKey: null } })
  }
  // A trial goes on without what it kept.
  for await (const ids of lostRows('trial_step', 'sealed_content', keyId)) {
    await db().trialStep.deleteMany({ where: { id: { in: ids } } })
  }
  for (const column of ['sealed_url', 'sealed_code', 'sealed_access_token']) {
    for await (const ids of lostRows('trial', column, keyId)) {
      const data = { sealedUrl: null, sealedCode: null, sealedAccessToken: null }
      await db().trial.updateMany({ where: { id: { in: ids } }, data })
    }
  }
  // Events wait until staff have made a new secret.
  for await (const ids of lostRows('webhook', 'sealed_secret', keyId)) {
    const failed = { state: 'failed', stateSince: new Date() } as const
    await db().webhook.updateMany({ where: { id: { in: ids }, state: 'on' }, data: failed })
    await db().webhook.updateMany({ where: { id: { in: ids } }, data: { sealedSecret: null } })
  }
  for await (const ids of lostRows('webhook', 'sealed_former_secret', keyId)) {
    await db().webhook.updateMany({ where: { id: { in: ids } }, data: { sealedFormerSecret: null } })
  }
  await finish(keyId, forgotten)
  await recordSealedRows()
  return forgotten
}

async function* lostRows(name: string, column: string, keyId: string): AsyncGenerator<string[]> {
  const table = sealedTables.find((each) => each.name === name)
  if (!table) return
  for await (const rows of readSealedRows({ ...table, columns: [column] }, { under: keyId }))
    yield rows.map(({ id }) => id)
}

async function finish(keyId: string, forgotten: KeyLossCounts): Promise<void> {
  let isCanaryLost = false
  for await (const rows of lostRows('installation', 'sealed_canary', keyId)) isCanaryLost ||= rows.length > 0
  if (!isCanaryLost && Object.values(forgotten).every((count) => count === 0)) return
  await inTransaction(async (tx) => {
    if (isCanaryLost) await renewInstallation(tx)
    await recordEvent(tx, system, { action: 'keys.forgotten', detail: { key: keyId, forgotten } })
  })
}
