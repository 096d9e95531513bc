import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseEnv } from '@/lib/config/env'
import { formatFaults } from '@/lib/config/fault'
import { closePool } from '@/lib/db'
import { findHold } from '@/lib/installation/restore-detection'
import { applyRetention } from '@/lib/retention/commands'
import { type RetentionKind, retentionDays } from '@/lib/retention/retention'
import { fail } from '@/scripts/failure'

const heldMessage = 'Nothing was removed: this database was restored and is held. Release it first (docs/backups.md).'

// `npm run retention`: what the job of the same name does each night, now. With --dry-run it only counts.
if (existsSync('.env')) process.loadEnvFile('.env')
const parsed = parseEnv()
if ('faults' in parsed) {
  console.error(formatFaults(parsed.faults))
  process.exit(1)
}
try {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
  if (!values['dry-run'] && (await findHold())) throw new Error(heldMessage)
  const counts = await applyRetention({ dryRun: values['dry-run'] })
  for (const [kind, count] of Object.entries(counts)) {
    const kept =
      kind === 'leavers'
        ? `kept for ${parsed.env.leavers.keepMonths} months`
        : `kept for ${retentionDays[kind as RetentionKind]} days`
    console.log(`${kind.padEnd(16)}${String(count).padStart(8)} ${values['dry-run'] ? 'would go' : 'gone'}, ${kept}`)
  }
} catch (error) {
  fail(error)
} finally {
  await closePool()
}
